import Exports

/// Takes what an export writes, as text.
struct TextSink: ByteOutput {
  private var bytes: [UInt8] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func write(_ string: String) { bytes += string.utf8 }
  mutating func write(bytes: [UInt8]) { self.bytes += bytes }
}
