import Glibc
import Safeguards

/// Writes a file from its beginning, with places that are filled in later. Nothing is taken for written that is not.
final class FileSink {
  /// What is being written, for messages.
  var part = "its beginning"
  /// Bytes that were handed over: where the next ones go.
  private(set) var offset: UInt64 = 0

  private let descriptor: Int32
  private let path: String
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 18

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
    buffer.reserveCapacity(Self.bufferSize)
  }

  func append(_ bytes: some Collection<UInt8>) throws(DatWriteError) {
    offset += UInt64(bytes.count)
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes zeros up to the next multiple of `alignment`.
  func align(to alignment: Int) throws(DatWriteError) {
    let rest = Int(offset % UInt64(alignment))
    if rest > 0 { try append(repeatElement(0, count: alignment - rest)) }
  }

  /// Replaces bytes that were handed over before.
  func patch(_ bytes: [UInt8], at place: UInt64) throws(DatWriteError) {
    try flush()
    try bytes.withUnsafeBufferPointer { data throws(DatWriteError) in try write(UnsafeRawBufferPointer(data), at: place) }
  }

  /// Brings all to the disk, and ends the file here.
  func finish() throws(DatWriteError) {
    try flush()
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure }
    // A file that was longer before would end with what stood there.
    if status.st_mode & S_IFMT == S_IFREG {
      guard ftruncate(descriptor, off_t(offset)) == 0, fsync(descriptor) == 0 else { throw failure }
    }
  }

  private func flush() throws(DatWriteError) {
    let place = offset - UInt64(buffer.count)
    try buffer.withUnsafeBufferPointer { data throws(DatWriteError) in try write(UnsafeRawBufferPointer(data), at: place) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(_ data: UnsafeRawBufferPointer, at place: UInt64) throws(DatWriteError) {
    let code = Descriptor.write(data, to: descriptor, at: Int(place))
    guard code == 0 else { throw DatWriteError(errno: code, action: .write, part: part, path: path) }
  }

  private var failure: DatWriteError { DatWriteError(errno: errno, action: .write, part: part, path: path) }
}
