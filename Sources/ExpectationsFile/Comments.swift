/// Finds comments.
enum Comments {
  /// The line that `--update` writes on top.
  static let heading = "# Written by kvm-inittrace check --update: it replaces the sets with `generated: true`, and keeps the others."

  /// Whether a `#` stands anywhere but in a scalar, or in the line that `--update` writes.
  ///
  /// - Parameter scalars: where scalars stand, in order, by number of the character.
  static func occur(in bytes: some Collection<UInt8>, besides scalars: [Range<Int>]) -> Bool {
    guard bytes.contains(UInt8(ascii: "#")) else { return false }
    var place = 0
    var rest = scalars[...]
    let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
    var line = text.startIndex
    for index in text.indices {
      if text[index] == "\n" { line = text.index(after: index) }
      while let scalar = rest.first, scalar.upperBound <= place { rest.removeFirst() }
      if text[index] == "#", !(rest.first?.contains(place) ?? false) {
        guard line == index, text[index...].prefix(while: { $0 != "\n" }).elementsEqual(heading.unicodeScalars) else { return true }
      }
      place += 1
    }
    return false
  }
}
