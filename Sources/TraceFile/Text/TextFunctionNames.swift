import CallTrees

/// The functions that a text names, found again by the bytes of their names.
///
/// An open-addressing table.
struct TextFunctionNames {
  private struct Slot {
    var hash: UInt64 = 0
    /// Where the name stands in the text.
    var offset = 0
    var count: Int32 = 0
    var id: UInt32 = .max
  }

  private let text: TextBytes
  /// So that nobody can write a text whose names all meet in one slot.
  private let seed = UInt64.random(in: 0...UInt64.max)
  /// Whether names come from trace-cmd's guess by the nearest lower symbol.
  private let areGuessed: Bool
  private var slots = [Slot](repeating: Slot(), count: 4096)
  private var used = 0

  init(text: TextBytes, areGuessed: Bool) {
    self.text = text
    self.areGuessed = areGuessed
  }

  /// Key of the function with this name, a piece of the text, for `GraphEvent.function`.
  @inline(__always)
  mutating func key(_ name: TextBytes, in builder: inout RecordingBuilder) -> UInt64 {
    let hash = self.hash(name)
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while slots[index].id != .max {
      let slot = slots[index]
      if slot.hash == hash, text.slice(slot.offset, slot.offset + Int(slot.count)).equals(name) { return UInt64(slot.id) }
      index = (index + 1) & mask
    }
    return add(name, hash: hash, at: index, in: &builder)
  }

  @inline(never)
  private mutating func add(_ name: TextBytes, hash: UInt64, at index: Int, in builder: inout RecordingBuilder) -> UInt64 {
    let id = builder.intern(function(name)).index
    slots[index] = Slot(hash: hash, offset: name.base - text.base, count: Int32(truncatingIfNeeded: name.count), id: id)
    used += 1
    if used * 2 > slots.count { grow() }
    return UInt64(id)
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    let mask = slots.count - 1
    for slot in old where slot.id != .max {
      var index = Int(truncatingIfNeeded: slot.hash) & mask
      while slots[index].id != .max { index = (index + 1) & mask }
      slots[index] = slot
    }
  }

  /// Eight bytes at a time; the constant is 2^64 divided by the golden ratio.
  @inline(__always)
  private func hash(_ name: TextBytes) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: name.count)
    name.forEachWord { word in
      hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    return hash ^ hash >> 32
  }

  // MARK: what a name says

  /// `name`, `name [module]`, `0xffffffffc05fc014`, and trace-cmd's `ffffffffc05fc014`.
  private func function(_ name: TextBytes) -> Function {
    if name.isEmpty { return Function(address: nil, name: nil) }
    if let address = Self.address(name) { return Function(address: address, name: nil) }
    if name[name.count - 1] == .closeBracket, let bracket = name.firstRange(of: " [") {
      let module = name.slice(bracket.upperBound, name.count - 1).string
      return Function(address: nil, name: name.slice(0, bracket.lowerBound).string, module: module)
    }
    // The last symbol below the modules: trace-cmd gives its name to every function of a module that is gone.
    let doubt: NameDoubt? = areGuessed && name.count == 17 && name.has("ftrace_trampoline", at: 0) ? .contradictsTree : nil
    return Function(address: nil, name: name.string, doubt: doubt)
  }

  private static func address(_ name: TextBytes) -> UInt64? {
    var at = name.has("0x", at: 0) ? 2 : 0
    // Without the prefix only a whole 64-bit address is told from a name.
    guard at == 2 || name.count == 16, let value = name.hexadecimal(&at), at == name.count else { return nil }
    return value
  }
}

extension TextBytes {
  /// Calls `body` with words that together hold all bytes: eight at a time, and the last eight once more where they do not come out even.
  @inline(__always)
  fileprivate func forEachWord(_ body: (UInt64) -> Void) {
    let bytes = UnsafeRawPointer(base)
    guard count >= 8 else {
      var rest: UInt64 = 0
      var at = 0
      while at < count {
        rest = rest << 8 | UInt64(base[at])
        at += 1
      }
      return body(rest)
    }
    var at = 0
    while at + 8 < count {
      body(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    body(bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
  }

  @inline(__always)
  func equals(_ other: TextBytes) -> Bool {
    guard count == other.count else { return false }
    let (left, right) = (UnsafeRawPointer(base), UnsafeRawPointer(other.base))
    func isEqual(at offset: Int) -> Bool {
      left.loadUnaligned(fromByteOffset: offset, as: UInt64.self) == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
    var at = 0
    if count >= 8 {
      while at + 8 < count {
        if !isEqual(at: at) { return false }
        at += 8
      }
      return isEqual(at: count - 8)
    }
    while at < count {
      if base[at] != other.base[at] { return false }
      at += 1
    }
    return true
  }
}
