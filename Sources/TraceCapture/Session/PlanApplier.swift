import Glibc

/// Saves what a plan will change, then changes it.
public struct PlanApplier {
  private let plan: RecordingPlan
  private let top: TracefsDirectory
  /// Steps that were left out because the kernel refused them, with the reason.
  public private(set) var refused: [(step: PlanStep, error: CaptureError)] = []

  /// Told of each step.
  private let trace: (String) -> Void

  public init(_ plan: RecordingPlan, top: TracefsDirectory, trace: @escaping (String) -> Void = { _ in }) {
    self.plan = plan
    self.top = top
    self.trace = trace
  }

  /// The journal entries of all steps, read before anything is changed.
  ///
  /// - Throws: `unavailable` also when something could not be put back.
  /// Files of the instance need none, they go with it, unless the top directory shares them.
  public func entries() throws(CaptureError) -> [Journal.Entry] {
    var entries: [Journal.Entry] = []
    for step in plan.steps {
      switch step.action {
      case .makeInstance: entries.append(.instance)
      case .write(let file, _, let rule):
        guard file.place == .top || Self.isShared(file) else { continue }
        if let original = try original(of: file.name, isOptional: step.isOptional) {
          try Self.check(original, of: file.name, rule, in: top)
          entries.append(.file(file.name, rule: rule, original: original))
        }
      case .addProbes(let probes): entries += probes.map { .probe(event: $0.event) }
      }
    }
    return entries
  }

  /// Whether what a file holds can be written back.
  static func check(_ original: String, of file: String, _ rule: RestoreRule, in top: TracefsDirectory) throws(CaptureError) {
    guard rule.texts(restoring: original) == nil else { return }
    throw CaptureError(
      .unavailable, "\(file) reads '\(original.trimmed)', which cannot be put back after a recording",
      remedy: rule == .size
        ? "give the ring buffers of all CPUs one size first: echo 1408 > \(top.path)/\(file)"
        : "write one of its values to \(top.path)/\(file)")
  }

  /// Options of the function_graph tracer itself: up to 6.18 an instance's are those of the top directory (7.3 has them apart).
  private static func isShared(_ file: TracefsFile) -> Bool {
    file.name.hasPrefix("options/funcgraph-") || file.name == "options/sleep-time"
  }

  /// What a file holds before the recording. The switch of a group of probes is not there before they are defined: it is off.
  private func original(of file: String, isOptional: Bool) throws(CaptureError) -> String? {
    do {
      return try top.read(file)
    } catch {
      if file == Self.probeSwitch { return "0\n" }
      if isOptional { return nil }
      throw error
    }
  }

  static let probeSwitch = "events/\(RecordingPlan.probeGroup)/enable"

  /// Makes the changes. A refusal of an optional step is kept in `refused`.
  ///
  /// - Returns: the directory of the recording's events.
  public mutating func apply() throws(CaptureError) -> TracefsDirectory {
    var instance: TracefsDirectory?
    for step in plan.steps {
      do throws(CaptureError) {
        switch step.action {
        case .makeInstance: instance = try makeInstance()
        case .write(let file, let texts, let rule):
          trace("writing \(file)")
          try write(texts, to: file.name, rule: rule, in: file.place == .top ? top : instance ?? top)
        case .addProbes(let probes):
          trace("defining \(probes.count) return probes")
          try addProbes(probes, step)
        }
      } catch {
        guard step.isOptional else { throw error }
        refused.append((step, error))
      }
    }
    return instance ?? top
  }

  private func makeInstance() throws(CaptureError) -> TracefsDirectory {
    let path = top.path + "/instances/" + RecordingPlan.instanceName
    guard mkdir(path, 0o750) == 0 || errno == EEXIST else {
      throw .system("make", path, errno: errno, remedy: "run as root; kvm-inittrace doctor tells what else may be in the way")
    }
    return try TracefsDirectory(top: top.path, instance: RecordingPlan.instanceName)
  }

  /// Leaves alone what reads as wanted already: some files do work, or forget, when they are written to.
  private func write(_ texts: [String], to file: String, rule: RestoreRule, in place: TracefsDirectory) throws(CaptureError) {
    if let now = try? place.read(file), rule.texts(restoring: now) == texts { return }
    try place.write(texts, to: file, replacing: true)
  }

  /// Defines all probes at once; where the kernel refuses one of them, one by one.
  private mutating func addProbes(_ probes: [RecordingTargets.Probe], _ step: PlanStep) throws(CaptureError) {
    if (try? top.write([probes.map(\.definition).joined()], to: "kprobe_events", replacing: false)) != nil { return }
    for probe in probes {
      do {
        try top.write([probe.definition], to: "kprobe_events", replacing: false)
      } catch {
        guard !isDefined(probe) else { continue }
        refused.append((PlanStep(.addProbes([probe]), isOptional: true), error))
      }
    }
  }

  /// Those before the refused one of a text with several are there already.
  private func isDefined(_ probe: RecordingTargets.Probe) -> Bool {
    top.exists("events/\(RecordingPlan.probeGroup)/\(probe.event)/format")
  }
}
