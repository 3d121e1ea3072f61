import CallTrees

/// The recorded events of one CPU of one ring buffer, cut into pieces that can be decoded apart from one another.
///
/// `nextPiece` is called by one thread at a time; the rest may be called by several.
final class EventStream: @unchecked Sendable {
  /// A stretch of pages, or of compressed chunks.
  struct Piece {
    var bytes: UnsafeRawBufferPointer
    var origin: UInt64
    var chunks: Int
    /// What was found wrong while the piece was cut.
    var damage: Damage?
  }

  let cpu: Int
  private let data: ByteBlock
  private let pageSize: Int
  private let order: ByteOrder
  private let decoder: PageDecoder
  private var cursor: ByteCursor
  private let isCompressed: Bool
  /// Chunks that have not been cut yet.
  private var chunksLeft: UInt32 = 0
  private var isAtEnd = false
  private let budget: UnpackingBudget
  private let chunkLimit: Int

  init(
    cpu: Int, data: ByteBlock, buffer: DatContents.Buffer, order: ByteOrder, decoder: PageDecoder, budget: UnpackingBudget
  ) {
    self.cpu = cpu
    self.data = data
    self.order = order
    self.decoder = decoder
    pageSize = buffer.pageSize
    cursor = data.cursor(order: order)
    isCompressed = buffer.isCompressed
    self.budget = budget
    chunkLimit = Decompressor.chunkLimit(pageSize: buffer.pageSize)
    // A count that is cut off leaves bytes that no chunk accounts for, which is noted when they are met.
    if isCompressed, let count = try? cursor.u32() { chunksLeft = count }
  }

  /// About how many bytes of pages the stream holds, as its first chunks claim.
  var estimatedSize: Int {
    guard isCompressed else { return cursor.remaining }
    var cursor = cursor
    var size = 0
    for _ in 0..<min(chunksLeft, 1 << 16) {
      guard let compressed = try? cursor.u32(), let pages = try? cursor.u32(), (try? cursor.take(UInt64(compressed))) != nil else { break }
      size += Int(pages)
    }
    return size
  }

  // MARK: cutting

  /// The next piece, of about `size` bytes of pages. nil: there is no more.
  func nextPiece(size: Int) -> Piece? {
    if isAtEnd { return nil }
    let piece = isCompressed ? nextChunks(size: size) : nextPages(size: size)
    if piece == nil { isAtEnd = true }
    return piece
  }

  private func nextPages(size: Int) -> Piece? {
    let wanted = max(1, size / pageSize) * pageSize
    let origin = cursor.offset
    guard cursor.remaining > 0, let bytes = try? cursor.take(UInt64(min(wanted, cursor.remaining))) else { return nil }
    return Piece(bytes: bytes, origin: origin, chunks: 0, damage: nil)
  }

  private func nextChunks(size: Int) -> Piece? {
    let start = cursor.position
    let origin = cursor.offset
    var piece = Piece(bytes: data.bytes, origin: origin, chunks: 0, damage: nil)
    var total = 0
    var end = start
    while chunksLeft > 0, total < size {
      do {
        let compressed = try cursor.u32()
        let pages = Int(try cursor.u32())
        guard pages <= chunkLimit, budget.take(bytes: pages) else {
          piece.damage = Damage(offset: cursor.offset, message: "a chunk of CPU \(cpu) claims to hold \(pages) bytes")
          isAtEnd = true
          break
        }
        _ = try cursor.take(UInt64(compressed))
        total += pages
        piece.chunks += 1
        end = cursor.position
        chunksLeft -= 1
      } catch {
        piece.damage = Damage(offset: error.offset, message: "the events of CPU \(cpu) are cut off")
        isAtEnd = true
        break
      }
    }
    if piece.chunks == 0 && piece.damage == nil {
      guard cursor.remaining > Int(DatReaderV7.chunkCountSize) else { return nil }
      piece.damage = Damage(offset: cursor.offset, message: "there is more than the chunks of CPU \(cpu)")
      isAtEnd = true
    }
    piece.bytes = UnsafeRawBufferPointer(rebasing: data.bytes[start..<end])
    return piece
  }

  // MARK: decoding

  func decode(_ piece: Piece, decompressor: Decompressor, into batch: EventBatch) {
    batch.admit(bytes: piece.bytes.count)
    if isCompressed {
      decodeChunks(piece, decompressor: decompressor, into: batch)
    } else {
      decoder.decode(piece.bytes, pageSize: pageSize, origin: piece.origin, isCompressed: false, into: batch)
    }
    if let damage = piece.damage {
      batch.damage.append(damage)
      batch.markLossAtEnd()
    }
  }

  private func decodeChunks(_ piece: Piece, decompressor: Decompressor, into batch: EventBatch) {
    var cursor = ByteCursor(piece.bytes, order: order, origin: piece.origin)
    for _ in 0..<piece.chunks {
      let origin = cursor.offset
      guard let compressed = try? cursor.u32(), let size = try? cursor.u32(), let input = try? cursor.take(UInt64(compressed)) else {
        return
      }
      batch.reservePages(Int(size))
      let pages = UnsafeMutableRawBufferPointer(rebasing: batch.pages.prefix(Int(size)))
      guard let count = decompressor.decompress(input, into: pages), count == pages.count else {
        batch.note(origin, "a chunk of CPU \(cpu) cannot be decompressed")
        batch.markLossAtEnd()
        continue
      }
      decoder.decode(UnsafeRawBufferPointer(pages), pageSize: pageSize, origin: origin, isCompressed: true, into: batch)
    }
  }
}
