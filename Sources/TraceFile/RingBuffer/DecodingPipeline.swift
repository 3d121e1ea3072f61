import CallTrees
import Dispatch
import Glibc

/// Decodes the streams of a file on several threads, a bounded way ahead of the one that takes the batches.
///
/// The batches of a stream come in order, and hold the same whatever the number of threads.
final class DecodingPipeline: @unchecked Sendable {
  // All that changes is guarded by `lock`, but for the streams' cutting, which is too.
  private struct Lane {
    var stream: EventStream
    /// Decoded batches by their number; the one that is taken next has the number `taken`.
    var ready: [Int: EventBatch] = [:]
    var cut = 0
    var taken = 0
    var isAtEnd = false
  }

  /// Bytes of pages that are decoded ahead of the reader, in all streams together.
  private static let lookAhead = 12 << 20
  /// The events of a piece fit into the cache of a processor.
  private static let largestPiece = 256 << 10
  private static let smallestPiece = 64 << 10
  /// Batches per stream: one is being read, some are ready, others are under way.
  private static let batchesAhead = 12

  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var lanes: [Lane]
  private var spare: [EventBatch] = []
  private var isStopped = false
  private let pieceSize: Int
  private let ahead: Int
  private let compression: Compression
  private let ownDecompressor: Decompressor
  private let workers = DispatchGroup()

  /// Starts `threads` threads beside the caller's, which decodes too when it would have to wait.
  init(streams: [EventStream], compression: Compression, threads: Int) {
    lock = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
    lanes = streams.map { Lane(stream: $0) }
    self.compression = compression
    ownDecompressor = Decompressor(compression)
    let share = Self.lookAhead / max(1, streams.count)
    pieceSize = min(Self.largestPiece, max(Self.smallestPiece, share / Self.batchesAhead))
    ahead = min(Self.batchesAhead, max(2, share / pieceSize))
    for _ in 0..<threads {
      // They wait for work, and would take the global queue's threads from others.
      DispatchQueue(label: "decoder", qos: .userInitiated).async(group: workers) { self.work() }
    }
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    lock.deallocate()
    changed.deallocate()
  }

  /// Ends the threads. No batch can be taken afterwards.
  func stop() {
    pthread_mutex_lock(lock)
    isStopped = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
    workers.wait()
  }

  /// The next batch of the stream with this index, or nil at its end. It is given back with `giveBack(_:)`.
  func take(_ index: Int) -> EventBatch? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while true {
      if let batch = lanes[index].ready.removeValue(forKey: lanes[index].taken) {
        lanes[index].taken += 1
        pthread_cond_broadcast(changed)
        return batch
      }
      if lanes[index].cut == lanes[index].taken {
        guard let piece = cut(index) else { return nil }
        decode(piece, of: index, decompressor: ownDecompressor)
      } else if let other = nextLane() {
        // Another thread has the piece in work. This one does not wait for it, but takes the next one.
        if let piece = cut(other) { decode(piece, of: other, decompressor: ownDecompressor) }
      } else {
        pthread_cond_wait(changed, lock)
      }
    }
  }

  func giveBack(_ batch: EventBatch) {
    batch.clear()
    pthread_mutex_lock(lock)
    spare.append(batch)
    pthread_mutex_unlock(lock)
  }

  // MARK: working, with the lock held where nothing else is said

  private func work() {
    let decompressor = Decompressor(compression)
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while !isStopped {
      if let index = nextLane() {
        if let piece = cut(index) { decode(piece, of: index, decompressor: decompressor) }
      } else if lanes.allSatisfy(\.isAtEnd) {
        return
      } else {
        pthread_cond_wait(changed, lock)
      }
    }
  }

  /// The stream with the fewest batches ahead of the reader.
  private func nextLane() -> Int? {
    var best: Int?
    var fewest = ahead
    for index in lanes.indices where !lanes[index].isAtEnd && lanes[index].cut - lanes[index].taken < fewest {
      best = index
      fewest = lanes[index].cut - lanes[index].taken
    }
    return best
  }

  private func cut(_ index: Int) -> (piece: EventStream.Piece, number: Int)? {
    if lanes[index].isAtEnd { return nil }
    guard let piece = lanes[index].stream.nextPiece(size: pieceSize) else {
      lanes[index].isAtEnd = true
      pthread_cond_broadcast(changed)
      return nil
    }
    lanes[index].cut += 1
    return (piece, lanes[index].cut - 1)
  }

  /// Decodes a piece; the lock is open meanwhile.
  private func decode(_ cut: (piece: EventStream.Piece, number: Int), of index: Int, decompressor: Decompressor) {
    let batch = spare.popLast() ?? EventBatch()
    let stream = lanes[index].stream
    pthread_mutex_unlock(lock)
    stream.decode(cut.piece, decompressor: decompressor, into: batch)
    pthread_mutex_lock(lock)
    lanes[index].ready[cut.number] = batch
    pthread_cond_broadcast(changed)
  }
}
