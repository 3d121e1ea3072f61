import Glibc

/// Reading and writing through descriptors of files. A signal interrupts neither.
public enum Descriptor {
  /// Reads what there is, as many bytes as fit.
  ///
  /// - Parameter offset: where in the file; nil: where it stands.
  /// - Returns: bytes that were read, 0 at the end; negative when that failed, with `errno`.
  public static func read(_ file: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int? = nil) -> Int {
    while true {
      let count =
        if let offset {
          pread(file, buffer.baseAddress, buffer.count, off_t(offset))
        } else {
          Glibc.read(file, buffer.baseAddress, buffer.count)
        }
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Reads to the file's end, whatever size it tells.
  ///
  /// - Parameters:
  ///   - start: where in the file to begin; nil: where it stands, as a pipe needs it.
  ///   - limit: bytes at most.
  /// - Returns: nil when that failed, with `errno`.
  public static func contents(of file: Int32, from start: Int? = nil, limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let wanted = min(piece.count, limit - bytes.count)
      let place = start.map { $0 + bytes.count }
      let count = piece.withUnsafeMutableBytes { read(file, into: UnsafeMutableRawBufferPointer(rebasing: $0.prefix(wanted)), at: place) }
      if count < 0 { return nil }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }

  /// Writes all of `bytes`.
  ///
  /// - Parameter offset: where in the file; nil: where it stands.
  /// - Returns: 0, or the `errno` of what stopped it.
  public static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int? = nil) -> Int32 {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count =
        if let offset {
          pwrite(file, rest.baseAddress, rest.count, off_t(offset + done))
        } else {
          Glibc.write(file, rest.baseAddress, rest.count)
        }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : ENOSPC }
      done += count
    }
    return 0
  }
}
