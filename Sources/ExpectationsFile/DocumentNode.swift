/// A piece of a YAML or JSON document, with the place where it begins.
struct DocumentNode {
  enum Content {
    /// Text as it stands, without its quotes; numbers and words are text too.
    case scalar(String, isQuoted: Bool)
    case list([DocumentNode])
    case map([Entry])
  }

  struct Entry {
    var key: DocumentNode
    var value: DocumentNode
  }

  var content: Content
  /// From 1.
  var line = 1
  var column = 1

  /// What it is, as the object of a sentence.
  var kind: String {
    switch content {
    case .scalar(let text, let isQuoted): isQuoted ? "a text" : text.isEmpty || text == "null" || text == "~" ? "nothing" : "'\(text)'"
    case .list: "a list"
    case .map: "a map"
    }
  }

  /// The value of a key, or nil.
  subscript(_ key: String) -> DocumentNode? {
    guard case .map(let entries) = content else { return nil }
    return entries.first { $0.key.text == key }?.value
  }

  /// The text of a scalar, or nil.
  var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
}

/// For documents that are made here.
extension DocumentNode {
  static func text(_ text: String) -> DocumentNode { DocumentNode(content: .scalar(text, isQuoted: true)) }

  /// A number or a word.
  static func plain(_ text: String) -> DocumentNode { DocumentNode(content: .scalar(text, isQuoted: false)) }

  static func list(_ nodes: [DocumentNode]) -> DocumentNode { DocumentNode(content: .list(nodes)) }

  static func map(_ entries: [(String, DocumentNode)]) -> DocumentNode {
    DocumentNode(content: .map(entries.map { Entry(key: .text($0.0), value: $0.1) }))
  }

  /// One value as it is, several as a list.
  static func oneOrMore(_ texts: [String]) -> DocumentNode { texts.count == 1 ? .text(texts[0]) : .list(texts.map { .text($0) }) }
}
