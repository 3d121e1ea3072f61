import CallTrees

/// The id that the linker gives each kernel and each module: it tells whether a symbol file belongs to what was recorded.
public struct BuildID: Sendable, Hashable, CustomStringConvertible {
  /// 20 bytes for the usual SHA-1.
  public var bytes: [UInt8]

  /// Finds the build id among ELF notes (`/sys/kernel/notes`, `/sys/module/NAME/notes/.note.gnu.build-id`, a section of a module's file).
  ///
  /// A note is three 32-bit numbers (length of its name, length of its content, type), then the name and the content, each filled up
  /// to four bytes. A damaged note ends the search: nil.
  public init?(notes: [UInt8]) {
    let notes = LittleEndianBytes(notes)
    var at: UInt64 = 0
    while let nameSize = notes.u32(at: at), let size = notes.u32(at: at + 4), let type = notes.u32(at: at + 8) {
      let start = at + 12 + Self.padded(nameSize)
      guard let name = notes.range(at: at + 12, count: UInt64(nameSize)), let content = notes.range(at: start, count: UInt64(size)) else {
        return nil
      }
      if type == Self.type, notes.bytes[name].elementsEqual(Self.owner), Self.sizes ~= content.count {
        bytes = Array(notes.bytes[content])
        return
      }
      at = start + Self.padded(size)
    }
    return nil
  }

  /// NT_GNU_BUILD_ID, owned by "GNU".
  private static let type: UInt32 = 3
  private static let owner = Array("GNU\0".utf8)
  private static let sizes = 1...64

  private static func padded(_ size: UInt32) -> UInt64 { (UInt64(size) + 3) & ~3 }

  /// Lower-case hexadecimal digits.
  public var description: String { bytes.hexadecimalDigits }
}
