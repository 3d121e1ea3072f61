import Glibc

extension UnsafeRawBufferPointer {
  /// Index of the next `byte` at or after `start`.
  @inline(__always)
  func nextIndex(of byte: UInt8, from start: Int) -> Int? {
    guard let base = baseAddress, start >= 0, start < count else { return nil }
    return memchr(base + start, Int32(byte), count - start).map { UnsafeRawPointer($0) - base }
  }

  /// Where the line that `start` is in ends: at its line feed, or with the bytes.
  @inline(__always)
  func lineEnd(from start: Int) -> Int { nextIndex(of: UInt8(ascii: "\n"), from: start) ?? count }

  /// How many line feeds there are.
  var lineFeeds: Int { reduce(0) { $0 &+ ($1 == UInt8(ascii: "\n") ? 1 : 0) } }
}
