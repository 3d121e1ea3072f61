import CallTrees

/// The few symbols that the events of a recording need, out of a kernel's 200,000.
///
/// A reader gets from them the same names as from all symbols, with two differences that are wanted: a function whose module is gone has the
/// name that a kretprobe knows, and one without a name has its address for one, which keeps trace-cmd from calling it by the nearest lower
/// symbol.
public struct SymbolSelection: Sendable {
  /// A function that a kretprobe was set on, and where it was met.
  public struct KnownFunction: Sendable, Hashable {
    public var name: String
    public var module: String?
    public var address: UInt64

    public init(name: String, module: String?, address: UInt64) {
      self.name = name
      self.module = module
      self.address = address
    }
  }

  /// Lines as in /proc/kallsyms.
  public let text: [UInt8]
  /// The modules that all symbols name: those that were loaded when the symbols were read.
  public let modules: Set<String>

  /// Selects from the text of /proc/kallsyms.
  ///
  /// - Parameters:
  ///   - functions: addresses at which functions are entered.
  ///   - places: addresses within functions.
  ///   - known: functions whose names kretprobes tell.
  public init(kallsyms: [UInt8], functions: Set<UInt64>, places: Set<UInt64> = [], known: [KnownFunction] = []) {
    let needed = NeededSymbols(functions: functions, places: places)
    (text, modules) = kallsyms.withUnsafeBytes { bytes in
      let starts = needed.starts(in: bytes)
      var selected = Selected(functions: starts.functions)
      SymbolLine.forEach(in: bytes) { line in
        if starts.all.contains(line.address) { selected.take(line, of: bytes) }
      }
      selected.add(known)
      selected.nameByAddress(functions)
      selected.end(behind: max(functions.max() ?? 0, places.max() ?? 0))
      return (selected.text, SymbolTable.modules(in: bytes))
    }
  }
}

extension SymbolSelection {
  /// The functions of a module that the text of /proc/kallsyms lists; one that it lists twice is left out.
  public static func functions(of module: String, in kallsyms: [UInt8]) -> [KnownFunction] {
    let ending = Array("\t[\(module)]".utf8)
    var found: [KnownFunction] = []
    var counts: [String: Int] = [:]
    kallsyms.withUnsafeBytes { bytes in
      SymbolLine.forEach(in: bytes) { line in
        guard line.isFunction, bytes[line.name.upperBound..<line.range.upperBound].elementsEqual(ending) else { return }
        let name = String(decoding: bytes[line.name], as: UTF8.self)
        counts[name, default: 0] += 1
        found.append(KnownFunction(name: name, module: module, address: line.address))
      }
    }
    return found.filter { counts[$0.name] == 1 }
  }
}

/// A line of /proc/kallsyms.
private struct SymbolLine {
  var address: UInt64
  var isFunction: Bool
  /// The line without its newline, and the name in it.
  var range: Range<Int>
  var name: Range<Int>

  /// Hands over all lines that can be read.
  static func forEach(in text: UnsafeRawBufferPointer, _ body: (SymbolLine) -> Void) {
    var at = 0
    while at < text.count {
      let end = text.lineEnd(from: at)
      if let line = SymbolLine(text, at..<end) { body(line) }
      at = end + 1
    }
  }

  private init?(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) {
    var at = range.lowerBound
    var address: UInt64 = 0
    while at < range.upperBound, let digit = Self.digit(text[at]) {
      guard at - range.lowerBound < 16 else { return nil }
      address = address << 4 | digit
      at += 1
    }
    guard address != 0, at + 3 < range.upperBound, text[at] == 0x20, text[at + 2] == 0x20 else { return nil }
    let type = text[at + 1] | 0x20
    let name = at + 3
    var end = name
    while end < range.upperBound, text[end] > 0x20 { end += 1 }
    guard end > name else { return nil }
    self.address = address
    isFunction = (type == UInt8(ascii: "t") || type == UInt8(ascii: "w")) && !SymbolTable.isLabel(text[name])
    self.range = range
    self.name = name..<end
  }

  @inline(__always)
  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte & 15)
    case 0x41...0x46, 0x61...0x66: UInt64(byte & 15) + 9
    default: nil
    }
  }
}

/// The addresses that need symbols, sorted.
private struct NeededSymbols {
  private let functions: [UInt64]
  private let places: [UInt64]

  init(functions: Set<UInt64>, places: Set<UInt64>) {
    self.functions = functions.sorted()
    self.places = places.sorted()
  }

  /// The addresses of the symbols that name the needed ones: of functions, the nearest lower function that reaches so far; of places, the
  /// nearest lower symbol whatever it is, as trace-cmd takes it.
  func starts(in text: UnsafeRawBufferPointer) -> (functions: [UInt64: UInt64], all: Set<UInt64>) {
    // Index by index the nearest symbol so far; 0: none.
    var entries = [UInt64](repeating: 0, count: functions.count)
    var lower = [UInt64](repeating: 0, count: places.count)
    SymbolLine.forEach(in: text) { line in
      if line.isFunction {
        var index = functions.partitionPoint { $0 >= line.address }
        while index < functions.count, functions[index] - line.address <= Function.entryReach {
          entries[index] = max(entries[index], line.address)
          index += 1
        }
      }
      // Only the first place behind the symbol is told here; those behind it take over what is nearest.
      let index = places.partitionPoint { $0 >= line.address }
      if index < places.count { lower[index] = max(lower[index], line.address) }
    }
    for index in lower.indices.dropFirst() { lower[index] = max(lower[index], lower[index - 1]) }
    var named: [UInt64: UInt64] = [:]
    for (function, start) in zip(functions, entries) where start != 0 { named[function] = start }
    return (named, Set(named.values).union(lower.filter { $0 != 0 }))
  }
}

/// The lines that are selected.
private struct Selected {
  private struct Line {
    var address: UInt64
    var text: [UInt8]
    /// The module of a function, nil for the kernel's; not there for other symbols.
    var module: String??
  }

  private var lines: [Line] = []
  /// The highest address that has a line.
  private var last: UInt64 = 0
  /// The symbols' addresses, by that of the function which they name.
  private var functions: [UInt64: UInt64]
  private var names: [UInt64: Set<String>] = [:]

  init(functions: [UInt64: UInt64]) { self.functions = functions }

  var text: [UInt8] { lines.flatMap(\.text) }

  /// Takes a line over, also one that is there twice: that tells a reader that one of the two is wrong.
  mutating func take(_ line: SymbolLine, of bytes: UnsafeRawBufferPointer) {
    last = max(last, line.address)
    var taken = Line(address: line.address, text: Array(bytes[line.range]) + [UInt8(ascii: "\n")])
    if line.isFunction {
      names[line.address, default: []].insert(String(decoding: bytes[line.name], as: UTF8.self))
      taken.module = .some(SymbolTable.module(bytes, from: line.name.upperBound))
    }
    lines.append(taken)
  }

  /// Adds the names that kretprobes know where the symbols do not say the same: those of a module that is gone, and of a function that
  /// the kernel's list leaves out. Names of other modules at such a place are those of init functions that were there before.
  mutating func add(_ known: [SymbolSelection.KnownFunction]) {
    for function in Set(known).sorted(by: { ($0.address, $0.name) < ($1.address, $1.name) }) where function.address != 0 {
      let symbol = functions[function.address]
      lines.removeAll { line in
        (line.address == symbol || line.address == function.address) && line.module.map { $0 != function.module } ?? false
      }
      if let symbol, names[symbol]?.contains(function.name) == true { continue }
      append(function.address, function.name, module: function.module)
      functions[function.address] = function.address
      names[function.address, default: []].insert(function.name)
    }
  }

  /// Gives the functions that have no name by now their address for one.
  mutating func nameByAddress(_ addresses: Set<UInt64>) {
    for address in addresses.sorted() where address != 0 && functions[address] == nil {
      append(address, address.hex, module: nil)
    }
  }

  /// Adds a symbol behind the last address, unless that is the last symbol's own: trace-cmd takes nothing above the last symbol to be in it.
  mutating func end(behind address: UInt64) {
    guard address > last, address < .max else { return }
    append(address + 1, (address + 1).hex, module: nil)
  }

  private mutating func append(_ address: UInt64, _ name: String, module: String?) {
    last = max(last, address)
    let digits = String(address, radix: 16)
    let padded = String(repeating: "0", count: 16 - digits.count) + digits
    let line = "\(padded) t \(name)\(module.map { "\t[\($0)]" } ?? "")\n"
    lines.append(Line(address: address, text: Array(line.utf8), module: .some(module)))
  }
}
