extension SymbolTable {
  /// MODULE_NAME_LEN of the kernel.
  private static let moduleNameLimit = 64
  /// No kernel has as many modules loaded; a list that names more was made to fill the memory, and the rest of it is passed over.
  private static let modulesLimit = 1 << 14

  /// The modules that a symbol list names: those that were loaded when it was read.
  ///
  /// `[bpf]` and `[__builtin__ftrace]` stand for code of the kernel itself.
  static func modules(in text: UnsafeRawBufferPointer) -> Set<String> {
    var modules: Set<String> = []
    var last: UnsafeRawBufferPointer.SubSequence = text[0..<0]
    var at = 0
    while modules.count < modulesLimit, let open = text.nextIndex(of: UInt8(ascii: "["), from: at) {
      // What is looked through for the end of a name is not looked through again: a list may have brackets alone.
      let limit = min(open + 1 + moduleNameLimit, text.count)
      at = open + 1
      while at < limit, text[at] > 0x20, text[at] != UInt8(ascii: "["), text[at] != UInt8(ascii: "]") { at += 1 }
      guard at < text.count, text[at] == UInt8(ascii: "]") else { continue }
      let name = text[(open + 1)..<at]
      if !name.elementsEqual(last) {
        modules.insert(String(decoding: name, as: UTF8.self))
        last = name
      }
    }
    return modules.filter { $0 != "bpf" && !$0.hasPrefix("__builtin__") }
  }
}
