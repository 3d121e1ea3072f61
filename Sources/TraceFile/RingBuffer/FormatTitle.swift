import Glibc

/// What the text of an event's `format` file says without being parsed: its first two lines, and where the fields are.
struct FormatTitle {
  let name: Substring
  let id: UInt16
  /// The text behind the second line.
  private let rest: UnsafeRawBufferPointer

  /// nil: the text does not begin with `name: NAME` and `ID: NUMBER`.
  init?(_ text: UnsafeRawBufferPointer) {
    let head = text.prefix(256)
    guard let nameEnd = head.firstIndex(of: UInt8(ascii: "\n")), head.starts(with: "name: ".utf8) else { return nil }
    let second = head[(nameEnd + 1)...]
    guard let idEnd = second.firstIndex(of: UInt8(ascii: "\n")), second.starts(with: "ID: ".utf8) else { return nil }
    let name = head[6..<max(6, nameEnd)]
    var id = 0
    let digits = head[(nameEnd + 5)..<max(nameEnd + 5, idEnd)]
    guard (1...5).contains(digits.count), !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      id = id * 10 + Int(digit - UInt8(ascii: "0"))
    }
    guard let id = UInt16(exactly: id) else { return nil }
    self.name = Substring(decoding: name, as: UTF8.self)
    self.id = id
    rest = UnsafeRawBufferPointer(rebasing: text[(idEnd + 1)...])
  }

  /// Whether one of the fields is the address of a probe.
  var isProbe: Bool { place(ofLine: "\tfield:unsigned long __probe_") != nil }

  /// Whether the declarations of the fields are the same, byte for byte.
  func hasSameFields(as other: FormatTitle) -> Bool {
    guard let base = rest.baseAddress, let otherBase = other.rest.baseAddress else { return false }
    let length = fieldLength
    return length == other.fieldLength && memcmp(base, otherBase, length) == 0
  }

  /// Bytes in front of `print fmt:`.
  private var fieldLength: Int { place(ofLine: "print fmt:") ?? rest.count }

  /// Where the first line begins that begins with `head` and goes on.
  private func place(ofLine head: StaticString) -> Int? {
    guard let base = rest.baseAddress else { return nil }
    var at = 0
    while rest.count - at > head.utf8CodeUnitCount {
      if memcmp(base + at, head.utf8Start, head.utf8CodeUnitCount) == 0 { return at }
      at = rest.lineEnd(from: at) + 1
    }
    return nil
  }
}
