import Glibc
import Safeguards

/// Pages of one CPU's ring buffer in a file, as they were read from `per_cpu/cpuN/trace_pipe_raw`.
public struct SpooledPages: Sendable {
  public var cpu: Int
  /// An open file, which is read from its beginning, wherever its position is.
  public var descriptor: Int32
  /// Bytes of pages in the file.
  public var size: Int
  /// The file's name, for messages.
  public var path: String

  public init(cpu: Int, descriptor: Int32, size: Int, path: String) {
    self.cpu = cpu
    self.descriptor = descriptor
    self.size = size
    self.path = path
  }

  /// Bytes that are in memory at once.
  private static let pieceSize = 1 << 20

  /// Hands over one page after the other; the last one may be cut.
  func forEachPage(size pageSize: Int, _ body: (UnsafeRawBufferPointer) throws(DatWriteError) -> Void) throws(DatWriteError) {
    let capacity = max(1, Self.pieceSize / pageSize) * pageSize
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    defer { piece.deallocate() }
    var position = 0
    while position < size {
      let wanted = UnsafeMutableRawBufferPointer(rebasing: piece.prefix(min(capacity, size - position)))
      try read(into: wanted, at: position)
      var start = 0
      while start < wanted.count {
        let end = min(start + pageSize, wanted.count)
        try body(UnsafeRawBufferPointer(rebasing: wanted[start..<end]))
        start = end
      }
      position += wanted.count
    }
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DatWriteError) {
    var count = 0
    while count < buffer.count {
      let got = Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]), at: position + count)
      guard got > 0 else {
        throw DatWriteError(errno: got < 0 ? errno : 0, action: .read, part: "the events of CPU \(cpu)", path: path)
      }
      count += got
    }
  }
}
