import CCompression

/// The blocks of a version 7 trace-cmd file that are compressed with zstd: sections, and chunks of ring-buffer pages.
///
/// A block is changed inside: unpacked, changed and packed again within its old size, so that all offsets in the file still hold. Random
/// bytes in compressed data never get past the decompressor; these changes do.
public struct PackedBlocks: Sendable {
  public struct Block: Sendable, Hashable {
    /// Where the compressed data begins.
    public var start: Int
    public var packedSize: Int
    public var size: Int
  }

  public private(set) var blocks: [Block] = []

  private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
  private static let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18]
  private static let headerSize = 8

  /// No blocks.
  public init() {}

  /// Finds the blocks of at most `limit` unpacked bytes: those with zstd's magic number behind two sizes that can be.
  public init(_ bytes: UnsafeRawBufferPointer, limit: Int = 1 << 20) {
    var at = Self.headerSize
    while at + 4 <= bytes.count {
      guard bytes[at] == Self.magic[0], bytes[at..<at + 4].elementsEqual(Self.magic) else {
        at += 1
        continue
      }
      let packed = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at - 8, as: UInt32.self)))
      let size = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at - 4, as: UInt32.self)))
      if packed <= bytes.count - at, (1...limit).contains(size) { blocks.append(Block(start: at, packedSize: packed, size: size)) }
      at += 4
    }
  }

  /// Changes the content of a block of `bytes`.
  ///
  /// - Returns: false, with nothing changed, when the block is damaged or its new content needs more room than the old one.
  public static func change(
    _ block: Block, of bytes: UnsafeMutableRawBufferPointer, _ body: (UnsafeMutableRawBufferPointer) -> Void
  ) -> Bool {
    let content = UnsafeMutableRawBufferPointer.allocate(byteCount: block.size, alignment: 8)
    let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: ZSTD_compressBound(block.size), alignment: 8)
    defer {
      content.deallocate()
      packed.deallocate()
    }
    let place = UnsafeMutableRawBufferPointer(rebasing: bytes[block.start..<block.start + block.packedSize])
    guard ZSTD_decompress(content.baseAddress, content.count, place.baseAddress, place.count) == block.size else { return false }
    body(content)
    // A skippable frame fills the rest; its own header has 8 bytes.
    for level: Int32 in [3, 12] {
      let count = ZSTD_compress(packed.baseAddress, packed.count, content.baseAddress, content.count, level)
      guard ZSTD_isError(count) == 0, count == place.count || count + headerSize <= place.count else { continue }
      place.copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[..<count]))
      guard count < place.count else { return true }
      for (index, byte) in skippable.enumerated() { place[count + index] = byte }
      place.storeBytes(of: UInt32(place.count - count - headerSize).littleEndian, toByteOffset: count + 4, as: UInt32.self)
      return true
    }
    return false
  }
}
