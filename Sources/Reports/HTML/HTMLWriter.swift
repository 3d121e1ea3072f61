/// Writes HTML as it comes. Text and attributes are escaped here and nowhere else; names of elements and attributes are the program's own.
///
///     html.element("p", ["class": "note"]) { html in
///       html.text("a < b")
///     }
struct HTMLWriter {
  typealias Attributes = KeyValuePairs<String, String?>

  /// What was written and not handed on yet.
  private(set) var markup = ""
  private static let pieceSize = 1 << 16
  /// Elements that have no end tag.
  private static let void: Set<String> = ["meta", "link", "input", "br"]
  /// Elements that begin a line, so that the page can be read and compared as text.
  private static let blocks: Set<String> = [
    "section", "div", "table", "thead", "tbody", "tr", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt", "svg", "header", "main",
    "footer", "nav", "script", "title", "meta", "link", "style", "head", "body", "noscript",
  ]

  // MARK: elements

  /// - Parameter attributes: those of value nil are left out.
  mutating func element(_ name: String, _ attributes: Attributes = [:], _ body: (inout HTMLWriter) -> Void) {
    begin(name, attributes)
    body(&self)
    end(name)
  }

  mutating func element(_ name: String, _ attributes: Attributes = [:], _ text: String) {
    begin(name, attributes)
    self.text(text)
    end(name)
  }

  mutating func element(_ name: String, _ text: String) { element(name, [:], text) }

  /// An element without content.
  mutating func element(_ name: String, _ attributes: Attributes = [:]) {
    begin(name, attributes)
    if !Self.void.contains(name) { end(name) }
  }

  mutating func begin(_ name: String, _ attributes: Attributes = [:]) {
    if Self.blocks.contains(name), !markup.isEmpty { markup += "\n" }
    markup += "<" + name
    for (attribute, value) in attributes {
      guard let value else { continue }
      markup += " \(attribute)=\"\(HTMLText.escaped(value))\""
    }
    markup += ">"
  }

  mutating func end(_ name: String) { markup += "</\(name)>" }

  mutating func text(_ text: String) { markup += HTMLText.escaped(text) }

  /// Adds markup of the program's own, or text that was made fit for its place.
  mutating func raw(_ text: String) { markup += text }

  // MARK: data

  /// A block of JSON that the browser does not run.
  mutating func json(id: String, class name: String? = nil, _ body: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    body(&json)
    begin("script", ["type": "application/json", "id": id, "class": name])
    markup += HTMLText.script(json.bytes)
    end("script")
  }

  // MARK: output

  var isFull: Bool { markup.utf8.count >= Self.pieceSize }

  /// Moves what was written so far to `output`.
  mutating func drain(into output: inout some TextOutputStream) {
    output.write(markup)
    markup = ""
  }
}
