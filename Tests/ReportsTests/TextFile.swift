import Glibc
import Testing

/// A file of the repository, for tests of this target, which does without Foundation.
enum TextFile {
  static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

  /// - Parameter path: from the root of the repository.
  static func read(_ path: String) throws -> String {
    let file = try #require(fopen("\(root)/\(path)", "r"), "\(path) cannot be opened")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
