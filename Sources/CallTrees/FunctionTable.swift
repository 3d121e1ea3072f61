/// The functions of a recording under construction, by what its events name them with.
struct FunctionTable {
  /// A function as the tree builder needs it.
  struct Entry {
    var id: FunctionID
    var kind: FunctionKind
  }

  /// One place of the cache: a function that was met before.
  private struct Slot {
    var key: UInt64
    var entry: Entry
  }

  private(set) var functions: [Function] = []
  /// Kinds by function index: the builder asks for one at each entry.
  private(set) var kinds: [FunctionKind] = []
  /// nil: keys are indices of interned functions.
  private let resolve: ((UInt64) -> Function)?
  private var internedIDs: [Function: FunctionID] = [:]
  private var addressIDs: [UInt64: FunctionID] = [:]
  /// Direct-mapped cache in front of `addressIDs`: the same few thousand functions come again and again.
  private var cache: [Slot]
  private static let cacheSize = 4096

  init(_ keys: RecordingBuilder.Keys) {
    switch keys {
    case .addresses(let resolve): self.resolve = resolve
    case .interned: resolve = nil
    }
    // The key that stands for an unnamed function is never looked up.
    let empty = Slot(key: GraphEvent.unnamed, entry: Entry(id: FunctionID(index: .max), kind: .ordinary))
    cache = Array(repeating: empty, count: resolve == nil ? 0 : Self.cacheSize)
  }

  mutating func intern(_ function: Function) -> FunctionID {
    if let id = internedIDs[function] { return id }
    let id = add(function)
    internedIDs[function] = id
    return id
  }

  private mutating func add(_ function: Function) -> FunctionID {
    functions.append(function)
    kinds.append(function.kind)
    return FunctionID(index: UInt32(truncatingIfNeeded: functions.count - 1))
  }

  /// The function that an event names with `key`.
  @inline(__always)
  mutating func entry(_ key: UInt64) -> Entry {
    let place = Int(truncatingIfNeeded: (key >> 4) ^ (key >> 16)) & (Self.cacheSize - 1)
    if place < cache.count {
      let slot = cache[place]
      if slot.key == key && key != GraphEvent.unnamed { return slot.entry }
      return lookUp(key, place: place)
    }
    return interned(key)
  }

  private func interned(_ key: UInt64) -> Entry {
    let id = FunctionID(index: UInt32(truncatingIfNeeded: min(key, UInt64(UInt32.max))))
    return Entry(id: id, kind: Int(id.index) < kinds.count ? kinds[Int(id.index)] : .ordinary)
  }

  @inline(never)
  private mutating func lookUp(_ key: UInt64, place: Int) -> Entry {
    let id: FunctionID
    if let known = addressIDs[key] {
      id = known
    } else {
      id = add(resolve?(key) ?? Function(address: key, name: nil))
      addressIDs[key] = id
    }
    let entry = Entry(id: id, kind: kinds[Int(id.index)])
    cache[place] = Slot(key: key, entry: entry)
    return entry
  }
}
