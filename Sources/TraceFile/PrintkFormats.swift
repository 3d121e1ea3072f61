/// The format strings of `trace_printk`, by their addresses: the text of `printk_formats`.
struct PrintkFormats: Sendable {
  private var formats: [UInt64: String] = [:]

  /// Lines read `0xffffffff82a0e8c0 : "text\n"`.
  init(_ text: UnsafeRawBufferPointer?) {
    guard let text else { return }
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = String(decoding: line, as: UTF8.self).split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let address = UInt64(parts[0].drop { $0 == " " }.dropFirst(2).prefix { $0 != " " }, radix: 16) else {
        continue
      }
      var format = parts[1].drop { $0 == " " }
      if format.hasPrefix("\"") { format = format.dropFirst() }
      if format.hasSuffix("\"") { format = format.dropLast() }
      if format.hasSuffix("\\n") { format = format.dropLast(2) }
      formats[address] = String(format)
    }
  }

  /// The format string at an address. Its arguments are not filled in: no analysis needs them.
  func text(_ address: UInt64) -> String { formats[address] ?? "0x" + String(address, radix: 16) }
}
