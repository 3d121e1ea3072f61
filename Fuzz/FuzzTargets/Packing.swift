import CCompression

/// Compression as inputs have it.
enum Packing: CaseIterable {
  case none
  case zlib
  case zstd

  /// As a trace-cmd file calls it.
  var name: String {
    switch self {
    case .none: "none"
    case .zlib: "zlib"
    case .zstd: "zstd"
    }
  }

  func pack(_ bytes: [UInt8]) -> [UInt8] {
    guard self != .none else { return bytes }
    var output = [UInt8](repeating: 0, count: max(ZSTD_compressBound(bytes.count), Int(compressBound(uLong(bytes.count)))))
    var count = uLongf(output.count)
    if self == .zstd {
      count = uLongf(ZSTD_compress(&output, output.count, bytes, bytes.count, 1))
    } else {
      compress2(&output, &count, bytes, uLong(bytes.count), 1)
    }
    return Array(output.prefix(Int(count)))
  }

  /// What is packed; nil when that is damaged or has another size.
  func unpack(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    guard self != .none else { return Array(bytes) }
    var output = [UInt8](repeating: 0, count: max(size, 1))
    let input = Array(bytes)
    var count = uLongf(size)
    if self == .zstd {
      count = uLongf(clamping: ZSTD_decompress(&output, size, input, input.count))
    } else {
      guard uncompress(&output, &count, input, uLong(input.count)) == Z_OK else { return nil }
    }
    return count == size ? Array(output.prefix(size)) : nil
  }

  /// A gzip file.
  static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard deflateInit2_(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
    let size = output.count
    return input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        stream.next_in = from.baseAddress
        stream.avail_in = UInt32(from.count)
        stream.next_out = to.baseAddress
        stream.avail_out = UInt32(size)
        return deflate(&stream, Z_FINISH) == Z_STREAM_END ? Array(to.prefix(size - Int(stream.avail_out))) : nil
      }
    }
  }

  /// An xz file.
  static func xz(_ bytes: [UInt8]) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: lzma_stream_buffer_bound(bytes.count))
    var count = 0
    guard lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, nil, bytes, bytes.count, &output, &count, output.count) == LZMA_OK else {
      return nil
    }
    return Array(output.prefix(count))
  }
}
