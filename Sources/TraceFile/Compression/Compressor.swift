import CCompression
import Glibc

/// Compresses blocks with zstd, each for itself.
final class Compressor {
  private let context: OpaquePointer
  private let level: Int32
  private var output: UnsafeMutableRawBufferPointer

  /// The library's version, for the file's header.
  static var version: String { String(cString: ZSTD_versionString()) }

  /// nil: no memory.
  init?(level: Int32) {
    guard let context = ZSTD_createCCtx() else { return nil }
    self.context = context
    self.level = level
    output = .allocate(byteCount: 0, alignment: 16)
  }

  deinit {
    ZSTD_freeCCtx(context)
    output.deallocate()
  }

  /// The compressed block, which stays until the next one. nil: no memory.
  func compress(_ input: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let bound = ZSTD_compressBound(input.count)
    if output.count < bound {
      output.deallocate()
      output = .allocate(byteCount: bound, alignment: 16)
    }
    let count = ZSTD_compressCCtx(context, output.baseAddress, output.count, input.baseAddress, input.count, level)
    return ZSTD_isError(count) == 0 ? UnsafeRawBufferPointer(rebasing: output.prefix(count)) : nil
  }
}
