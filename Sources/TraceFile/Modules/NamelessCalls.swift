import CallTrees

/// The functions of a recording that have an address and no name to be trusted, and the inits of modules in which they were called.
struct NamelessCalls {
  /// A function's calls, all taken together.
  struct Function {
    /// Index in `Recording.functions`.
    var index: Int
    var address: UInt64
    /// Indices of the functions that call it; of those that it calls, interrupts aside.
    var callers: Set<Int> = []
    var callees: Set<Int> = []
    /// Indices in `inits` of those that hold calls of it.
    var inits: Set<Int> = []
    /// There are calls outside of any init.
    var isCalledElsewhere = false
  }

  /// The call of a module's init function by the loader.
  struct Init {
    var task: Int
    var rows: Range<Int>
    var start: UInt64
    var end: UInt64
    /// Index of the init function in `Recording.functions`.
    var function: Int
  }

  private(set) var functions: [Int: Function] = [:]
  private(set) var inits: [Init] = []
  /// The indices of `do_one_initcall`.
  private(set) var loaders: Set<Int> = []
  /// By init function: those that were called in its inits and nowhere else, in the order of their addresses.
  private(set) var byInit: [Int: [Function]] = [:]
  /// Without times, what runs on other CPUs belongs to no init.
  private let hasTimes: Bool

  private static let initLimit = 200

  init(_ recording: Recording) {
    hasTimes = recording.hasTimes
    let kernel = Self.kernel(recording)
    for (index, function) in recording.functions.enumerated() {
      if function.trustedName == "do_one_initcall" { loaders.insert(index) }
      guard let address = function.address, function.trustedName == nil, kernel.map({ !$0.contains(address) }) ?? true else { continue }
      functions[index] = Function(index: index, address: address)
    }
    guard !functions.isEmpty else { return }
    for task in recording.tasks.indices { findInits(in: task, of: recording) }
    for task in recording.tasks.indices { takeCalls(of: task, in: recording) }
    groupByInit()
  }

  /// The addresses between which the kernel's own functions lie.
  private static func kernel(_ recording: Recording) -> ClosedRange<UInt64>? {
    let own = recording.functions.filter { $0.module == nil && $0.trustedName != nil }.compactMap(\.address)
    guard let low = own.min(), let high = own.max() else { return nil }
    return low...high
  }

  private mutating func findInits(in task: Int, of recording: Recording) {
    let tree = recording.tasks[task].tree
    for row in tree.calls.indices where loaders.contains(Int(tree.calls[row].function.index)) && inits.count < Self.initLimit {
      let children = tree.children(of: row).filter { child in
        let call = tree.calls[child]
        return !call.flags.contains(.interrupt) && !call.flags.contains(.sleep) && recording.kind(call.function) == .ordinary
      }
      let called = Set(children.map { Int(tree.calls[$0].function.index) })
      let nameless = called.filter { functions[$0] != nil }
      let ofModules = called.filter { recording.functions.indices.contains($0) && recording.functions[$0].module != nil }
      // The loader also calls functions of the kernel here, for its events: those have names and no module.
      guard let function = nameless.count == 1 ? nameless.first : ofModules.count == 1 && nameless.isEmpty ? ofModules.first : nil else {
        continue
      }
      let call = tree.calls[row]
      let (end, overflow) = call.start.addingReportingOverflow(call.measuredDuration ?? 0)
      inits.append(
        Init(
          task: task, rows: tree.subtree(of: row), start: call.start, end: overflow || call.measuredDuration == nil ? .max : end,
          function: function))
    }
  }

  private mutating func takeCalls(of task: Int, in recording: Recording) {
    let tree = recording.tasks[task].tree
    for row in tree.calls.indices {
      let call = tree.calls[row]
      let index = Int(call.function.index)
      let parent = Int(call.parent)
      let caller = parent >= 0 && !call.flags.contains(.depthGap) ? Int(tree.calls[parent].function.index) : nil
      if let caller, functions[caller] != nil, !call.flags.contains(.interrupt), !call.flags.contains(.sleep) {
        functions[caller]?.callees.insert(index)
      }
      guard functions[index] != nil else { continue }
      if let caller { functions[index]?.callers.insert(caller) }
      let holding = inits.indices.filter { holds($0, task: task, row: row, call) }
      functions[index]?.inits.formUnion(holding)
      if holding.isEmpty { functions[index]?.isCalledElsewhere = true }
    }
  }

  private mutating func groupByInit() {
    for function in functions.values.sorted(by: { $0.address < $1.address }) where !function.isCalledElsewhere {
      let callers = Set(function.inits.map { inits[$0].function })
      if callers.count == 1, let only = callers.first { byInit[only, default: []].append(function) }
    }
  }

  private func holds(_ index: Int, task: Int, row: Int, _ call: Call) -> Bool {
    if inits[index].task == task { return inits[index].rows.contains(row) }
    guard hasTimes, let start = call.knownStart else { return false }
    return inits[index].start <= start && start <= inits[index].end
  }
}
