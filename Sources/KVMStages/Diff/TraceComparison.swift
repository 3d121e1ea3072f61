import CallTrees

/// What the recordings of two sides have in common, and what therefore can be compared.
struct TraceComparison {
  let before: DiffSide
  let after: DiffSide

  init(_ before: DiffSide, _ after: DiffSide) { (self.before, self.after) = (before, after) }

  /// How a recording was made, as far as it decides which calls are in it.
  private static func manner(_ run: RunDigest) -> String {
    switch run.source.recorder?.detail {
    case nil, .full: "all functions"
    case .kvm: "--detail kvm"
    case .stages: "--detail stages"
    case .custom: "functions of the user's choice"
    }
  }

  private var manners: (Set<String>, Set<String>) { (Set(before.runs.map(Self.manner)), Set(after.runs.map(Self.manner))) }

  private var mannerText: String? {
    let (old, new) = manners
    guard old != new || old.count > 1 else { return nil }
    if old == new { return "each side mixes recordings of \(old.sorted().joined(separator: " and "))" }
    return "recorded with \(old.sorted().joined(separator: " and ")) before, and \(new.sorted().joined(separator: " and ")) after"
  }

  /// Why the calls cannot be compared, or nil.
  var callsMissing: String? {
    if let mannerText { return mannerText }
    for (side, word) in [(before, "before"), (after, "after")] {
      if let reason = side.runs.lazy.compactMap({ $0.calls == nil ? $0.callsMissing : nil }).first { return "\(reason) (\(word))" }
      if side.runs.contains(where: { $0.run.integrity.lostEvents > 0 }) { return "events were lost \(word)" }
    }
    for (side, word) in [(before, "before"), (after, "after")] {
      let isNameless = side.runs.contains { run in
        !run.knowsModules && run.run.integrity.unresolvedFunctions > 0 && (run.calls?.nodes.count(where: \.isOwn) ?? 0) <= 1
      }
      if isNameless { return Self.nameless(word) }
    }
    if Set((before.runs + after.runs).map(\.knowsModules)).count > 1 { return unnamedModules }
    return roots.count > 1 && commonRoot == nil ? "the recordings begin at different functions" : nil
  }

  /// Why one side only names the modules of its functions.
  private var unnamedModules: String {
    let sides = [(before, "before"), (after, "after")]
    let isGone = sides.first { side, _ in
      side.runs.contains { !$0.knowsModules && $0.source.kind != .traceCmdText && $0.run.integrity.unresolvedFunctions > 0 }
    }
    if let isGone { return Self.nameless(isGone.1) }
    let isText = (before.runs + after.runs).contains { !$0.knowsModules && $0.source.kind == .traceCmdText }
    return "one side does not name the modules of functions" + (isText ? ", as text of trace-cmd report" : "")
  }

  /// The module was freed before the symbols were read.
  private static func nameless(_ word: String) -> String {
    "the functions of the module have no names \(word): give them with --module-dir /lib/modules/RELEASE of that kernel, or record the load "
      + "with 'kvm-inittrace record'"
  }

  /// Functions that the recorded calls hang below.
  private var roots: Set<String> { Set((before.runs + after.runs).compactMap { $0.calls?.nodes.first.map { Self.step($0.name) } }) }

  /// The init functions of the vendors are one place, whatever their names.
  private static func step(_ name: String) -> String { Catalogue.initFunctions.contains(name) ? "init" : name }

  /// The function that one of the recordings begins at, where they begin at different ones and all have it.
  var commonRoot: String? {
    guard roots.count > 1 else { return nil }
    let runs = before.runs + after.runs
    return roots.sorted().first { root in runs.allSatisfy { $0.calls?.below(root) != nil } }
  }

  /// The calls of a side, from the place on that both sides have.
  func calls(of side: DiffSide) -> [CallPaths] {
    let paths = side.runs.compactMap(\.calls)
    return commonRoot.map { root in paths.compactMap { $0.below(root) } } ?? paths
  }

  /// Why the times cannot be compared, or nil.
  var timesMissing: String? {
    if let mannerText { return mannerText + ": what is recorded takes time" }
    let recorders = (before.runs + after.runs).map { $0.source.recorder == nil }
    return Set(recorders).count > 1 ? "one side was recorded by another tool, whose own work takes another time" : nil
  }

  // MARK: facts

  /// The facts that differ, in the order in which a reader wants them. What one side does not tell is no difference.
  var configuration: [ConfigurationChange] {
    var changes: [ConfigurationChange] = []
    func add(_ name: String, isSet: Bool = false, _ value: (RunDigest) -> String?) {
      let old = Self.agreed(before.runs.map(value))
      let new = Self.agreed(after.runs.map(value))
      if old != new, isSet || (old != nil && new != nil) { changes.append(ConfigurationChange(name: name, before: old, after: new)) }
    }
    add("kernel") { $0.source.kernel }
    add("machine") { $0.source.machine }
    add("CPU") { $0.source.recorder?.cpuModel }
    add("microcode") { $0.source.recorder?.microcode }
    add("CPUs") { $0.source.kind.countsCPUs ? $0.source.cpus.map(String.init) : nil }
    guard before.runs.allSatisfy({ $0.source.recorder != nil }), after.runs.allSatisfy({ $0.source.recorder != nil }) else {
      return changes
    }
    add("kernel command line") { $0.source.recorder?.kernelCommandLine }
    for name in parameters {
      add("parameter \(name)", isSet: true) { run in
        run.source.recorder?.parameters.first { "\($0.module).\($0.name)" == name }?.value
      }
    }
    return changes
  }

  private var parameters: [String] {
    Set((before.runs + after.runs).flatMap { $0.source.recorder?.parameters ?? [] }.map { "\($0.module).\($0.name)" }).sorted()
  }

  /// The value of all, or all values of a side whose runs differ.
  private static func agreed(_ values: [String?]) -> String? {
    let known = Set(values.compactMap { $0 })
    return known.isEmpty ? nil : known.sorted().joined(separator: ", ")
  }
}

extension TraceKind {
  /// Whether the trace tells how many CPUs the machine has; of text, only those are known whose events are shown.
  fileprivate var countsCPUs: Bool { self == .traceCmdV6 || self == .traceCmdV7 }
}
