import Glibc
import KVMStages
import Safeguards

/// An expectations file, YAML or JSON.
public struct ExpectationsFile {
  public let path: String
  public let expectations: Expectations
  let document: DocumentNode
  /// Whether it holds comments, which `--update` cannot keep.
  public let hasComments: Bool

  /// Reads the file at `path`; `-` is standard input.
  public init(path: String) throws(ExpectationsError) {
    try self.init(try Self.bytes(of: path), path: path)
  }

  /// Reads what is in memory. `path` is its name in messages.
  public init(_ bytes: [UInt8], path: String) throws(ExpectationsError) {
    self.path = path
    (document, hasComments) = try DocumentReader.read(bytes, path: path)
    expectations = try ExpectationsReader(path: path).expectations(document)
  }

  private static func bytes(of path: String) throws(ExpectationsError) -> [UInt8] {
    let file = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw cannotRead(path, errno) }
    defer { close(file) }
    // One byte more than may be: the reader says that it is too long.
    guard let bytes = Descriptor.contents(of: file, limit: DocumentReader.sizeLimit + 1) else { throw cannotRead(path, errno) }
    return bytes
  }

  private static func cannotRead(_ path: String, _ code: Int32) -> ExpectationsError {
    let isDenied = code == EACCES || code == EPERM
    return ExpectationsError(
      path: path, "the expectations cannot be read: \(String(cString: strerror(code))); check the name, or write them with --update",
      exitCode: isDenied ? 77 : 66)
  }
}
