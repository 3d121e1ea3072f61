import Reports

/// Writes nodes as YAML that a person likes to read, or as JSON.
struct DocumentWriter {
  /// Short lists and maps stay on one line up to here.
  private static let lineLength = 100
  private(set) var text = ""

  // MARK: YAML

  mutating func writeYAML(_ node: DocumentNode, indent: Int = 0) {
    switch node.content {
    case .map(let entries):
      for entry in entries { writeEntry(entry, indent: indent, isFirstOfItem: false) }
    case .list(let items):
      for item in items { writeItem(item, indent: indent) }
    case .scalar: text += pad(indent) + inline(node) + "\n"
    }
  }

  private mutating func writeItem(_ item: DocumentNode, indent: Int) {
    guard case .map(let entries) = item.content, !entries.isEmpty else {
      text += pad(indent) + "- " + inline(item) + "\n"
      return
    }
    text += pad(indent) + "- "
    for (index, entry) in entries.enumerated() { writeEntry(entry, indent: indent + 2, isFirstOfItem: index == 0) }
  }

  private mutating func writeEntry(_ entry: DocumentNode.Entry, indent: Int, isFirstOfItem: Bool) {
    let key = (isFirstOfItem ? "" : pad(indent)) + scalar(entry.key.text ?? "", isQuoted: true) + ":"
    let short = inline(entry.value)
    let isBlock = !isFlat(entry.value) || key.utf8.count + short.utf8.count + 1 > Self.lineLength
    if case .scalar = entry.value.content {
      text += "\(key) \(short)\n"
    } else if isBlock || (entry.key.text == "stages") {
      text += key + (isEmpty(entry.value) ? " " + short : "") + "\n"
      if !isEmpty(entry.value) { writeYAML(entry.value, indent: indent + 2) }
    } else {
      text += "\(key) \(short)\n"
    }
  }

  private func isEmpty(_ node: DocumentNode) -> Bool {
    switch node.content {
    case .scalar: false
    case .list(let items): items.isEmpty
    case .map(let entries): entries.isEmpty
    }
  }

  /// Whether it holds nothing deeper than a list of scalars.
  private func isFlat(_ node: DocumentNode) -> Bool {
    switch node.content {
    case .scalar: true
    case .list(let items): items.allSatisfy { $0.text != nil }
    case .map(let entries):
      entries.allSatisfy { entry in
        if case .map = entry.value.content { false } else { isFlat(entry.value) }
      }
    }
  }

  private func inline(_ node: DocumentNode) -> String {
    switch node.content {
    case .scalar(let text, let isQuoted): scalar(text, isQuoted: isQuoted)
    case .list(let items): "[" + items.map(inline).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { scalar($0.key.text ?? "", isQuoted: true) + ": " + inline($0.value) }.joined(separator: ", ") + "}"
    }
  }

  /// A text without quotes where YAML reads it as the same text in all places.
  private func scalar(_ text: String, isQuoted: Bool) -> String {
    let plain = "_./+- "
    let words = ["true", "false", "yes", "no", "on", "off", "null", "~", "y", "n"]
    let isPlain =
      text.utf8.allSatisfy { byte in
        let scalar = UnicodeScalar(byte)
        return byte < 0x80
          && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || plain.unicodeScalars.contains(scalar))
      } && text.utf8.first.map { byte in byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".") && byte != UInt8(ascii: " ") } ?? false
    // Other programs read 5.10 as 5.1.
    let isNumber = Double(text) != nil && isQuoted
    if isPlain, text.utf8.last != UInt8(ascii: " "), !isNumber, !isQuoted || !words.contains(text.lowercased()) { return text }
    return String(decoding: JSONText.quoted(text), as: UTF8.self)
  }

  private func pad(_ count: Int) -> String { String(repeating: " ", count: count) }

  // MARK: JSON

  static func json(_ node: DocumentNode) -> String {
    var json = JSONWriter(pretty: true)
    write(node, to: &json)
    json.newLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func write(_ node: DocumentNode, to json: inout JSONWriter) {
    switch node.content {
    case .scalar(let text, let isQuoted):
      if !isQuoted, let number = Int(text) {
        json.integer(number)
      } else if !isQuoted, text == "true" || text == "false" {
        json.bool(text == "true")
      } else {
        json.string(text)
      }
    case .list(let items): json.array { json in for item in items { write(item, to: &json) } }
    case .map(let entries):
      json.object { json in
        for entry in entries {
          json.key(entry.key.text ?? "")
          write(entry.value, to: &json)
        }
      }
    }
  }
}
