/// What is asked of a module's file for each of many functions: it is found when it is first asked for.
final class ModuleLookup {
  let file: ModuleFile
  let budget: MatchingBudget
  private var reaches: [Int: ModuleCode.Reach] = [:]
  private var pointedTo: [ModuleLayout.Area: Int] = [:]
  private lazy var placesInPage = Dictionary(grouping: file.entries(in: .core).keys.sorted()) { $0 % ModuleLayout.pageSize }

  init(_ file: ModuleFile, budget: MatchingBudget) {
    self.file = file
    self.budget = budget
  }

  /// What the function with this index can call; nothing when the budget is spent.
  func reach(_ index: Int) -> ModuleCode.Reach {
    if let reach = reaches[index] { return reach }
    guard !budget.isSpent else { return ModuleCode.Reach() }
    let reach = file.code.reach(index)
    budget.take(reach.steps)
    reaches[index] = reach
    return reach
  }

  /// The places in the area that stays at which functions are entered, of those that lie in a page where `address` does; ascending.
  func places(inPageAs address: UInt64) -> [UInt64] { placesInPage[address % ModuleLayout.pageSize] ?? [] }

  /// How many functions of an area can be called by a pointer.
  func pointedTo(in area: ModuleLayout.Area) -> Int {
    if let count = pointedTo[area] { return count }
    let count = file.entries(in: area).values.count { file.code.functions[$0].isPointedTo }
    pointedTo[area] = count
    return count
  }
}

/// Steps that may still be taken to lay the modules' files over a recording. What was made to cost time is given up on.
final class MatchingBudget {
  /// A load of kvm and of its vendor's module takes some ten thousand.
  private var steps = 4_000_000

  var isSpent: Bool { steps == 0 }

  /// False: there are not so many left, and now there are none.
  @discardableResult
  func take(_ count: Int) -> Bool {
    guard count <= steps else {
      steps = 0
      return false
    }
    steps -= count
    return true
  }
}

/// Which of a file's functions the callers of a function can call.
struct CallerRules {
  private let lookup: ModuleLookup
  /// The function is in each of these sets.
  private var sets: [Set<Int>] = []
  /// It is in each of these, too, or can be called by a pointer.
  private var setsOrPointers: [Set<Int>] = []
  private var needsPointer = false

  init(_ lookup: ModuleLookup) { self.lookup = lookup }

  /// The loader calls the init function, and nothing else of a module.
  mutating func addLoader() { sets.append(lookup.file.code.initFunction.map { [$0] } ?? []) }

  /// A function of the file.
  mutating func add(_ caller: Int) {
    let reach = lookup.reach(caller)
    if reach.callsPointers { setsOrPointers.append(reach.functions) } else { sets.append(reach.functions) }
  }

  /// What is none of the module's calls it by a pointer.
  mutating func addOther() { needsPointer = true }

  /// Sets that are looked into for a function.
  private var steps: Int { 1 + sets.count + setsOrPointers.count }

  private func allow(_ index: Int) -> Bool {
    guard sets.allSatisfy({ $0.contains(index) }) else { return false }
    return lookup.file.code.functions[index].isPointedTo || (!needsPointer && setsOrPointers.allSatisfy { $0.contains(index) })
  }

  /// Those of `indices` that can be called; none when the budget is spent.
  func allowed(_ indices: some Collection<Int>) -> [Int] {
    lookup.budget.take(indices.count * steps) ? indices.filter(allow) : []
  }

  /// How many functions of an area can be called.
  func count(in area: ModuleLayout.Area) -> Int {
    let file = lookup.file
    func others(_ indices: Set<Int>) -> [Int] { allowed(indices).filter { file.entry(of: $0)?.area == area } }
    if let fewest = sets.min(by: { $0.count < $1.count }) { return others(fewest).count }
    let pointedTo = lookup.pointedTo(in: area)
    if needsPointer { return pointedTo }
    guard let fewest = setsOrPointers.min(by: { $0.count < $1.count }) else { return file.entries(in: area).count }
    return pointedTo + others(fewest).count { !file.code.functions[$0].isPointedTo }
  }
}
