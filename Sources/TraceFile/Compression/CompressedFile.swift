import CallTrees

/// Files of any content that are compressed as a whole: gzip, xz and zstd.
public enum CompressedFile {
  /// Why a file cannot be unpacked.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String
  }

  /// What the compressed bytes hold, or nil when they are not compressed.
  ///
  /// - Parameter limit: the greatest size of the unpacked content, in bytes.
  /// - Throws: `Failure` when the data end early, are broken or too large: a part of the content is of no use.
  public static func contents(of bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8]? {
    guard let format = bytes.withUnsafeBytes({ CompressedInput.format($0) }) else { return nil }
    let unpacked: (bytes: [UInt8], damage: Damage?)
    do {
      unpacked = try bytes.withUnsafeBytes { try CompressedInput.decompress($0, limit: limit, isText: false) }
    } catch {
      throw Failure(description: "its \(format.rawValue) data are broken, or grow to more than \(limit >> 20) MiB")
    }
    if let damage = unpacked.damage {
      throw Failure(description: "its \(format.rawValue) data are broken or end early" + (damage.offset.map { " at byte \($0)" } ?? ""))
    }
    return unpacked.bytes
  }
}
