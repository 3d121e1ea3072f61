/// The order of the stages in a family of kernels.
public struct Flow: Hashable, Sendable, Identifiable {
  /// A stage that stands elsewhere in some of the flow's kernels.
  struct Move: Hashable, Sendable {
    var stage: String
    /// The stage before which it runs there, or nil: it is the last one.
    var before: String?
    var versions: [VersionRange]

    init(_ stage: String, before: String?, on versions: [VersionRange]) {
      self.stage = stage
      self.before = before
      self.versions = versions
    }
  }

  /// `legacy`, `legacy-misc-last`, `hybrid-6.1`, `vendor-first`, `virt-at-load`, `virt-at-load-618`, `core-virt`, `arm64-old`, …
  public var id: String
  public var title: String
  public var ranges: [VersionRange]
  /// Stage ids in the order of execution, per vendor.
  public var order: [Vendor: [String]]
  var moves: [Move]

  init(_ id: String, title: String, ranges: [VersionRange], order: [Vendor: [String]], moves: [Move] = []) {
    self.id = id
    self.title = title
    self.ranges = ranges
    self.order = order
    self.moves = moves
  }

  /// The ids of the vendor's stages in the order of a kernel version, whether it has them or not.
  func ids(on version: KernelVersion, for vendor: Vendor) -> [String] {
    var ids = order[vendor] ?? []
    for move in moves where move.versions.contains(where: { $0.contains(version) }) {
      guard let old = ids.firstIndex(of: move.stage) else { continue }
      ids.remove(at: old)
      ids.insert(move.stage, at: move.before.flatMap(ids.firstIndex) ?? ids.endIndex)
    }
    return ids
  }

  /// The stages that a kernel version has, in the order in which it runs them; empty when the flow does not know the vendor.
  public func stages(on version: KernelVersion, for vendor: Vendor) -> [Stage] {
    ids(on: version, for: vendor).compactMap(Catalogue.stage).filter { $0.form(on: version, for: vendor) != nil }
  }
}
