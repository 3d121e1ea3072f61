/// Patterns for the paths of traces: `6.12-*/trace.dat`, and with `!` before it one that leaves paths out.
///
/// `*` and `?` stand for anything within a name, `**` for any names, `\` takes the next character as it is. A pattern fits the whole path
/// or its last names, as if it began with `**/`.
public struct PathPatterns: Sendable, Hashable {
  public let texts: [String]
  private let taken: [[UInt8]]
  private let leftOut: [[UInt8]]

  public init(_ texts: [String]) {
    self.texts = texts
    taken = texts.filter { !$0.hasPrefix("!") }.map { Array($0.utf8) }
    leftOut = texts.filter { $0.hasPrefix("!") }.map { Array($0.dropFirst().utf8) }
  }

  public var isEmpty: Bool { texts.isEmpty }

  /// Whether a pattern fits, or there are none but those that leave paths out, and none of these fits.
  public func fit(_ path: String) -> Bool {
    let path = Array(path.utf8)
    if leftOut.contains(where: { Self.fitsEnd($0, path) }) { return false }
    return taken.isEmpty || taken.contains { Self.fitsEnd($0, path) }
  }

  /// The pattern that fits only `path` or what ends like it.
  public static func literal(_ path: String) -> String {
    path.unicodeScalars.reduce(into: "") { pattern, scalar in
      if ["*", "?", "\\"].contains(scalar) || (scalar == "!" && pattern.isEmpty) { pattern += "\\" }
      pattern.unicodeScalars.append(scalar)
    }
  }

  private static func fitsEnd(_ pattern: [UInt8], _ path: [UInt8]) -> Bool {
    let starts = [0] + path.indices.filter { path[$0] == UInt8(ascii: "/") }.map { $0 + 1 }
    return starts.contains { fits(pattern[...], path[$0...]) }
  }

  /// Goes over both once, and comes back to the last star when the rest does not fit: no pattern takes long.
  private static func fits(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    let slash = UInt8(ascii: "/")
    var (p, t) = (pattern.startIndex, text.startIndex)
    var star: (pattern: Int, text: Int)?
    var wide: (pattern: Int, text: Int)?
    while true {
      if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
        var after = p + 1
        let isWide = after < pattern.endIndex && pattern[after] == UInt8(ascii: "*")
        if isWide { after += 1 }
        p = after
        if isWide { (wide, star) = ((p, t), nil) } else { star = (p, t) }
        continue
      }
      if t == text.endIndex, p == pattern.endIndex { return true }
      if t < text.endIndex, p < pattern.endIndex, let next = matched(pattern, p, text[t]) {
        (p, t) = (next, t + 1)
      } else if let (after, from) = star, from < text.endIndex, text[from] != slash {
        (p, t, star) = (after, from + 1, (after, from + 1))
      } else if let (after, from) = wide, from < text.endIndex {
        (p, t, wide, star) = (after, from + 1, (after, from + 1), nil)
      } else {
        return false
      }
    }
  }

  /// The place in the pattern behind what stands for `byte`, or nil when it does not.
  private static func matched(_ pattern: ArraySlice<UInt8>, _ place: Int, _ byte: UInt8) -> Int? {
    switch pattern[place] {
    case UInt8(ascii: "?"): return byte == UInt8(ascii: "/") ? nil : place + 1
    case UInt8(ascii: "\\") where place + 1 < pattern.endIndex: return pattern[place + 1] == byte ? place + 2 : nil
    case byte: return place + 1
    default: return nil
    }
  }
}
