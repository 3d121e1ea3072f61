import Glibc
import Safeguards

/// A file that is written under another name beside its place, and takes it when it is whole.
final class TemporaryFile {
  private let file: PendingFile

  /// - Throws: `CommandFailure` when it cannot be made.
  init(for output: String, isReadBack: Bool = false) throws {
    let mask = umask(0)
    umask(mask)
    do {
      file = try PendingFile(for: output, mode: 0o666 & ~mask, isReadBack: isReadBack)
    } catch {
      throw CommandFailure.cannotWrite(output, error)
    }
  }

  var path: String { file.path }
  /// Whether nobody else can lead its path elsewhere.
  var isPrivate: Bool { file.isPrivate }
  var descriptor: Int32 { file.descriptor }

  /// Puts it in the place of `output`.
  func replace(_ output: String) throws {
    do {
      try file.commit()
    } catch {
      throw CommandFailure.cannotWrite(output, error)
    }
  }

  /// Copies what it holds.
  func copy(to out: inout OutputStream) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var offset = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { Descriptor.read(file.descriptor, into: $0, at: offset) }
      if count < 0 { throw CommandFailure.cannotWrite(path, errno: errno) }
      if count == 0 { return }
      out.write(bytes: Array(buffer[..<count]))
      offset += count
    }
  }

  /// Takes it away, unless it has taken its place.
  func remove() { file.discard() }
}
