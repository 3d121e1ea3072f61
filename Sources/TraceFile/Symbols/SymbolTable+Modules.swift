extension SymbolTable {
  /// The modules that a symbol list names: those that were loaded when it was read.
  ///
  /// `[bpf]` and `[__builtin__ftrace]` stand for code of the kernel itself.
  static func modules(in text: UnsafeRawBufferPointer) -> Set<String> {
    var modules: Set<String> = []
    var last: UnsafeRawBufferPointer.SubSequence = text[0..<0]
    var at = 0
    while let open = text.nextIndex(of: UInt8(ascii: "["), from: at) {
      let rest = text[(open + 1)...].prefix(64)
      guard let close = rest.firstIndex(of: UInt8(ascii: "]")) else {
        at = open + 1
        continue
      }
      let name = text[(open + 1)..<close]
      if !name.elementsEqual(last) {
        modules.insert(String(decoding: name, as: UTF8.self))
        last = name
      }
      at = close + 1
    }
    return modules.filter { $0 != "bpf" && !$0.hasPrefix("__builtin__") }
  }
}
