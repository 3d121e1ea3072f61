import CTrace
import Safeguards

/// Finds fields in the text of an event's `format` file, through libtraceevent.
///
/// The library trusts its input, so it sees only text that has been checked, and only the declarations of fields.
final class FormatParser {
  /// Text is larger for no event of any kernel: the longest has 20 KB.
  static let textLimit = 1 << 16
  /// Text that one parser takes in all: the library keeps some times as much memory, and looks through all events for each one. All events
  /// of a kernel together have 2 MB, and few of them are parsed.
  private static let totalLimit = 2 << 20

  /// The library (1.7 at least) keeps the text that it parses in static variables: one thread at a time.
  private static let library = Locked(())

  private let handle: OpaquePointer
  private var room = totalLimit

  /// nil: no memory.
  init?(order: ByteOrder, longSize: Int, pageSize: Int) {
    Self.library.withLock { _ in tep_set_loglevel(TEP_LOG_NONE) }
    guard let handle = tep_alloc() else { return nil }
    self.handle = handle
    tep_set_file_bigendian(handle, order.isBigEndian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN)
    tep_set_local_bigendian(handle, ByteOrder(isBigEndian: true).isSwapped ? TEP_LITTLE_ENDIAN : TEP_BIG_ENDIAN)
    tep_set_long_size(handle, Int32(longSize))
    tep_set_page_size(handle, Int32(pageSize))
  }

  deinit { tep_free(handle) }

  /// Reads the text of `events/header_page`.
  ///
  /// - Returns: the size of a page's commit word (a `long` of the kernel), or nil for a text that makes no sense.
  func commitSize(headerPage text: UnsafeRawBufferPointer, longSize: Int) -> Int? {
    guard var checked = Self.declarations(text, needsAll: true) else { return nil }
    let size = UInt(checked.count)
    checked.append(0)
    let result = checked.withUnsafeMutableBytes { bytes -> Int32 in
      guard let base = bytes.baseAddress else { return -1 }
      let text = base.assumingMemoryBound(to: CChar.self)
      return Self.library.withLock { _ in tep_parse_header_page(handle, text, size, Int32(longSize)) }
    }
    guard result == 0 else { return nil }
    let commit = Int(tep_get_header_page_size(handle))
    return tep_get_header_timestamp_size(handle) == 8 && (commit == 4 || commit == 8) ? commit : nil
  }

  /// The fields of an event, by name, those common to all events among them. nil: the text is not that of a format.
  func fields(_ text: UnsafeRawBufferPointer, name: Substring, id: UInt16, system: String) -> [String: FieldSlot]? {
    room -= min(text.count, room)
    guard text.count <= Self.textLimit, room > 0, let declarations = Self.declarations(text, needsAll: false) else { return nil }
    // The library's parser of expressions is not needed, and its recursion follows the text's.
    var checked = Array("name: \(name)\nID: \(id)\nformat:\n".utf8)
    checked += declarations
    checked += Array("\nprint fmt: \"\"\n".utf8)
    let size = UInt(checked.count)
    checked.append(0)
    let result = checked.withUnsafeBytes { bytes -> tep_errno in
      guard let base = bytes.baseAddress else { return TEP_ERRNO__PARSE_EVENT_FAILED }
      let text = base.assumingMemoryBound(to: CChar.self)
      return Self.library.withLock { _ in tep_parse_event(handle, text, size, system) }
    }
    guard result == TEP_ERRNO__SUCCESS, let event = tep_find_event(handle, Int32(id)) else { return nil }
    var slots: [String: FieldSlot] = [:]
    Self.collect(event.pointee.format.common_fields, into: &slots)
    Self.collect(event.pointee.format.fields, into: &slots)
    return slots
  }

  private static func collect(_ first: UnsafeMutablePointer<tep_format_field>?, into slots: inout [String: FieldSlot]) {
    var next = first
    while let field = next?.pointee {
      next = field.next
      guard let name = field.name, let offset = UInt16(exactly: field.offset), let size = UInt16(exactly: field.size) else { continue }
      slots[String(cString: name)] = FieldSlot(offset: offset, size: size, form: form(of: field))
    }
  }

  private static func form(of field: tep_format_field) -> FieldSlot.Form {
    func has(_ flag: tep_format_flags) -> Bool { field.flags & UInt(flag.rawValue) != 0 }
    if has(TEP_FIELD_IS_RELATIVE) { return .relativelyLocated }
    if has(TEP_FIELD_IS_DYNAMIC) { return .located }
    if has(TEP_FIELD_IS_ARRAY) || has(TEP_FIELD_IS_STRING) { return .text }
    return has(TEP_FIELD_IS_SIGNED) ? .signed : .unsigned
  }

  // MARK: checking

  /// The lines of `text` that declare fields, and the empty line between the common fields and the event's own.
  ///
  /// - Parameter needsAll: nil for a text in which something else stands before the print format.
  private static func declarations(_ text: UnsafeRawBufferPointer, needsAll: Bool) -> [UInt8]? {
    guard text.count <= textLimit else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var found = false
    var start = 0
    while start < text.count {
      let end = text.lineEnd(from: start)
      let line = text[start..<end]
      start = end + 1
      if line.starts(with: "print fmt:".utf8) { break }
      if line.isEmpty {
        if found { result.append(UInt8(ascii: "\n")) }
      } else if isDeclaration(line) {
        result.append(contentsOf: line)
        result.append(UInt8(ascii: "\n"))
        found = true
      } else if needsAll {
        return nil
      }
    }
    return found ? result : nil
  }

  /// Whether a line reads `field:TYPE NAME; offset:N; size:N; signed:N;` as the kernel writes it; the sign may be missing.
  private static func isDeclaration(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
    let labels: [StaticString] = ["offset:", "size:", "signed:"]
    var rest = line
    var count = 0
    while let end = rest.firstIndex(of: UInt8(ascii: ";")) {
      let part = trimmed(rest[..<end])
      rest = rest[(end + 1)...]
      count += 1
      if count == 1 {
        guard part.starts(with: "field:".utf8), isPlainDeclaration(part.dropFirst(6)) else { return false }
      } else {
        guard count - 2 < labels.count, part.isEmpty || isNumber(part, behind: labels[count - 2]) else { return false }
      }
    }
    return count > labels.count - 1 && trimmed(rest).isEmpty
  }

  /// Whether `part` is the label and a number of at most seven digits: a sub-buffer has up to 1,048,560 bytes of data.
  private static func isNumber(_ part: Slice<UnsafeRawBufferPointer>, behind label: StaticString) -> Bool {
    let digits = part.dropFirst(label.utf8CodeUnitCount)
    return part.starts(with: UnsafeBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount))
      && (1...7).contains(digits.count) && digits.allSatisfy(isDigit)
  }

  /// Whether `TYPE NAME` is made of words, stars and at most one pair of brackets: `unsigned long func`, `__data_loc char[] msg`,
  /// `char comm[16]`. Other declarations do occur, in events that are of no interest here.
  private static func isPlainDeclaration(_ declaration: Slice<UnsafeRawBufferPointer>) -> Bool {
    var words = 0
    var inWord = false
    var opened = 0
    var closed = 0
    for byte in declaration {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "*"): inWord = false
      case UInt8(ascii: "["):
        opened += 1
        inWord = false
      case UInt8(ascii: "]"):
        closed += 1
        inWord = false
        if closed > opened { return false }
      case _ where isWord(byte):
        if !inWord && opened == closed { words += 1 }
        inWord = true
      default: return false
      }
    }
    return words >= 2 && opened == closed && opened <= 1
  }

  private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    text.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
