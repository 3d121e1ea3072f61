import Glibc

/// Bytes that stay where they are as long as somebody holds the block: a file in memory, a part of it, or memory of its own.
///
/// The bytes never change after `init`, so the block may be shared between threads.
final class ByteBlock: @unchecked Sendable {
  private enum Owner {
    case mapping
    case allocation
    case part(of: ByteBlock)
  }

  let bytes: UnsafeRawBufferPointer
  /// Offset in the file of the first byte, for messages. A decompressed section has the offset of its compressed data.
  let origin: UInt64
  private let owner: Owner

  /// Takes over memory from `mmap`.
  init(mapping bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    origin = 0
    owner = .mapping
  }

  /// Takes over memory from `malloc`.
  init(allocation bytes: UnsafeRawBufferPointer, origin: UInt64) {
    self.bytes = bytes
    self.origin = origin
    owner = .allocation
  }

  /// A part of another block; nil when it does not lie within.
  init?(of block: ByteBlock, offset: UInt64, count: UInt64) {
    let total = UInt64(block.bytes.count)
    guard offset <= total, count <= total - offset else { return nil }
    bytes = UnsafeRawBufferPointer(rebasing: block.bytes[Int(offset)..<Int(offset + count)])
    origin = block.origin &+ offset
    owner = .part(of: block)
  }

  deinit {
    guard let base = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return }
    switch owner {
    case .mapping: munmap(base, bytes.count)
    case .allocation: free(base)
    case .part: break
    }
  }

  func cursor(order: ByteOrder) -> ByteCursor { ByteCursor(bytes, order: order, origin: origin) }
}
