import CallTrees

/// What one pass over the rows of a run gathers; runs have thousands of rows, and a long recording thousands of runs.
struct RunScan {
  /// Rows of each function that the catalogue knows as a caller, in order; the first `callerLimit` of each.
  private(set) var callers: [String: [Int]] = [:]
  /// Rows of each function that the catalogue knows as a stage's own, by function index, in order.
  private(set) var own: [UInt32: [Int]] = [:]
  /// Rows of calls below the per-CPU compatibility check, where some stage functions run a second time; in order, none in another.
  private(set) var repeats: [Range<Int>] = []
  private(set) var openCalls = 0
  private(set) var mendedCalls = 0
  private(set) var lossInside = false
  private(set) var unresolvedFunctions = 0
  private(set) var maxDepth = 0

  /// A caller of stages runs once in a load, or once on each CPU. What a trace has more of was made to keep us busy: every stage is looked
  /// for below each of them.
  private static let callerLimit = 8192

  private static let repeatRoots: Set<String> = [
    "kvm_x86_check_cpu_compat", "kvm_x86_check_processor_compatibility", "check_processor_compat", "kvm_arch_check_processor_compat",
    "vmx_check_processor_compat", "svm_check_processor_compat",
  ]

  /// What is to be known of each function of a recording, prepared once.
  struct Traits {
    static let caller: UInt8 = 1
    static let own: UInt8 = 2
    static let repeatRoot: UInt8 = 4
    static let unresolved: UInt8 = 8

    fileprivate let ofFunction: [UInt8]

    init(_ recording: Recording, names: FunctionNames) {
      var traits = recording.functions.map { $0.name == nil || $0.doubt != nil ? Self.unresolved : 0 }
      for (wanted, trait) in [
        (Catalogue.callers, Self.caller), (Catalogue.ownFunctions, Self.own), (RunScan.repeatRoots, Self.repeatRoot),
      ] {
        names.forEachIndex(of: wanted) { traits[$0] |= trait }
      }
      ofFunction = traits
    }
  }

  /// - Parameter roles: names by place, which stand above those of the functions.
  init(_ tree: CallTree, rows: Range<Int>, names: FunctionNames, traits: Traits, roles: [Int: String]) {
    var roleRows = roles.keys.filter(rows.contains).sorted()[...]
    var unresolved: Set<UInt32> = []
    var deepest: UInt16 = 0
    var seenFlags: CallFlags = []
    traits.ofFunction.withUnsafeBufferPointer { traits in
      tree.calls.withUnsafeBufferPointer { calls in
        for row in rows.clamped(to: calls.indices) {
          let call = calls[row]
          deepest = max(deepest, call.depth)
          if !call.flags.isEmpty {
            seenFlags.formUnion(call.flags)
            if call.flags.contains(.open) { openCalls += 1 }
            if !call.flags.isDisjoint(with: .mended) { mendedCalls += 1 }
          }
          let id = call.function.index
          let trait = Int(id) < traits.count ? traits[Int(id)] : Traits.unresolved
          let hasRole = roleRows.first == row
          if trait != 0 || hasRole {
            if hasRole { roleRows.removeFirst() }
            if trait & Traits.unresolved != 0 { unresolved.insert(id) }
            note(row, id: id, trait: trait, role: hasRole ? roles[row] : nil, tree: tree, names: names)
          }
        }
      }
    }
    maxDepth = Int(deepest)
    lossInside = seenFlags.contains(.lossInside)
    unresolvedFunctions = unresolved.count
  }

  private mutating func note(_ row: Int, id: UInt32, trait: UInt8, role: String?, tree: CallTree, names: FunctionNames) {
    if trait & Traits.repeatRoot != 0, !(repeats.last?.contains(row) ?? false) { repeats.append(tree.subtree(of: row)) }
    if trait & Traits.own != 0 { own[id, default: []].append(row) }
    if let role {
      callers[role, default: []].append(row)
    } else if trait & Traits.caller != 0, let name = names[FunctionID(index: id)], !isRepeat(row),
      callers[name, default: []].count < Self.callerLimit
    {
      callers[name, default: []].append(row)
    }
  }

  /// Whether `row` lies below a compatibility check.
  func isRepeat(_ row: Int) -> Bool {
    let place = repeats.partitionPoint { $0.upperBound > row }
    return place < repeats.count && repeats[place].lowerBound < row
  }
}

extension Catalogue {
  /// Every function that some stage has as its caller.
  static let callers: Set<String> = Set(stages.flatMap { $0.forms.flatMap(\.parents) })
  /// Every function of a stage's own whose name is telling wherever it is called.
  static let ownFunctions: Set<String> = Set(
    stages.flatMap { $0.forms.flatMap { form in form.markers.filter { $0.role == .own && $0.isTelling }.map(\.function) } })
}

extension Marker {
  /// Whether the function is KVM's: no one else calls it.
  var isTelling: Bool { module != nil || function.utf8.contains { $0 == UInt8(ascii: "k") } && function.contains("kvm") }
}
