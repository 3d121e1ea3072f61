import CallTrees
import Dispatch
import Safeguards

/// The functions of a symbol list (`/proc/kallsyms`, `System.map`), by address.
///
/// An address has a name only when it lies at a function's entry: a nearest lower symbol says nothing about code whose own
/// symbol is gone.
struct SymbolTable: Sendable {
  private struct Entry {
    var address: UInt64
    /// Where the name begins in the text.
    var name: UInt32
    var isDuplicate = false
  }

  /// What a symbol list says about an address.
  struct Match: Hashable {
    var name: String
    var module: String?
    var doubt: NameDoubt?
    /// Bytes from the symbol to the address.
    var offset: UInt64
  }

  /// An entry that is listed twice is believed here: at the symbol, or behind an `endbr64` or a `bti`.
  private static let certainOffsets: Set<UInt64> = [0, 4]
  /// Names of one address that are looked at; the kernel's own have some ten.
  private static let namesLimit = 64

  private let text: ByteBlock
  private var entries: [Entry] = []

  /// Parses a symbol list: lines of an address, a type and a name, and in brackets the module.
  ///
  /// - Parameter isShared: by two threads, for a caller that has nothing else to do meanwhile.
  init(_ text: ByteBlock, isShared: Bool = false) {
    self.text = text
    guard text.bytes.count <= Int(UInt32.max) else { return }
    entries = isShared ? Self.parseShared(text) : Self.parse(text, 0..<text.bytes.count)
    sort()
    markDuplicates()
  }

  var isEmpty: Bool { entries.isEmpty }
  var modules: Set<String> { Self.modules(in: text.bytes) }

  // MARK: looking up

  /// The name of the function with the given entry, or nil.
  func match(_ address: UInt64) -> Match? {
    let last = entries.partitionPoint { $0.address > address } - 1
    guard last >= 0 else { return nil }
    let start = entries[last].address
    guard address - start <= Function.entryReach else { return nil }
    var best: (match: Match, rank: Int)?
    var modules: Set<String?> = []
    var index = last
    while index >= 0, entries[index].address == start, last - index < Self.namesLimit {
      let match = self.match(entries[index], offset: address - start, text: text.bytes)
      let rank = Self.rank(match.name)
      if rank < Self.unusable { modules.insert(match.module) }
      if best.map({ rank < $0.rank || (rank == $0.rank && match.name < $0.match.name) }) ?? true { best = (match, rank) }
      index -= 1
    }
    guard var match = best?.match, let rank = best?.rank, rank < Self.unusable else { return nil }
    // Init text is freed, and another module's takes its place: the kernel then lists both, and which of them ran is not told.
    let hasMore = index >= 0 && entries[index].address == start
    if modules.count > 1 || hasMore { match.doubt = .duplicatedSymbol }
    return match
  }

  /// Addresses of the kernel's own functions, some of them, by names that stand once.
  func kernelFunctions(atMost limit: Int) -> [String: UInt64] {
    var found: [String: UInt64] = [:]
    let step = max(1, entries.count / limit)
    for index in stride(from: 0, to: entries.count, by: step) {
      guard let name = kernelName(entries[index], text: text.bytes) else { continue }
      found[name] = entries[index].address
    }
    let once = addresses(of: Set(found.keys))
    return found.filter { once[$0.key] == $0.value }
  }

  /// Addresses of those of the kernel's own functions that have one of the `names`; nothing for a name that stands more than once.
  func addresses(of names: Set<String>) -> [String: UInt64] {
    let lengths = Set(names.map(\.utf8.count))
    var found: [String: UInt64] = [:]
    var twice: Set<String> = []
    for entry in entries {
      let start = Int(entry.name)
      guard lengths.contains(Self.nameEnd(text.bytes, from: start) - start), let name = kernelName(entry, text: text.bytes),
        names.contains(name)
      else { continue }
      if let other = found.updateValue(entry.address, forKey: name), other != entry.address { twice.insert(name) }
    }
    return found.filter { !twice.contains($0.key) }
  }

  private func kernelName(_ entry: Entry, text: UnsafeRawBufferPointer) -> String? {
    let end = Self.nameEnd(text, from: Int(entry.name))
    let rest = text[end...].prefix { $0 != UInt8(ascii: "\n") }
    guard !rest.contains(UInt8(ascii: "[")) else { return nil }
    let name = String(decoding: text[Int(entry.name)..<end], as: UTF8.self)
    return Self.rank(name) < 2 ? name : nil
  }

  private func match(_ entry: Entry, offset: UInt64, text: UnsafeRawBufferPointer) -> Match {
    let end = Self.nameEnd(text, from: Int(entry.name))
    let name = String(decoding: text[Int(entry.name)..<end], as: UTF8.self)
    let isDoubtful = entry.isDuplicate && !Self.certainOffsets.contains(offset)
    return Match(name: name, module: Self.module(text, from: end), doubt: isDoubtful ? .duplicatedSymbol : nil, offset: offset)
  }

  /// `kvm_intel` of `\t[kvm_intel]`. `[__builtin__ftrace]` and `[bpf]` are no modules.
  static func module(_ text: UnsafeRawBufferPointer, from end: Int) -> String? {
    let rest = text[end...].prefix(80).prefix { $0 != UInt8(ascii: "\n") }
    guard let open = rest.firstIndex(of: UInt8(ascii: "[")), let close = rest.firstIndex(of: UInt8(ascii: "]")), open < close else {
      return nil
    }
    let name = String(decoding: rest[(open + 1)..<close], as: UTF8.self)
    return name.hasPrefix("__builtin__") || name == "bpf" ? nil : name
  }

  /// The place behind the name that begins at `start`.
  private static func nameEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    text[start...].firstIndex { $0 <= 0x20 } ?? text.count
  }

  private static let unusable = 3

  /// Of several names at one address the lowest rank is shown: every module's init function is `init_module` too.
  private static func rank(_ name: String) -> Int {
    if name.isEmpty { return unusable }
    if name.hasPrefix("__pfx_") || name.hasPrefix("__cfi_") || name.hasPrefix("__ksymtab") { return 2 }
    return name == "init_module" || name == "cleanup_module" ? 1 : 0
  }
}

// MARK: - reading

extension SymbolTable {
  /// Whether the text has a function with an address: a list that another user than root copies has zeros for all.
  static func holdsSymbol(_ text: ByteBlock) -> Bool {
    guard let base = text.bytes.baseAddress else { return false }
    var at = 0
    while at < text.bytes.count {
      let lineEnd = text.bytes.lineEnd(from: at)
      if entry(base, from: at, to: lineEnd) != nil { return true }
      at = lineEnd + 1
    }
    return false
  }

  /// Whether the text is a list whose addresses are all zero: what the kernel shows to those who may not see them.
  static func hidesAddresses(_ text: ByteBlock) -> Bool {
    text.bytes.starts(with: Array("0000000000000000 ".utf8)) && !holdsSymbol(text)
  }

  /// The functions in a part of the text, which begins and ends with whole lines: 8 MB of text have 170,000 lines.
  private static func parse(_ text: ByteBlock, _ part: Range<Int>) -> [Entry] {
    var entries: [Entry] = []
    guard let base = text.bytes.baseAddress else { return entries }
    // A function takes some 45 bytes of text, and every other symbol is a function.
    entries.reserveCapacity(part.count / 64)
    var at = part.lowerBound
    while at < part.upperBound {
      let lineEnd = text.bytes.lineEnd(from: at)
      if let entry = entry(base, from: at, to: lineEnd) { entries.append(entry) }
      at = lineEnd + 1
    }
    return entries
  }

  /// Parses the two halves at the same time.
  private static func parseShared(_ text: ByteBlock) -> [Entry] {
    let count = text.bytes.count
    let middle = min(text.bytes.lineEnd(from: count / 2) + 1, count)
    let second = Locked<[Entry]>([])
    let group = DispatchGroup()
    // A queue of its own always gets a thread. The global one has as many as there are processors, which may all be at work, or wait for this.
    DispatchQueue(label: "second half of the symbols", qos: .userInitiated).async(group: group) {
      let entries = parse(text, middle..<count)
      second.withLock { $0 = entries }
    }
    var entries = parse(text, 0..<middle)
    group.wait()
    entries += second.withLock { $0 }
    return entries
  }

  /// The function on a line; nil for other symbols, and for those whose address the kernel hides.
  @inline(__always)
  private static func entry(_ text: UnsafeRawPointer, from start: Int, to end: Int) -> Entry? {
    // 64-bit kernels write 16 digits, 32-bit ones 8. The type, which sorts half of the lines out, is looked at first.
    let digits = end - start > 18 && text.load(fromByteOffset: start + 16, as: UInt8.self) == 0x20 ? 16 : 8
    let name = start + digits + 3
    guard name < end, text.load(fromByteOffset: start + digits, as: UInt8.self) == 0x20,
      isFunction(text.load(fromByteOffset: name - 2, as: UInt8.self)), !isAddress(text, name: name, end: end),
      !isLabel(text.load(fromByteOffset: name, as: UInt8.self)),
      let high = hexadecimal(text.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    else { return nil }
    var address = high
    if digits == 16 {
      guard let low = hexadecimal(text.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)) else { return nil }
      address = high << 32 | low
    }
    return address == 0 ? nil : Entry(address: address, name: UInt32(name))
  }

  /// The value of 8 hexadecimal digits, taken as bytes of one word; nil when one of them is none.
  @inline(__always)
  private static func hexadecimal(_ word: UInt64) -> UInt64? {
    let text = UInt64(bigEndian: word)
    let ones: UInt64 = 0x0101_0101_0101_0101
    // Digits are 0x30 to 0x39; letters, of either case, have bit 6 set and begin with 1 for ten.
    let letters = (text >> 6) & ones
    let upper = (text >> 4) & (0x0f &* ones) & ~(letters &* 2)
    let lower = text & (0x0f &* ones)
    let isTooHigh = (lower &+ (6 &* ones) &+ letters &* 3) & (0x10 &* ones) != 0
    guard upper == (3 &* ones) ^ (letters &* 7), !isTooHigh else { return nil }
    let nibbles = lower &+ letters &* 9
    var value = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff
    value = (value | value >> 8) & 0x0000_ffff_0000_ffff
    return (value | value >> 16) & 0xffff_ffff
  }

  /// Whether a name is an address in its place: `0xffffffffc05fc014`, which this project's recorder writes for a function without a name, so
  /// that trace-cmd does not give it that of the nearest lower symbol.
  @inline(__always)
  private static func isAddress(_ text: UnsafeRawPointer, name: Int, end: Int) -> Bool {
    end - name > 2 && text.load(fromByteOffset: name, as: UInt8.self) == UInt8(ascii: "0")
      && text.load(fromByteOffset: name + 1, as: UInt8.self) == UInt8(ascii: "x")
  }

  /// Whether a name that begins so is a label of the assembler's: kernels list `.L0` and `.LPFE21` (riscv), `$x` and `$d` (arm64, riscv)
  /// among the functions, at their entries and inside them.
  @inline(__always)
  static func isLabel(_ first: UInt8) -> Bool { first == UInt8(ascii: ".") || first == UInt8(ascii: "$") }

  @inline(__always)
  private static func isFunction(_ type: UInt8) -> Bool {
    let letter = type | 0x20
    return letter == UInt8(ascii: "t") || letter == UInt8(ascii: "w")
  }

  /// The kernel's own symbols are listed by address, the modules' are not.
  private mutating func sort() {
    var ordered = 1
    while ordered < entries.count && entries[ordered - 1].address <= entries[ordered].address { ordered += 1 }
    guard ordered < entries.count else { return }
    // The modules come last, and mostly lie above the kernel: only what is not above all before it moves.
    let lowest = entries[ordered...].reduce(UInt64.max) { min($0, $1.address) }
    let start = entries[..<ordered].partitionPoint { $0.address > lowest }
    entries[start...].sort { ($0.address, $0.name) < ($1.address, $1.name) }
  }

  /// Marks names that a module lists twice at one address: a defect of the kernel's list of its modules' init functions, where the second
  /// entry stands in the place of another function, which is missing.
  private mutating func markDuplicates() {
    let bytes = text.bytes
    var index = 1
    while index < entries.count {
      if entries[index - 1].address == entries[index].address {
        let (one, other) = (Int(entries[index - 1].name), Int(entries[index].name))
        let length = Self.nameEnd(bytes, from: one) - one
        if bytes[one..<one + length].elementsEqual(bytes[other..<Self.nameEnd(bytes, from: other)]) {
          entries[index - 1].isDuplicate = true
          entries[index].isDuplicate = true
        }
      }
      index += 1
    }
  }
}
