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
      if match.doubt == nil { return Function(address: address, name: match.name, module: match.module) }
      doubtful = doubtful ?? match
    }
    return Function(address: address, name: doubtful?.name, module: doubtful?.module, doubt: doubtful?.doubt)
  }

  /// What was wrong with the lists.
  func finish() -> SectionDamage? {
    group.wait()
    return damage
  }
}
