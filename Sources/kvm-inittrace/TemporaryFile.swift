import Glibc

/// A file that is written under another name beside its place, and renamed when it is whole: no reader ever sees half of it.
final class TemporaryFile {
  let path: String
  private(set) var descriptor: Int32
  /// The file whose place it takes; a link leads to it.
  private let target: String
  private var isThere = true

  /// - Throws: `CommandFailure` when it cannot be made.
  init(beside output: String) throws {
    var target = output
    if let resolved = realpath(output, nil) {
      target = String(cString: resolved)
      free(resolved)
    }
    var name = Array((target + ".XXXXXX").utf8CString)
    descriptor = mkstemp(&name)
    if descriptor < 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    self.target = target
  }

  /// Puts it in the place of `output`.
  func replace(_ output: String) throws {
    let file = descriptor
    descriptor = -1
    if close(file) != 0 || rename(path, target) != 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    isThere = false
  }

  /// Copies what it holds.
  func copy(to out: inout OutputStream) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    let file = open(path, O_RDONLY | O_CLOEXEC)
    defer { if file >= 0 { close(file) } }
    while true {
      let count = file < 0 ? -1 : read(file, &buffer, buffer.count)
      if count < 0, file >= 0, errno == EINTR { continue }
      if count < 0 { throw CommandFailure.cannotWrite(path, errno: errno) }
      if count == 0 { return }
      out.write(bytes: Array(buffer[..<count]))
    }
  }

  /// Takes it away, unless it has taken its place.
  func remove() {
    if descriptor >= 0 { close(descriptor) }
    if isThere { unlink(path) }
    (descriptor, isThere) = (-1, false)
  }
}
