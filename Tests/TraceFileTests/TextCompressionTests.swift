import CCompression
import CallTrees
import Corruption
import Testing

@testable import TraceFile

/// Compressed texts: whole, cut, broken, and larger than is believed.
@Suite struct TextCompressionTests {
  static let formats: [CompressedInput.Format] = [.gzip, .xz, .zstd]

  private func compressed(_ bytes: [UInt8], _ format: CompressedInput.Format) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: bytes.count + (1 << 16))
    var size = 0
    switch format {
    case .gzip:
      var stream = z_stream()
      try #require(deflateInit2_(&stream, 9, Z_DEFLATED, 15 + 16, 8, 0, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
      var input = bytes
      input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
          stream.next_in = input.baseAddress
          stream.avail_in = UInt32(input.count)
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        }
      }
      size = output.count - Int(stream.avail_out)
      deflateEnd(&stream)
    case .xz: #expect(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nil, bytes, bytes.count, &output, &size, output.count) == LZMA_OK)
    case .zstd:
      size = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
      #expect(ZSTD_isError(size) == 0)
    }
    return Array(output[..<size])
  }

  private func unpacked(
    _ bytes: [UInt8], limit: Int = CompressedInput.maximumSize, freeSize: Int = 1 << 20
  ) throws -> (bytes: [UInt8], damage: Damage?) {
    try bytes.withUnsafeBytes { try CompressedInput.decompress($0, limit: limit, freeSize: freeSize) }
  }

  /// Text of more than one step, which does not pack to nothing.
  private static let text: [UInt8] = {
    var random = Corrupter(seed: 4)
    return (0..<20_000).flatMap { Array(" 0)   1.\($0 % 1000) us    |  f\(UInt16.random(in: 0...999, using: &random))();\n".utf8) }
  }()

  @Test(arguments: formats) func wholeAndPutTogether(_ format: CompressedInput.Format) throws {
    let packed = try compressed(Self.text, format)
    #expect(packed.withUnsafeBytes { CompressedInput.format($0) } == format)
    let whole = try unpacked(packed)
    #expect(whole.bytes == Self.text)
    #expect(whole.damage == nil)
    let twice = try unpacked(packed + packed)
    #expect(twice.bytes.count == Self.text.count * 2)
    #expect(twice.damage == nil)
  }

  @Test(arguments: formats) func cutAndBroken(_ format: CompressedInput.Format) throws {
    let packed = try compressed(Self.text, format)
    let cut = try unpacked(Array(packed[..<(packed.count * 3 / 4)]))
    #expect(cut.damage?.message == "the \(format.rawValue) data end early: the text is cut here")
    #expect(cut.damage?.offset == UInt64(packed.count * 3 / 4))
    #expect(cut.bytes.count > 1000)
    #expect(Self.text.starts(with: cut.bytes))
    var random = Corrupter(seed: 5)
    for _ in 0..<40 {
      var broken = packed
      broken[Int.random(in: 6..<broken.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      _ = try? unpacked(broken)
      _ = try? unpacked(Array(packed[..<Int.random(in: 0..<packed.count, using: &random)]))
    }
  }

  @Test(arguments: formats) func limits(_ format: CompressedInput.Format) throws {
    let packed = try compressed(Self.text, format)
    let error = #expect(throws: TextTraceError.self) { try unpacked(packed, limit: 1000) }
    #expect(error?.message == "the compressed text is longer than 1000 bytes")
    let zeros = try compressed([UInt8](repeating: 0x20, count: 4 << 20), format)
    let bomb = #expect(throws: TextTraceError.self) { try unpacked(zeros) }
    #expect(bomb?.message == "the compressed text grows to more than 250 times its size, which no trace does")
  }

  @Test func notCompressed() {
    #expect(throws: TextTraceError.self) { try unpacked(Array("cpus=2\n".utf8)) }
    #expect(throws: TextTraceError.self) { try unpacked([0x1f, 0x8b]) }
  }
}
