/// What stands in the "FUNCTION CALLS" part of a line: `func();`, `func() {`, `}`, or a comment.
struct TextCall {
  enum Kind {
    case leaf
    case open
    case close
    /// Another event, as a comment.
    case event
    /// `==========>`, `<==========`: where interrupts start and end.
    case arrow
  }

  var kind: Kind
  /// Two blanks per level.
  var depth: UInt16
  /// The function's name with its `[module]`; empty where the line does not tell it. The comment's text for an event.
  var name: TextBytes
  /// `funcgraph-retval`.
  var returnValue: Int64?

  init(kind: Kind, depth: UInt16, name: TextBytes) {
    self.kind = kind
    self.depth = depth
    self.name = name
  }

  /// Reads what starts at `start`, or gives nil when it is none of these.
  @inline(__always)
  init?(_ line: TextBytes, from start: Int) {
    let at = line.skippingSpaces(start)
    let indentation = at - start
    guard indentation & 1 == 0, indentation < 131_072 else { return nil }
    depth = UInt16(truncatingIfNeeded: indentation >> 1)
    switch line[at] {
    case .closeBrace:
      kind = .close
      name = line.slice(at, at)
      if at + 1 < line.count {
        guard readTail(line.from(at + 1)) else { return nil }
      }
    case .slash:
      guard line[at + 1] == .star else { return nil }
      kind = .event
      name = line.from(at + 2)
    case .equals, .less:
      guard line.has("==========>", at: at) || line.has("<==========", at: at) else { return nil }
      kind = .arrow
      name = line.slice(at, at)
    default:
      kind = .leaf
      name = line.slice(at, at)
      guard readFunction(line, from: at) else { return nil }
    }
  }

  /// `name();`, `name [module](a=0x1) { /* <-caller+0x12/0x34 */` and the like.
  @inline(__always)
  private mutating func readFunction(_ line: TextBytes, from start: Int) -> Bool {
    var at = line.endOfName(start)
    if line[at] == .space, at > start, line[at + 1] == .openBracket { at = line.endOfName(at + 1) }
    name = line.slice(start, at)
    if at == start {
      // trace-cmd leaves out the name of a function that it cannot find: `) {`
      guard line[at] == .closeParenthesis else { return false }
    } else {
      guard line[at] == .openParenthesis else { return false }
    }
    let rest = line.count - at
    if rest == 3, line[at + 1] == .closeParenthesis, line[at + 2] == .semicolon {
      kind = .leaf
      return true
    }
    if rest == 4, line[at + 1] == .closeParenthesis, line[at + 2] == .space, line[at + 3] == .openBrace {
      kind = .open
      return true
    }
    return readEnd(line.from(at))
  }

  /// The end of a line with arguments or comments, from its last byte: arguments can hold anything.
  private mutating func readEnd(_ line: TextBytes) -> Bool {
    let end = strippingRemarks(line)
    guard end >= 2 else { return false }
    if line[end - 1] == .semicolon, line[end - 2] == .closeParenthesis {
      kind = .leaf
      return true
    }
    guard line[end - 1] == .openBrace, line[end - 2] == .space else { return false }
    kind = .open
    // trace-cmd puts the caller in front of the brace.
    let inner = line.slice(0, end - 2)
    return inner.hasSuffix(")") || inner.hasSuffix("*/")
  }

  /// What follows a `}`: `/* func */`, `/* func = -22 */`, `/* func ret=-22 */`, `(ret=-22)`.
  private mutating func readTail(_ tail: TextBytes) -> Bool { strippingRemarks(tail) == 0 }

  /// Takes comments and parentheses off the end of `line`, and gives the length of what is left.
  private mutating func strippingRemarks(_ line: TextBytes) -> Int {
    var end = line.endWithoutSpaces
    while end > 0 {
      if line[end - 1] == .slash, line[end - 2] == .star {
        guard let open = line.slice(0, end - 2).lastRange(of: "/*") else { return end }
        readComment(line.slice(open.upperBound, end - 2).trimmed)
        end = line.slice(0, open.lowerBound).endWithoutSpaces
      } else if line[end - 1] == .closeParenthesis {
        guard let open = line.lastIndex(of: .openParenthesis, before: end), open > 0, line[open - 1] == .space else { return end }
        guard readParenthesis(line.slice(open + 1, end - 1)) else { return end }
        end = line.slice(0, open).endWithoutSpaces
      } else {
        return end
      }
    }
    return 0
  }

  /// `ret=-22` and `3` (the depth) of trace-cmd, `Overruns: 0` of the kernel.
  private mutating func readParenthesis(_ text: TextBytes) -> Bool {
    if text.has("ret=", at: 0) {
      var at = 4
      returnValue = text.result(&at)
      return returnValue != nil
    }
    if text.has("Overruns: ", at: 0) { return true }
    var at = 0
    return text.decimal(&at) != nil && at == text.count
  }

  /// `func`, `func = -22`, `= 0x0`, `func ret=-22`, `<-caller+0x12/0x34 ret=0x0`.
  private mutating func readComment(_ text: TextBytes) {
    var nameEnd = text.count
    var value: Int?
    if text.has("= ", at: 0) {
      value = 2
      nameEnd = 0
    } else if let found = text.firstRange(of: " = ") {
      value = found.upperBound
      nameEnd = found.lowerBound
    } else if let found = text.lastRange(of: "ret=") {
      value = found.upperBound
      nameEnd = text.slice(0, found.lowerBound).endWithoutSpaces
    }
    if let value { readValue(text, from: value) }
    if kind == .close { name = text.slice(0, nameEnd) }
  }

  private mutating func readValue(_ text: TextBytes, from start: Int) {
    var at = start
    if text.has("true", at: at) {
      returnValue = 1
    } else if text.has("false", at: at) {
      returnValue = 0
    } else {
      returnValue = text.result(&at)
    }
  }
}
