/// The documented stages and flows, as data. Rows are in the `Catalogue+….swift` files.
public enum Catalogue {
  /// The stage with `id`, or nil.
  public static func stage(_ id: String) -> Stage? { stagesByID[id] }

  /// The flow of a kernel version for a vendor, by version alone.
  public static func flow(on version: KernelVersion, for vendor: Vendor) -> Flow? {
    flows.first { flow in flow.order[vendor] != nil && flow.ranges.contains { $0.contains(version) } }
  }

  /// What shows the stages, in all of their forms.
  package static let markers = stages.flatMap { $0.forms.flatMap(\.markers) }

  private static let stagesByID = Dictionary(stages.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}
