import KVMStages
import Reports

/// Takes values out of nodes, and says where one is not what it must be.
struct NodeReader {
  let path: String

  func error(_ node: DocumentNode, _ message: String) -> ExpectationsError {
    ExpectationsError(path: path, line: node.line, column: node.column, message)
  }

  // MARK: shapes

  func entries(_ node: DocumentNode, _ what: String) throws(ExpectationsError) -> [DocumentNode.Entry] {
    guard case .map(let entries) = node.content else { throw error(node, "\(what) must be a map of keys and values, not \(node.kind)") }
    return entries
  }

  func items(_ node: DocumentNode, _ what: String) throws(ExpectationsError) -> [DocumentNode] {
    guard case .list(let items) = node.content else { throw error(node, "\(what) must be a list, not \(node.kind)") }
    return items
  }

  /// One scalar, or a list of scalars.
  func oneOrMore(_ node: DocumentNode, _ what: String) throws(ExpectationsError) -> [DocumentNode] {
    guard case .list(let items) = node.content else {
      _ = try text(node, what)
      return [node]
    }
    if items.isEmpty { throw error(node, "\(what) is an empty list; leave it out, or name something") }
    for item in items { _ = try text(item, what) }
    return items
  }

  func text(_ node: DocumentNode, _ what: String) throws(ExpectationsError) -> String {
    guard case .scalar(let text, let isQuoted) = node.content, isQuoted || !["", "~", "null"].contains(text) else {
      throw error(node, "\(what) must be a text, not \(node.kind)")
    }
    return text
  }

  func number(_ node: DocumentNode, _ what: String) throws(ExpectationsError) -> Int {
    guard case .scalar(let text, false) = node.content, let number = Int(text), number >= 0 else {
      throw error(node, "\(what) must be a whole number from 0, not \(node.kind)")
    }
    return number
  }

  func limit(_ node: DocumentNode, _ what: String) throws(ExpectationsError) -> TimeLimit {
    guard let limit = TimeLimit(try text(node, what)) else {
      throw error(node, "\(what) must be a number with its unit, such as 50ms, 1.5us or 2s, not \(node.kind)")
    }
    return limit
  }

  // MARK: words of a list

  func word<Word: RawRepresentable & CaseIterable>(
    _ node: DocumentNode, _ what: String, of _: Word.Type
  ) throws(ExpectationsError) -> Word where Word.RawValue == String {
    let text = try text(node, what)
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    throw error(node, "'\(text)' is no \(what)\(near(text, words)): \(words.joined(separator: ", "))")
  }

  /// An unknown key, with those that may have been meant.
  func unknown(_ key: DocumentNode, in what: String, known: [String]) -> ExpectationsError {
    let text = key.text ?? ""
    return error(key, "\(what) has no key '\(text)'\(near(text, known)): \(known.joined(separator: ", "))")
  }

  /// `; did you mean kernel?`, or nothing.
  private func near(_ text: String, _ words: [String]) -> String {
    let ranked = words.map { (word: $0, distance: StagesSearch.editDistance(Array($0.utf8), Array(text.utf8))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= max(2, text.utf8.count / 3) else { return "" }
    return "; did you mean \(best.word)? It is one of"
  }

  // MARK: stages

  /// The id of the stage that is named by its id or section.
  func stage(_ node: DocumentNode) throws(ExpectationsError) -> String {
    let text = try text(node, "a stage")
    let found = StagesSearch.find(text)
    if let stage = found.first, found.count == 1 { return stage.id }
    if found.count > 1 {
      throw error(node, "section \(text) is \(found.count) stages; name one of them: \(found.map(\.id).joined(separator: ", "))")
    }
    let near = StagesSearch.suggestions(for: text)
    throw error(
      node,
      "no stage is called '\(text)'" + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?")
        + (near.isEmpty ? ";" : "") + " 'kvm-inittrace stages' lists them")
  }
}
