import CCompression

/// gzip, also of several members one after the other.
final class GzipDecoder: StreamDecoder {
  private var stream = z_stream()

  init?() {
    // 15 window bits, and 16 for the gzip container.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
    let given = min(input.count, Int(UInt32.max))
    stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(given)
    stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(output.count)
    let result = inflate(&stream, Z_NO_FLUSH)
    let consumed = given - Int(stream.avail_in)
    let produced = output.count - Int(stream.avail_out)
    return DecoderStep(consumed: consumed, produced: produced, state: state(result, rest: input.dropFirst(consumed)))
  }

  private func state(_ result: Int32, rest: Slice<UnsafeRawBufferPointer>) -> DecoderStep.State {
    switch result {
    case Z_OK, Z_BUF_ERROR: return .running
    case Z_STREAM_END:
      guard rest.starts(with: CompressedInput.Format.gzip.magic) else { return .finished }
      inflateReset(&stream)
      return .running
    default: return .broken(stream.msg.map { String(cString: $0) } ?? "zlib error \(result)")
    }
  }

  func close() { inflateEnd(&stream) }
}

/// xz, also of several streams one after the other.
final class XZDecoder: StreamDecoder {
  private var stream = lzma_stream()
  /// The strongest preset needs 65 MB.
  private static let memoryLimit: UInt64 = 256 << 20
  /// `LZMA_CONCATENATED`, a macro that Swift does not see.
  private static let concatenated: UInt32 = 0x08

  init?() {
    guard lzma_stream_decoder(&stream, Self.memoryLimit, Self.concatenated) == LZMA_OK else { return nil }
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
    stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = input.count
    stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = output.count
    // The whole rest of the file is given, so that its end is the end of the input.
    let result = lzma_code(&stream, LZMA_FINISH)
    return DecoderStep(consumed: input.count - stream.avail_in, produced: output.count - stream.avail_out, state: state(result))
  }

  private func state(_ result: lzma_ret) -> DecoderStep.State {
    switch result {
    case LZMA_OK, LZMA_BUF_ERROR: .running
    case LZMA_STREAM_END: .finished
    case LZMA_MEMLIMIT_ERROR: .broken("they need more than \(Self.memoryLimit >> 20) MB of memory")
    case LZMA_DATA_ERROR: .broken("data error")
    case LZMA_FORMAT_ERROR: .broken("not xz")
    default: .broken("liblzma error \(result.rawValue)")
    }
  }

  func close() { lzma_end(&stream) }
}

/// zstd, also of several frames one after the other.
final class ZstdDecoder: StreamDecoder {
  private let stream: OpaquePointer

  init?() {
    guard let stream = ZSTD_createDStream() else { return nil }
    self.stream = stream
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = ZSTD_decompressStream(stream, &target, &source)
    let state: DecoderStep.State
    if ZSTD_isError(result) != 0 {
      state = .broken(String(cString: ZSTD_getErrorName(result)))
    } else {
      // 0: a frame is complete; another one may follow.
      state = result == 0 && source.pos == input.count ? .finished : .running
    }
    return DecoderStep(consumed: source.pos, produced: target.pos, state: state)
  }

  func close() { ZSTD_freeDStream(stream) }
}
