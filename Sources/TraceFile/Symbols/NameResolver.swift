import CallTrees
import Dispatch

/// Names functions by the first symbol list that knows their addresses.
///
/// The lists are read on another thread while the events are decoded; the first question waits for them.
final class NameResolver: @unchecked Sendable {
  // `tables` and `damage` are written by the tasks of `group`, or before it has any, and read after it.
  private let group = DispatchGroup()
  private let queue = DispatchQueue(label: "symbols")
  private var tables: [Int: SymbolTable] = [:]
  private var damage: SectionDamage?
  /// Distance of each named address from its symbol.
  private var offsets: [UInt64: UInt64] = [:]

  /// What a list is, and where it comes from.
  enum Source: Sendable {
    case recorded
    case kallsyms(path: String)
    /// Its addresses are those of the linker: the kernel may have moved itself when it booted.
    case systemMap(path: String)
  }

  /// How far the functions lie behind their addresses in a list; nothing for a list that is not used.
  private var shifts: [Int: UInt64] = [:]
  private var sources: [Source] = []
  private var isSettled = false
  /// Why lists are not used.
  private(set) var notes: [String] = []
  /// Index of the list that named an address.
  private var namedBy: [UInt64: Int] = [:]
  private let isConcurrent: Bool

  /// - Parameter isConcurrent: read the lists on other threads; for a short list it takes longer to start one.
  init(isConcurrent: Bool) { self.isConcurrent = isConcurrent }

  /// Adds a list to be asked when those before have no name.
  func add(_ source: Source, _ text: @escaping @Sendable () -> Result<ByteBlock, SectionDamage>) {
    let index = sources.count
    sources.append(source)
    if isConcurrent { queue.async(group: group) { self.read(text, as: index) } } else { read(text, as: index) }
  }

  private func read(_ text: () -> Result<ByteBlock, SectionDamage>, as index: Int) {
    switch text() {
    case .success(let block): tables[index] = SymbolTable(block, isShared: isConcurrent)
    case .failure(let damage): self.damage = self.damage ?? damage
    }
  }

  /// The function at an address.
  func function(_ address: UInt64) -> Function {
    settle()
    var doubtful: SymbolTable.Match?
    for index in sources.indices {
      guard let shift = shifts[index], let match = tables[index]?.match(address &- shift) else { continue }
      if match.doubt == nil {
        offsets[address] = match.offset
        namedBy[address] = index
        return Function(address: address, name: match.name, module: match.module)
      }
      doubtful = doubtful ?? match
    }
    return Function(address: address, name: doubtful?.name, module: doubtful?.module, doubt: doubtful?.doubt)
  }

  // MARK: lists of another boot

  /// Functions that are looked up in the user's lists to see whether they belong to the recording, and how many must be found there.
  private static let probes = 200
  private static let enough = 4

  /// Whether the recording has symbols that the user's lists can be checked by.
  private var recorded: SymbolTable? {
    guard case .recorded? = sources.first, let table = tables[0], !table.isEmpty else { return nil }
    return table
  }

  private func settle() {
    guard !isSettled else { return }
    group.wait()
    isSettled = true
    // Without lists of the user's there is nothing to check, and to look the probes up takes longer than all the rest.
    let known = sources.count > 1 ? recorded?.kernelFunctions(atMost: Self.probes) ?? [:] : [:]
    for (index, source) in sources.enumerated() {
      switch source {
      case .recorded: shifts[index] = 0
      case .kallsyms(let path): shifts[index] = shift(of: index, path, known, mayMove: false)
      case .systemMap(let path): shifts[index] = shift(of: index, path, known, mayMove: true)
      }
    }
  }

  /// How far the recorded kernel's functions lie behind those of a list: nil, and a note, when the list is of another boot or kernel.
  private func shift(of index: Int, _ path: String, _ known: [String: UInt64], mayMove: Bool) -> UInt64? {
    // Without symbols in the recording the list is checked when all is named.
    guard known.count >= Self.enough, let table = tables[index] else { return 0 }
    let found = table.addresses(of: Set(known.keys))
    var votes: [UInt64: Int] = [:]
    for (name, address) in found { votes[known[name].map { $0 &- address } ?? 0, default: 0] += 1 }
    guard found.count >= Self.enough, let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
      notes.append("\(path) is not used: it has too few of the kernel's functions to tell whether it is of the recorded kernel")
      return nil
    }
    guard best.value * 10 >= found.count * 9, mayMove || best.key == 0 else {
      let example = found.keys.sorted().first { known[$0] != found[$0] } ?? ""
      let (here, there) = (found[example] ?? 0, known[example] ?? 0)
      notes.append(
        "\(path) is not used: it is of another \(best.value * 10 >= found.count * 9 ? "boot" : "kernel"), where \(example) lies at "
          + "\(here.hex), and at \(there.hex) in the trace")
      return nil
    }
    return best.key
  }

  /// Takes back the names of lists that explain too little of a recording without symbols: functions are entered where symbols are.
  func dropUnlikelyLists(_ functions: inout [Function]) {
    group.wait()
    guard recorded == nil else { return }
    for (index, source) in sources.enumerated() {
      let named = functions.indices.filter { functions[$0].address.map { namedBy[$0] == index } ?? false }
      guard !named.isEmpty, named.count * 2 < functions.count else { continue }
      switch source {
      case .recorded: continue
      case .kallsyms(let path), .systemMap(let path):
        notes.append(
          "\(path) is not used: only \(named.count) of \(functions.count) functions lie where it has one, so that it is of another boot or "
            + "kernel")
      }
      for function in named { functions[function] = Function(address: functions[function].address, name: nil) }
      shifts[index] = nil
    }
  }

  /// Modules that the first list, that of the recording, names; nil when it is empty.
  func recordedModules() -> Set<String>? {
    group.wait()
    guard let table = tables[0], !table.isEmpty else { return nil }
    return table.modules
  }

  /// Doubts the names of addresses that do not lie where this kernel's functions are entered.
  ///
  /// The traced place has one distance from the symbol throughout a build: 0, or that of an `endbr64` or patchable entry. A function
  /// whose own symbol is left out of the list can lie so close behind a short one that the distance alone would pass: 5.10's
  /// `svm_hardware_setup`, 8 bytes past `svm_check_processor_compat`.
  func doubtOddEntries(_ functions: inout [Function]) {
    let counts = offsets.values.reduce(into: [UInt64: Int]()) { $0[$1, default: 0] += 1 }
    guard let usual = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { return }
    for index in functions.indices {
      guard let address = functions[index].address, let offset = offsets[address], offset != usual, offset != 0 else { continue }
      functions[index].doubt = .notAtEntry
    }
  }

  /// What was wrong with the lists.
  func finish() -> SectionDamage? {
    group.wait()
    return damage
  }
}
