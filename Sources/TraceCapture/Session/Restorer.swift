import Glibc

/// Puts back what a journal says was changed.
public struct Restorer {
  /// Files that read otherwise than before, although they were written back: path, before, and now.
  public struct Difference: Sendable, Hashable {
    public var file: String
    public var before: String
    public var now: String

    /// What nothing brings back, and means the same: a ring buffer that was never used reads `7 (expanded: 1408)`.
    public var isHarmless: Bool { file == "buffer_size_kb" && before.contains("(expanded: ") }
  }

  private let journal: Journal
  private let top: TracefsDirectory
  private let instance: TracefsDirectory?

  /// - Throws: `unavailable` when tracefs is not mounted where the recording was made.
  public init(_ journal: Journal) throws(CaptureError) {
    guard Self.isMounted(journal.top) else {
      throw CaptureError(
        .unavailable, "tracefs is no longer mounted on \(journal.top): what the recording changed there is not undone",
        remedy: "mount -t tracefs tracefs \(journal.top), and then: kvm-inittrace doctor --restore")
    }
    self.journal = journal
    top = try TracefsDirectory(top: journal.top)
    instance = try? TracefsDirectory(top: journal.top, instance: RecordingPlan.instanceName)
  }

  /// Puts everything back, in the reverse order of the changes. It can be done again, and after a part of the changes only.
  ///
  /// - Returns: what could not be put back.
  public func restore() -> [Difference] {
    // The instance goes first: a probe that it has enabled cannot be removed.
    if journal.hasInstance { removeInstance() }
    // First of all a recording stops the top buffer, if it uses that: one that was killed before has not touched it.
    if journal.has("tracing_on") { try? top.write(["0\n"], to: "tracing_on", replacing: true) }
    for entry in journal.entries.reversed() { undo(entry) }
    removeProbes()
    if journal.has("current_tracer") { clearBuffer() }
    return differences()
  }

  static func isMounted(_ top: String) -> Bool { access(top + "/current_tracer", F_OK) == 0 }

  private func undo(_ entry: Journal.Entry) {
    switch entry {
    case .instance, .module: break
    case .file(let name, let rule, let original):
      guard (try? top.read(name)) != original, let texts = rule.texts(restoring: original) else { return }
      try? top.write(texts, to: name, replacing: true)
    case .probe(let event): try? top.write(["-:\(RecordingPlan.probeGroup)/\(event)\n"], to: "kprobe_events", replacing: false)
    }
  }

  /// Takes away the probes of the recording's group that are still there: a journal that is lost may have named more of them.
  private func removeProbes() {
    let left = ownProbes
    // One that is switched on cannot be removed.
    if !left.isEmpty { try? top.write(["0\n"], to: PlanApplier.probeSwitch, replacing: true) }
    for event in left.compactMap(Self.event) { undo(.probe(event: event)) }
  }

  private var ownProbes: [Substring] { (try? top.read("kprobe_events"))?.split(separator: "\n").filter(Self.isOwnProbe) ?? [] }

  /// Switches the tracer and the events off, so that nothing uses the instance, then removes it.
  private func removeInstance() {
    guard let instance else { return }
    try? instance.write(["0\n"], to: "tracing_on", replacing: true)
    try? instance.write(["nop\n"], to: "current_tracer", replacing: true)
    try? instance.write([], to: "set_event", replacing: true)
    // Somebody may be reading one of its files just now.
    var tries = 20
    while rmdir(instance.path) != 0, errno == EBUSY, tries > 0 {
      tries -= 1
      usleep(50_000)
    }
  }

  /// What is left of the recording in the ring buffer, which was empty before or was given up by the user.
  private func clearBuffer() { try? top.write([], to: "trace", replacing: true) }

  private func differences() -> [Difference] {
    guard Self.isMounted(top.path) else { return [Difference(file: top.path, before: "tracefs", now: "not mounted")] }
    var found: [Difference] = []
    // What is gone, with its module, cannot differ.
    for case .file(let name, let rule, let original) in journal.entries where top.exists(name) {
      let now = try? top.read(name)
      if now.map({ rule.isSame($0, as: original) }) != true {
        found.append(Difference(file: name, before: original.trimmed, now: now?.trimmed ?? "not to be read"))
      }
    }
    if let line = ownProbes.first {
      found.append(Difference(file: "kprobe_events", before: "", now: String(line)))
    }
    if journal.hasInstance, access(top.path + "/instances/" + RecordingPlan.instanceName, F_OK) == 0 {
      found.append(Difference(file: "instances/" + RecordingPlan.instanceName, before: "", now: "still there"))
    }
    return found
  }
}

extension Restorer {
  /// `r16:kvm_inittrace/r_vmx_init kvm_intel:vmx_init …`: newer kernels put the number of instances behind the letter.
  private static func isOwnProbe(_ line: Substring) -> Bool {
    line.split(separator: ":", maxSplits: 1).last?.hasPrefix(RecordingPlan.probeGroup + "/") ?? false
  }

  /// The name of one: between the group and the function.
  private static func event(_ line: Substring) -> String? {
    line.split(separator: "/", maxSplits: 1).last?.split(separator: " ").first.map(String.init)
  }
}

extension Journal {
  var hasInstance: Bool { entries.contains(.instance) }

  /// Whether a file of the top directory was changed.
  func has(_ name: String) -> Bool {
    entries.contains {
      if case .file(name, _, _) = $0 { true } else { false }
    }
  }
}
