extension Stage {
  /// The forms that `vendor` has, from old to new.
  public func forms(for vendor: Vendor) -> [StageForm] {
    guard vendors.contains(vendor) else { return [] }
    return forms.filter { $0.fits(vendor) }.sorted { $0.versions.since < $1.versions.since }
  }

  /// Why a kernel does not have the stage: `new in 6.12`, `removed in 5.12`, `since 6.19 static per-CPU data …`, `only on Intel`.
  ///
  /// Empty when the kernel has it.
  public func absence(on version: KernelVersion, for vendor: Vendor) -> String {
    let forms = forms(for: vendor)
    if forms.isEmpty { return "only on " + vendors.map(\.title).joined(separator: ", ") }
    if forms.contains(where: { $0.versions.contains(version) }) { return "" }
    if let next = forms.first(where: { $0.versions.since > version }) { return "new in \(next.versions.since)" }
    guard let end = forms.compactMap(\.versions.until).max() else { return "" }
    return successor.map { "since \(end) \($0)" } ?? "removed in \(end)"
  }
}
