import KVMStages

/// The sentences and short forms in which stages are described, the same in every format.
enum StagesWording {
  /// The oldest kernel whose sources the catalogue covers.
  static let oldest = KernelVersion(4, 19)

  /// `all`, `6.12+`, `<6.3`, `5.4 - <5.17`; `*` marks gaps inside the range.
  static func span(of forms: [StageForm]) -> String {
    let sorted = forms.map(\.versions).sorted { $0.since < $1.since }
    guard let since = sorted.first?.since else { return "none" }
    let isOpen = sorted.contains { $0.until == nil }
    let end = isOpen ? nil : sorted.compactMap(\.until).max()
    return span(since, end) + (hasGap(sorted) ? " *" : "")
  }

  private static func span(_ since: KernelVersion, _ end: KernelVersion?) -> String {
    switch (since <= oldest, end) {
    case (true, nil): "all"
    case (true, let end?): "<\(end)"
    case (false, nil): "\(since)+"
    case (false, let end?): "\(since) - <\(end)"
    }
  }

  private static func hasGap(_ sorted: [VersionRange]) -> Bool {
    var reached = sorted.first?.since
    for range in sorted {
      if let end = reached, range.since > end { return true }
      if let end = reached { reached = range.until.map { max($0, end) } }
    }
    return false
  }

  /// `all`, `x86`, `x86 arm64`, `Intel`.
  static func vendors(_ vendors: [Vendor]) -> String {
    if Set(vendors) == Set(Vendor.allCases) { return "all" }
    var names = vendors.filter { !vendors.contains(.intel) || !vendors.contains(.amd) || ($0 != .intel && $0 != .amd) }.map(\.title)
    if names.count < vendors.count { names.insert("x86", at: 0) }
    return names.joined(separator: " ")
  }

  /// One word or two for a table.
  static func short(_ form: StageForm) -> String {
    let seen =
      switch form.visibility {
      case .call: "call"
      case .proxy: "proxy"
      case .otherCPUs: "other CPUs"
      case .none: "not visible"
      }
    let mayBeSkipped = !form.presence.isRequired && form.isSeen
    return mayBeSkipped ? seen + ", optional" : seen
  }

  /// `Intel: ` before a cause that only some vendors have.
  static func whose(_ cause: Cause) -> String { cause.vendors.isEmpty ? "" : vendors(cause.vendors) + ": " }

  static func visible(_ visibility: Visibility) -> String {
    switch visibility {
    case .call: "as a call of its own"
    case .proxy: "through functions that it calls: its own is inlined"
    case .otherCPUs: "only on other CPUs or in kernel threads"
    case .none: "not at all"
    }
  }

  static func presence(_ form: StageForm) -> String {
    guard case .conditional(let condition) = form.presence else { return "always" }
    return condition.hasPrefix("plain stores") ? "always, by " + condition : "if " + condition
  }

  /// `kvm_irqfd_init [kvm]`, with the least number of calls where that matters.
  static func function(_ marker: Marker) -> String {
    let module = marker.module.map { " [\($0)]" } ?? ""
    return marker.function + module + (marker.minimumCalls > 1 ? " (\(marker.minimumCalls) calls or more)" : "")
  }

  static func functions(of form: StageForm, _ roles: Set<Marker.Role>) -> String {
    form.markers.filter { roles.contains($0.role) }.map(function).joined(separator: ", ")
  }

  /// Field names and texts of a form, in the order in which they are shown; empty ones are left out.
  static func facts(of form: StageForm) -> [(name: String, text: String)] {
    let all = [
      ("called by", form.parents.joined(separator: ", ")),
      ("function", functions(of: form, [.own, .proxy])),
      ("below it", functions(of: form, [.child])),
      ("elsewhere", functions(of: form, [.remote])),
      ("visible", visible(form.visibility)),
      ("runs", presence(form)),
      ("fails with", form.failure.isIgnored ? "any error, which KVM ignores" : form.failure.returns.joined(separator: "; ")),
      ("log", form.failure.logs.joined(separator: "\n")),
      ("then calls", form.failure.unwind.joined(separator: ", ")),
      ("note", form.note),
      ("source", form.source),
    ]
    return all.filter { !$0.1.isEmpty }
  }

  static let causesHeading = "Why it fails, and what to do"

  /// ` (EIO, ENOMEM)`, or nothing.
  static func errnos(of cause: Cause) -> String { cause.errnos.isEmpty ? "" : " (\(cause.errnos.joined(separator: ", ")))" }

  /// Pieces of the kernel's log, each in quotes.
  static func log(of cause: Cause) -> String { cause.logPieces.map { "\"\($0)\"" }.joined(separator: ", ") }

  /// `6.12 and later`, `4.19 to before 6.3, Intel`.
  static func heading(of form: StageForm, in stage: Stage) -> String {
    let versions = extent(form.versions)
    let limited = !form.vendors.isEmpty && Set(form.vendors) != Set(stage.vendors)
    return limited ? versions + ", " + vendors(form.vendors) : versions
  }

  /// `6.12 and later`, `4.19 to before 6.3`.
  static func extent(_ range: VersionRange) -> String {
    range.until.map { "\(range.since) to before \($0)" } ?? "\(range.since) and later"
  }

  /// Which kernels and vendors have the stage, as a sentence.
  static func extent(of stage: Stage) -> String {
    var groups: [(kernels: String, vendors: [Vendor])] = []
    for vendor in stage.vendors {
      let kernels = kernels(of: stage.forms(for: vendor))
      if let index = groups.firstIndex(where: { $0.kernels == kernels }) {
        groups[index].vendors.append(vendor)
      } else {
        groups.append((kernels, [vendor]))
      }
    }
    let texts = groups.map { "\($0.kernels) on \(names($0.vendors))" }
    return "Kernels: \(texts.joined(separator: "; "))\(replacement(of: stage))."
  }

  private static func names(_ vendors: [Vendor]) -> String {
    vendors.count == Vendor.allCases.count ? "all vendors" : vendors.map(\.title).joined(separator: ", ")
  }

  /// What took the stage's place, where no vendor has it any more.
  private static func replacement(of stage: Stage) -> String {
    let ends = stage.vendors.compactMap { stage.forms(for: $0).last?.versions.until }
    guard ends.count == stage.vendors.count, let end = ends.max(), let successor = stage.successor else { return "" }
    return "; since \(end) \(successor)"
  }

  private static func kernels(of forms: [StageForm]) -> String {
    let sorted = forms.map(\.versions).sorted { $0.since < $1.since }
    var joined: [VersionRange] = []
    for range in sorted {
      guard let last = joined.last, last.until.map({ range.since <= $0 }) ?? true else {
        joined.append(range)
        continue
      }
      if let end = last.until { joined[joined.count - 1].until = range.until.map { max($0, end) } }
    }
    return joined.map(extent).joined(separator: ", ")
  }
}
