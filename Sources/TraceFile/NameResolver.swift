import CallTrees
import Dispatch

/// Names functions by the first symbol list that knows their addresses.
///
/// The lists are read on other threads while the events are decoded; the first question waits for them.
final class NameResolver: @unchecked Sendable {
  // `tables` and `damage` are written by the tasks of `group` only, each its own element, and read after it.
  private let group = DispatchGroup()
  private let queue = DispatchQueue(label: "symbols")
  private var tables: [Int: SymbolTable] = [:]
  private var damage: SectionDamage?
  private var count = 0
  /// Distance of each named address from its symbol.
  private var offsets: [UInt64: UInt64] = [:]

  /// Adds a list to be asked when those before have no name.
  func add(_ text: @escaping @Sendable () -> Result<ByteBlock, SectionDamage>) {
    let index = count
    count += 1
    queue.async(group: group) {
      switch text() {
      case .success(let block): self.tables[index] = SymbolTable(block)
      case .failure(let damage): self.damage = self.damage ?? damage
      }
    }
  }

  /// The function at an address.
  func function(_ address: UInt64) -> Function {
    group.wait()
    var doubtful: SymbolTable.Match?
    for index in 0..<count {
      guard let match = tables[index]?.match(address) else { continue }
      if match.doubt == nil {
        offsets[address] = match.offset
        return Function(address: address, name: match.name, module: match.module)
      }
      doubtful = doubtful ?? match
    }
    return Function(address: address, name: doubtful?.name, module: doubtful?.module, doubt: doubtful?.doubt)
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
