import CallTrees

/// A function_graph event as `trace-cmd report -R` and `-N` print it, field by field.
struct TextRawCall {
  var call: TextCall
  var duration: UInt64?

  /// `func=vmx_init depth=3 …` (`-R`), `--> vmx_init (3)` and `<-- vmx_init (3) (start: 3eb5309d3  end: 3eb540d50) over: 0` (`-N`).
  init?(_ line: TextBytes, from start: Int, isExit: Bool) {
    let text = line.from(line.skippingSpaces(start))
    let isNamed = text.has("func=", at: 0)
    guard isNamed || text.has(isExit ? "<-- " : "--> ", at: 0) else { return nil }
    let nameStart = isNamed ? 5 : 4
    guard let nameEnd = text.firstIndex(of: .space, from: nameStart) else { return nil }
    guard let depth = Self.number(isNamed ? " depth=" : " (", text, from: nameEnd), depth < 65_536 else { return nil }
    call = TextCall(kind: isExit ? .close : .open, depth: UInt16(depth), name: text.slice(nameStart, nameEnd))
    guard isExit else { return }
    let from = Self.time(isNamed ? " calltime=" : "(start: ", text)
    let to = Self.time(isNamed ? " rettime=" : " end: ", text)
    if let from, let to, to >= from { duration = to - from }
    if let value = text.firstRange(of: " retval=") {
      var at = value.upperBound
      // The field is printed in hexadecimal, without a prefix.
      call.returnValue = text.hexadecimal(&at).map { Int64(bitPattern: $0) }
    }
  }

  private static func number(_ key: StaticString, _ text: TextBytes, from start: Int) -> UInt64? {
    guard let found = text.firstRange(of: key, from: start) else { return nil }
    var at = found.upperBound
    return text.decimal(&at)
  }

  private static func time(_ key: StaticString, _ text: TextBytes) -> UInt64? {
    guard let found = text.firstRange(of: key) else { return nil }
    var at = found.upperBound
    return text.hexadecimal(&at)
  }
}
