extension UInt64 {
  /// As the kernel writes an address: `0xffffffffc05fc014`.
  package var hex: String { "0x" + String(self, radix: 16) }
}

extension Sequence<UInt8> {
  /// Two lower-case digits for each byte.
  package var hexadecimalDigits: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
