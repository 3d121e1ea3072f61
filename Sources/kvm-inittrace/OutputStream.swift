import Exports
import Safeguards

/// A buffered stream to a file descriptor. The first error is kept, and later writes are dropped.
struct OutputStream: ByteOutput {
  private let file: Int32
  private var buffer: [UInt8] = []
  /// `errno` of the first write that failed, or 0.
  private(set) var error: Int32 = 0
  private static let capacity = 1 << 18

  init(file: Int32) {
    self.file = file
    buffer.reserveCapacity(Self.capacity + 4096)
  }

  mutating func write(_ string: String) {
    var string = string
    string.withUTF8 { buffer.append(contentsOf: $0) }
    if buffer.count >= Self.capacity { flush() }
  }

  mutating func write(bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { flush() }
  }

  mutating func flush() {
    guard error == 0 else { return buffer.removeAll(keepingCapacity: true) }
    error = buffer.withUnsafeBytes { Descriptor.write($0, to: file) }
    buffer.removeAll(keepingCapacity: true)
  }
}
