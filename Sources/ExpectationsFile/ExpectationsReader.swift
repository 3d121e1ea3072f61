import KVMStages

/// Turns a document into expectations. What it does not know is an error: a misspelt key would be an expectation that never breaks.
struct ExpectationsReader {
  static let schema = "kvm-inittrace/expectations"
  static let version = 1
  private let read: NodeReader

  private static let rootKeys = ["schema", "version", "expect"]
  static let setKeys = [
    "name", "generated", "module", "vendor", "kernel", "traces", "verdict", "failure", "stages", "duration", "functions", "lost_events",
    "runs", "tolerate",
  ]
  private static let modules = ["kvm_intel", "kvm_amd", "kvm"]
  /// A set for each machine of a large fleet; every trace is held against every set.
  private static let setLimit = 10_000

  init(path: String) { read = NodeReader(path: path) }

  func expectations(_ root: DocumentNode) throws(ExpectationsError) -> Expectations {
    let entries = try read.entries(root, "the file")
    try check(entries, keys: Self.rootKeys, "the file")
    guard let schema = root["schema"] else { throw read.error(root, "the key schema is missing; begin with: schema: \(Self.schema)") }
    guard try read.text(schema, "schema") == Self.schema else {
      throw read.error(schema, "schema is \(schema.kind), so these are no expectations; they have: schema: \(Self.schema)")
    }
    guard let version = root["version"] else { throw read.error(root, "the key version is missing; write: version: \(Self.version)") }
    guard try read.number(version, "version") == Self.version else {
      throw read.error(version, "version \(version.kind) is not known; this program knows version \(Self.version)")
    }
    guard let expect = root["expect"] else { throw read.error(root, "the key expect is missing: the list of expectations") }
    var sets: [ExpectationSet] = []
    let nodes = try read.items(expect, "expect")
    guard nodes.count <= Self.setLimit else { throw read.error(expect, "\(nodes.count) sets; \(Self.setLimit) are the most") }
    for node in nodes { sets.append(try set(node)) }
    guard !sets.isEmpty else { throw read.error(expect, "expect is empty, so nothing is checked; write a set, or use --update") }
    return Expectations(path: read.path, sets: sets)
  }

  private func check(_ entries: [DocumentNode.Entry], keys: [String], _ what: String) throws(ExpectationsError) {
    for entry in entries where !keys.contains(entry.key.text ?? "") { throw read.unknown(entry.key, in: what, known: keys) }
  }

  // MARK: a set

  private func set(_ node: DocumentNode) throws(ExpectationsError) -> ExpectationSet {
    let entries = try read.entries(node, "a set of expectations")
    try check(entries, keys: Self.setKeys, "a set of expectations")
    var set = ExpectationSet(line: node.line)
    for entry in entries {
      let key = entry.key.text ?? ""
      set.lines[key] = entry.key.line
      switch key {
      case "module", "vendor", "kernel", "traces": try condition(key, entry.value, of: &set)
      default: try expectation(key, entry.value, of: &set)
      }
    }
    let conditions = ["name", "generated", "module", "vendor", "kernel", "traces", "tolerate"]
    guard set.lines.keys.contains(where: { !conditions.contains($0) }) else {
      throw read.error(node, "this set expects nothing; write at least a verdict")
    }
    return set
  }

  private func condition(_ key: String, _ value: DocumentNode, of set: inout ExpectationSet) throws(ExpectationsError) {
    var traces: [String] = []
    for node in try read.oneOrMore(value, key) {
      let text = try read.text(node, key)
      switch key {
      case "module":
        // Both spellings name the module.
        let name = String(text.map { $0 == "-" ? "_" : $0 })
        guard Self.modules.contains(name) else {
          throw read.error(node, "'\(text)' is no module with a run of its own: \(Self.modules.joined(separator: ", "))")
        }
        if !set.modules.contains(name) { set.modules.append(name) }
      case "vendor":
        let vendor = try read.word(node, "vendor", of: Vendor.self)
        if !set.vendors.contains(vendor) { set.vendors.append(vendor) }
      case "kernel":
        guard let kernel = KernelCondition(text) else {
          throw read.error(node, "'\(text)' is no condition on a kernel; write it as 6.12, 6.1.20, or \">=6.3 <6.12\"")
        }
        set.kernels.append(kernel)
      default: traces.append(text)
      }
    }
    if !traces.isEmpty { set.traces = PathPatterns(traces) }
  }

  private func expectation(_ key: String, _ value: DocumentNode, of set: inout ExpectationSet) throws(ExpectationsError) {
    switch key {
    case "name": set.name = try read.text(value, key)
    case "generated":
      guard ["true", "false"].contains(try read.text(value, key)) else { throw read.error(value, "generated must be true or false") }
    case "verdict":
      for node in try read.oneOrMore(value, key) {
        let verdict = try read.word(node, "verdict", of: Verdict.self)
        // Each result quotes the list.
        if !set.verdicts.contains(verdict) { set.verdicts.append(verdict) }
      }
    case "failure": set.failure = try failure(value)
    case "stages":
      for entry in try read.entries(value, key) {
        let stage = try stage(entry)
        if set.stages.contains(where: { $0.stage == stage.stage }) {
          throw read.error(entry.key, "the stage \(stage.stage) is here a second time")
        }
        set.stages.append(stage)
      }
    case "duration": set.maxDuration = try read.limit(value, key)
    case "functions": try functions(value, of: &set)
    case "lost_events": set.maxLostEvents = UInt64(try read.number(value, key))
    case "runs": set.runs = try read.number(value, key)
    default: try tolerate(value, of: &set)
    }
  }

  // MARK: parts of a set

  private func failure(_ node: DocumentNode) throws(ExpectationsError) -> FailureExpectation {
    var failure = FailureExpectation()
    let keys = ["stage", "errno", "function"]
    for entry in try read.entries(node, "failure") {
      switch entry.key.text {
      case "stage": failure.stage = try read.stage(entry.value)
      case "errno":
        let name = try read.text(entry.value, "errno")
        guard ErrnoName.code(name) != nil else { throw read.error(entry.value, "'\(name)' is no error's name; write it as EOPNOTSUPP") }
        failure.errno = name
      case "function": failure.function = try function(entry.value)
      default: throw read.unknown(entry.key, in: "failure", known: keys)
      }
    }
    guard failure != FailureExpectation() else { throw read.error(node, "failure is empty: \(keys.joined(separator: ", "))") }
    return failure
  }

  private func stage(_ entry: DocumentNode.Entry) throws(ExpectationsError) -> StageExpectation {
    var stage = StageExpectation(stage: try read.stage(entry.key), line: entry.key.line)
    guard case .map(let entries) = entry.value.content else {
      stage.statuses = try statuses(entry.value)
      return stage
    }
    let keys = ["status", "max", "calls"]
    for entry in entries {
      switch entry.key.text {
      case "status": stage.statuses = try statuses(entry.value)
      case "max": stage.maxDuration = try read.limit(entry.value, "max")
      case "calls": stage.calls = try calls(entry.value)
      default: throw read.unknown(entry.key, in: "a stage", known: keys)
      }
    }
    guard !entries.isEmpty else { throw read.error(entry.value, "nothing is expected of this stage: \(keys.joined(separator: ", "))") }
    return stage
  }

  private func statuses(_ node: DocumentNode) throws(ExpectationsError) -> [StageStatus] {
    var statuses: [StageStatus] = []
    for item in try read.oneOrMore(node, "status") {
      let status = try read.word(item, "status of a stage", of: StageStatus.self)
      if !statuses.contains(status) { statuses.append(status) }
    }
    return statuses
  }

  /// `4`, or `{min: 1, max: 4}`.
  private func calls(_ node: DocumentNode) throws(ExpectationsError) -> ClosedRange<Int> {
    guard case .map(let entries) = node.content else {
      let number = try read.number(node, "calls")
      return number...number
    }
    var (least, most) = (0, Int.max)
    for entry in entries {
      switch entry.key.text {
      case "min": least = try read.number(entry.value, "min")
      case "max": most = try read.number(entry.value, "max")
      default: throw read.unknown(entry.key, in: "calls", known: ["min", "max"])
      }
    }
    guard least <= most else { throw read.error(node, "min is greater than max: no number of calls is right") }
    return least...most
  }

  private func functions(_ node: DocumentNode, of set: inout ExpectationSet) throws(ExpectationsError) {
    for entry in try read.entries(node, "functions") {
      var patterns: [FunctionPattern] = []
      switch entry.key.text {
      case "required", "forbidden":
        for item in try read.oneOrMore(entry.value, "functions") { patterns.append(try function(item)) }
      default: throw read.unknown(entry.key, in: "functions", known: ["required", "forbidden"])
      }
      if entry.key.text == "required" { set.requiredFunctions = patterns } else { set.forbiddenFunctions = patterns }
    }
  }

  private func function(_ node: DocumentNode) throws(ExpectationsError) -> FunctionPattern {
    let text = try read.text(node, "a function")
    let pattern = FunctionPattern(text, line: node.line)
    let isName = pattern.name.utf8.allSatisfy { byte in
      UnicodeScalar(byte).properties.isAlphabetic && byte < 0x80 || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte
    }
    guard !pattern.name.isEmpty, isName, text.contains(" ") == (pattern.module != nil) else {
      throw read.error(node, "'\(text)' is no function's name; write kvm_init, or kvm_init [kvm]")
    }
    return pattern
  }

  private func tolerate(_ node: DocumentNode, of set: inout ExpectationSet) throws(ExpectationsError) {
    for item in try read.oneOrMore(node, "tolerate") {
      if let status = StageStatus(rawValue: item.text ?? "") {
        set.toleratedStatuses.insert(status)
      } else {
        set.toleratedStages.insert(try read.stage(item))
      }
    }
  }
}
