/// Elements of a page, for tests: it takes what the reports write, and nil for what is not well-formed.
struct HTMLTree {
  var name: String
  var attributes: [String: String] = [:]
  var children: [HTMLTree] = []
  /// Of a node `#text`, unescaped; of a script or a style, as it is.
  var text = ""

  private static let void: Set<String> = ["meta", "link", "input", "br"]
  private static let raw: Set<String> = ["script", "style"]

  /// The element `html`, or nil.
  static func parse(_ page: String) -> HTMLTree? {
    let prefix = "<!doctype html>\n"
    guard page.hasPrefix(prefix) else { return nil }
    var rest = Array(page.utf8.dropFirst(prefix.utf8.count))[...]
    var open = [HTMLTree(name: "")]
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      guard let text = unescaped(rest[..<start]) else { return nil }
      if !text.allSatisfy(\.isNewline) { open[open.count - 1].children.append(HTMLTree(name: "#text", text: text)) }
      rest = rest[(start + 1)...]
      // A '>' in an attribute is escaped.
      guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
      let tag = String(decoding: rest[..<close], as: UTF8.self)
      rest = rest[(close + 1)...]
      if tag.hasPrefix("/") {
        guard open.count > 1, open[open.count - 1].name == tag.dropFirst() else { return nil }
        end(&open)
        continue
      }
      guard let element = element(tag) else { return nil }
      open.append(element)
      if void.contains(element.name) { end(&open) }
      guard raw.contains(element.name), let end = first("</\(element.name)", in: rest) else { continue }
      open[open.count - 1].text = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[end...]
    }
    return open.count == 1 && open[0].children.count == 1 ? open[0].children[0] : nil
  }

  private static func end(_ open: inout [HTMLTree]) {
    let element = open.removeLast()
    open[open.count - 1].children.append(element)
  }

  private static func first(_ text: String, in bytes: ArraySlice<UInt8>) -> Int? {
    let wanted = Array(text.utf8)
    return bytes.indices.first { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
  }

  private static func element(_ tag: String) -> HTMLTree? {
    let name = tag.prefix { $0 != " " }
    var element = HTMLTree(name: String(name))
    var rest = tag.dropFirst(name.count)
    while rest.hasPrefix(" ") {
      rest = rest.dropFirst()
      guard let equals = rest.firstRange(of: "=\""), let end = rest[equals.upperBound...].firstIndex(of: "\"") else { return nil }
      guard let value = unescaped(Array(rest[equals.upperBound..<end].utf8)[...]) else { return nil }
      element.attributes[String(rest[..<equals.lowerBound])] = value
      rest = rest[rest.index(after: end)...]
    }
    return rest.isEmpty ? element : nil
  }

  /// nil for a '&' that begins no reference, and for signs of markup that should be escaped.
  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String? {
    var text = String(decoding: bytes, as: UTF8.self)
    guard !text.contains(">") else { return nil }
    let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")]
    let bare = (references + [("&amp;", "")]).reduce(text) { $0.replacing($1.0, with: "") }
    guard !bare.contains("&") else { return nil }
    for (reference, sign) in references + [("&amp;", "&")] { text = text.replacing(reference, with: sign) }
    return text
  }

  // MARK: looking

  /// All elements below that `isWanted`, in order.
  func all(_ isWanted: (HTMLTree) -> Bool) -> [HTMLTree] {
    children.flatMap { (isWanted($0) ? [$0] : []) + $0.all(isWanted) }
  }

  func all(_ name: String, class wanted: String? = nil) -> [HTMLTree] { all { $0.name == name && (wanted.map($0.has) ?? true) } }

  func has(_ name: String) -> Bool { (attributes["class"] ?? "").split(separator: " ").contains(Substring(name)) }

  func first(id: String) -> HTMLTree? { all { $0.attributes["id"] == id }.first }

  /// The text of the element and all below it.
  var wholeText: String { text + children.map(\.wholeText).joined() }
}
