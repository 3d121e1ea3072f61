/// Elements of an XML document, for tests: it takes what the reports write, and nil for what is not well-formed.
struct XMLTree {
  var name: String
  var attributes: [String: String]
  var children: [XMLTree]

  static func parse(_ text: String) -> XMLTree? {
    var rest = Substring(text)
    guard rest.hasPrefix("<?xml "), let end = rest.firstRange(of: "?>") else { return nil }
    rest = rest[end.upperBound...]
    var open: [XMLTree] = []
    while let start = rest.firstIndex(of: "<") {
      guard isText(rest[..<start]) else { return nil }
      rest = rest[rest.index(after: start)...]
      // A '>' in an attribute is escaped.
      guard let close = rest.firstIndex(of: ">") else { return nil }
      var tag = rest[..<close]
      rest = rest[rest.index(after: close)...]
      if tag.hasPrefix("/") {
        guard let element = open.popLast(), element.name == tag.dropFirst() else { return nil }
        if open.isEmpty { return isText(rest) && !rest.contains("<") ? element : nil }
        open[open.count - 1].children.append(element)
      } else {
        let isEmpty = tag.hasSuffix("/")
        if isEmpty { tag = tag.dropLast() }
        guard let element = element(tag) else { return nil }
        if isEmpty { if open.isEmpty { return nil } else { open[open.count - 1].children.append(element) } } else { open.append(element) }
      }
    }
    return nil
  }

  private static func element(_ tag: Substring) -> XMLTree? {
    let name = tag.prefix { $0 != " " }
    var attributes: [String: String] = [:]
    var rest = tag.dropFirst(name.count)
    while let start = rest.firstIndex(where: { $0 != " " }) {
      rest = rest[start...]
      guard let equals = rest.firstRange(of: "=\"") else { return nil }
      let key = String(rest[..<equals.lowerBound])
      rest = rest[equals.upperBound...]
      guard let end = rest.firstIndex(of: "\""), isText(rest[..<end]), attributes[key] == nil else { return nil }
      attributes[key] = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
    }
    return name.isEmpty ? nil : XMLTree(name: String(name), attributes: attributes, children: [])
  }

  /// No control characters, and each `&` begins one of XML's own entities.
  private static func isText(_ text: Substring) -> Bool {
    let entities = ["&amp;", "&lt;", "&gt;", "&quot;"]
    let allowed = text.unicodeScalars.allSatisfy { ($0.value >= 0x20 || $0 == "\n") && $0.value != 0xFFFE && $0.value != 0xFFFF }
    return allowed && !text.contains("<")
      && text.indices.filter { text[$0] == "&" }.allSatisfy { at in entities.contains { text[at...].hasPrefix($0) } }
  }
}
