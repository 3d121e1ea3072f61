import CallTrees
import TraceFile

/// Names functions of the module that was just loaded by its own file: the kernel lays each of its sections out as a whole.
///
/// The kernel's list of symbols leaves a saved init function out now and then, and after a failed load it has none of the module's. A
/// section's place follows from functions in it whose addresses are known: by a symbol, by a return probe, or, for its init function, by the
/// loader's events.
struct ModuleNames {
  private let module: String
  private let file: ModuleELF
  /// Offsets of the functions by name; names that stand twice tell nothing.
  private let offsets: [String: (section: Int, offset: UInt64)]

  init(_ module: String, file: ModuleELF) {
    self.module = module
    self.file = file
    var offsets: [String: (section: Int, offset: UInt64)] = [:]
    var doubled: Set<String> = []
    for function in file.functions where offsets.updateValue((function.section, function.offset), forKey: function.name) != nil {
      doubled.insert(function.name)
    }
    for name in doubled { offsets[name] = nil }
    self.offsets = offsets
  }

  /// The names of those `addresses` that lie at functions of the module.
  ///
  /// - Parameters:
  ///   - addresses: where functions were entered.
  ///   - anchors: functions of the module whose entries are known.
  func names(of addresses: Set<UInt64>, anchors: [SymbolSelection.KnownFunction]) -> [SymbolSelection.KnownFunction] {
    var found: [SymbolSelection.KnownFunction] = []
    for (section, base) in bases(anchors, addresses: addresses) {
      let functions = file.functions.filter { $0.section == section }
      for address in addresses where address >= base {
        guard let name = Self.name(at: address - base, of: functions) else { continue }
        found.append(SymbolSelection.KnownFunction(name: name, module: module, address: address))
      }
    }
    return found
  }

  /// The function that is entered at `place`: at its symbol, or behind an `endbr64` or the like, before the next function.
  private static func name(at place: UInt64, of functions: [ModuleELF.Function]) -> String? {
    var name: String?
    var start: UInt64?
    // By offset.
    for function in functions {
      if function.offset > place { break }
      if function.offset == start, let name, !isAlias(name) { continue }
      (name, start) = (function.name, function.offset)
    }
    return start.map { place - $0 <= Function.entryReach } ?? false ? name : nil
  }

  /// The second names that every module's init and exit functions have.
  private static func isAlias(_ name: String) -> Bool { ["init_module", "cleanup_module"].contains(name) }

  /// Where the sections begin, as their functions' entries count from: by what all, or all but a few, of the anchors in each say.
  private func bases(_ anchors: [SymbolSelection.KnownFunction], addresses: Set<UInt64>) -> [Int: UInt64] {
    var votes: [Int: [UInt64: Int]] = [:]
    for anchor in anchors where anchor.module == module {
      guard let place = offsets[anchor.name], file.sections.indices.contains(place.section),
        let entry = Self.entry(of: anchor.address, among: addresses), entry >= place.offset
      else {
        continue
      }
      // Functions that nobody calls by a pointer have no `endbr64`: the section begins at the next place down that its alignment allows.
      let alignment = max(1, file.sections[place.section].alignment)
      let behind = (entry - place.offset) & (alignment - 1)
      guard behind <= Function.entryReach else { continue }
      votes[place.section, default: [:]][entry - place.offset - behind, default: 0] += 1
    }
    return votes.compactMapValues { bases in
      let total = bases.values.reduce(0, +)
      // A symbol that the list leaves out makes another one answer for it: a few may be wrong, but not half of them.
      return bases.first { $0.value * 2 > total }?.key
    }
  }

  /// The traced entry of a function: at its symbol, or behind an `endbr64` or the like.
  private static func entry(of symbol: UInt64, among addresses: Set<UInt64>) -> UInt64? {
    (symbol...(symbol < .max - Function.entryReach ? symbol + Function.entryReach : symbol)).first(where: addresses.contains)
  }
}
