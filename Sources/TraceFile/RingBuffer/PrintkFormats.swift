import CallTrees

/// The format strings of `trace_printk`, by their addresses: the text of `printk_formats`.
struct PrintkFormats: Sendable {
  private let text: ByteBlock?
  /// Where the line of each address lies in the text. A kernel has hundreds of lines, and a recording asks for none or for few.
  private var lines: [UInt64: Range<Int>] = [:]

  /// Lines read `0xffffffff82a0e8c0 : "text\n"`.
  init(_ text: ByteBlock?) {
    self.text = text
    guard let bytes = text?.bytes, let base = bytes.baseAddress else { return }
    var start = 0
    while start < bytes.count {
      let end = bytes.lineEnd(from: start)
      let line = TextBytes(base: (base + start).assumingMemoryBound(to: UInt8.self), count: end - start)
      var at = 2
      if line[0] == UInt8(ascii: "0"), line[1] == UInt8(ascii: "x"), let address = line.hexadecimal(&at) { lines[address] = start..<end }
      start = end + 1
    }
  }

  /// The format string at an address. Its arguments are not filled in: no analysis needs them.
  func text(_ address: UInt64) -> String {
    guard let bytes = text?.bytes, let line = lines[address], let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")) else {
      return address.hex
    }
    var format = bytes[(colon + 1)..<line.upperBound].drop { $0 == UInt8(ascii: " ") }
    if format.first == UInt8(ascii: "\"") { format = format.dropFirst() }
    if format.last == UInt8(ascii: "\"") { format = format.dropLast() }
    if format.suffix(2).elementsEqual("\\n".utf8) { format = format.dropLast(2) }
    return String(decoding: format, as: UTF8.self)
  }
}
