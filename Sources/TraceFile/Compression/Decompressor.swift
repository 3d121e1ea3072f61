import CCompression
import Glibc

/// Compression of the sections and chunks of a version 7 file.
package enum Compression: Sendable, Hashable {
  case none
  case zlib
  case zstd

  init?(name: String) {
    switch name {
    case "none": self = .none
    case "zlib": self = .zlib
    case "zstd": self = .zstd
    default: return nil
    }
  }
}

/// Decompresses blocks whose size the file claims. One instance serves one thread.
final class Decompressor {
  /// No section is that large: /proc/kallsyms has 8 to 20 MB, all event formats have 1 MB.
  static let sectionLimit = 64 << 20

  /// Bytes that a chunk may hold: trace-cmd packs 10 pages into one, this project's recorder half a MiB.
  static func chunkLimit(pageSize: Int) -> Int { min(16 << 20, max(1 << 20, 16 * pageSize)) }

  private let compression: Compression
  /// Made for the first zstd block: setting one up for each block takes longer than a small block.
  private var zstd: OpaquePointer?

  init(_ compression: Compression) { self.compression = compression }

  deinit { if let zstd { ZSTD_freeDCtx(zstd) } }

  /// Decompresses `input` into `output`.
  ///
  /// - Returns: the number of bytes, or nil when `input` is damaged or holds more than `output` takes.
  func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
    guard let from = input.baseAddress, let to = output.baseAddress else { return nil }
    switch compression {
    case .none: return nil
    case .zlib:
      var length = uLongf(output.count)
      let result = uncompress(
        to.assumingMemoryBound(to: Bytef.self), &length, from.assumingMemoryBound(to: Bytef.self), uLong(input.count))
      return result == Z_OK ? Int(length) : nil
    case .zstd:
      if zstd == nil { zstd = ZSTD_createDCtx() }
      guard let zstd else { return nil }
      let result = ZSTD_decompressDCtx(zstd, to, output.count, from, input.count)
      return ZSTD_isError(result) == 0 ? result : nil
    }
  }

  /// Decompresses a section: its compressed and its uncompressed size come first.
  ///
  /// - Parameter limit: bytes that it may hold.
  func section(_ cursor: inout ByteCursor, limit: Int = sectionLimit) throws(SectionDamage) -> ByteBlock {
    let origin = cursor.offset
    let input: UnsafeRawBufferPointer
    let size: Int
    do {
      let compressed = try cursor.u32()
      size = Int(try cursor.u32())
      input = try cursor.take(UInt64(compressed))
    } catch {
      throw SectionDamage(offset: error.offset, message: "a compressed section is cut off")
    }
    guard size <= min(limit, Self.sectionLimit), let memory = Self.allocate(size) else {
      throw SectionDamage(offset: origin, message: "a compressed section claims to hold \(size) bytes")
    }
    let count = size == 0 ? 0 : decompress(input, into: UnsafeMutableRawBufferPointer(start: memory, count: size))
    guard let count, count == size else {
      free(memory)
      throw SectionDamage(offset: origin, message: "a compressed section cannot be decompressed")
    }
    return ByteBlock(allocation: UnsafeRawBufferPointer(start: memory, count: size), origin: origin)
  }

  private static let hugePage = 2 << 20

  /// Memory for a section: trace-cmd's list of symbols has 8 MB, whose 2,000 pages take as long as a quarter of its decompression.
  private static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 2 * hugePage else { return malloc(max(size, 1)) }
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, hugePage, size) == 0 else { return nil }
    // Advice: where the kernel does not follow it, the pages are small.
    madvise(memory, size, Int32(MADV_HUGEPAGE))
    return memory
  }
}

/// A section that cannot be used.
struct SectionDamage: Error {
  var offset: UInt64
  var message: String
}
