import Testing

@testable import Exports

@Suite struct ProtobufWriterTests {
  private func bytes(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    body(&writer)
    return writer.bytes
  }

  /// The examples of the encoding's documentation.
  @Test func wireFormat() {
    #expect(bytes { $0.field(1, 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.field(2, "testing") } == [0x12, 0x07] + Array("testing".utf8))
    #expect(bytes { $0.message(3) { $0.field(1, 150) } } == [0x1a, 0x03, 0x08, 0x96, 0x01])
    #expect(bytes { $0.field(60, 0) } == [0xe0, 0x03, 0x00])
  }

  @Test func negativeNumbersTakeTenBytes() {
    #expect(bytes { $0.field(4, Int64(-1)) } == [0x20] + [UInt8](repeating: 0xff, count: 9) + [0x01])
    #expect(bytes { $0.field(4, Int32(-95)) } == bytes { $0.field(4, Int64(-95)) })
  }

  @Test(arguments: [0, 1, 126, 127, 128, 129, 16_383, 16_384, 100_000]) func lengths(_ count: Int) throws {
    let text = String(repeating: "x", count: count)
    let written = bytes { out in
      out.message(1) { out in
        out.message(2) { $0.field(3, text) }
        out.field(4, 7)
      }
      out.field(5, 8)
    }
    let message = try #require(ProtobufMessage(written))
    let inner = try #require(message.messages(1).first)
    #expect(inner.messages(2).first?.text(3) == text)
    #expect(inner.number(4) == 7 && message.number(5) == 8 && message.fields.count == 2)
  }
}
