import CYAML

/// Reads one YAML document into nodes, through libyaml; JSON is YAML too.
///
/// Refused: anchors, aliases and tags, a second document, more than `depthLimit` levels or `nodeLimit` nodes,
/// a value longer than `valueLimit` bytes. Of JSON, libyaml refuses
/// characters beyond U+FFFF that are written as two `\u` escapes: they can stand as themselves.
struct DocumentReader: ~Copyable {
  static let sizeLimit = 4 << 20
  static let depthLimit = 16
  static let nodeLimit = 200_000
  /// A path has no more. Errors show a value, and look for what resembles it.
  static let valueLimit = 4096

  private let path: String
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var nodes = 0
  /// Where the scalars stand, by number of the character, but for blocks of text: their first lines can have comments.
  private var scalars: [Range<Int>] = []

  /// - Parameter bytes: what is to be read; it stays in memory until the reader goes.
  private init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws(ExpectationsError) {
    self.path = path
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw ExpectationsError(path: path, "there is no memory to read it")
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// - Returns: the document, and whether there are comments, which libyaml passes over.
  static func read(_ bytes: [UInt8], path: String) throws(ExpectationsError) -> (root: DocumentNode, hasComments: Bool) {
    guard bytes.count <= sizeLimit else {
      throw ExpectationsError(path: path, "it has more than \(sizeLimit >> 20) MiB; no expectations do")
    }
    let result: Result<(DocumentNode, Bool), ExpectationsError> = bytes.withUnsafeBufferPointer { bytes in
      do throws(ExpectationsError) {
        var reader = try DocumentReader(bytes, path: path)
        let root = try reader.document()
        return .success((root, Comments.occur(in: bytes, besides: reader.scalars)))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  // MARK: events

  /// A libyaml event, freed when it goes.
  private struct Event: ~Copyable {
    var raw = yaml_event_t()

    var type: yaml_event_type_t { raw.type }
    var line: Int { Int(clamping: raw.start_mark.line) + 1 }
    var column: Int { Int(clamping: raw.start_mark.column) + 1 }

    deinit {
      var raw = raw
      yaml_event_delete(&raw)
    }
  }

  private func next() throws(ExpectationsError) -> Event {
    var event = Event()
    guard yaml_parser_parse(parser, &event.raw) == 1 else { throw parserError() }
    return event
  }

  private func parserError() -> ExpectationsError {
    let error = parser.pointee
    let problem = error.problem.map { String(cString: $0) } ?? "it cannot be read"
    guard error.error != YAML_READER_ERROR else { return ExpectationsError(path: path, "\(problem); write it in UTF-8") }
    return ExpectationsError(
      path: path, line: Int(clamping: error.problem_mark.line) + 1, column: Int(clamping: error.problem_mark.column) + 1,
      "this is no YAML or JSON: \(problem)")
  }

  private mutating func document() throws(ExpectationsError) -> DocumentNode {
    var root: DocumentNode?
    while true {
      let event = try next()
      switch event.type {
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
      case YAML_DOCUMENT_START_EVENT:
        guard root == nil else {
          throw ExpectationsError(path: path, line: event.line, column: event.column, "a second document begins here; only one is taken")
        }
        let first = try next()
        root = try node(first, depth: 0)
      default:
        guard let root else { throw ExpectationsError(path: path, "it is empty; write one with --update") }
        return root
      }
    }
  }

  // MARK: nodes

  private mutating func node(_ event: borrowing Event, depth: Int) throws(ExpectationsError) -> DocumentNode {
    nodes += 1
    guard depth <= Self.depthLimit else { throw error(event, "more than \(Self.depthLimit) levels deep; no expectations are") }
    guard nodes <= Self.nodeLimit else { throw error(event, "more than \(Self.nodeLimit) values; no expectations have so many") }
    switch event.type {
    case YAML_SCALAR_EVENT: return try scalar(event)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.raw.data.sequence_start
      try refuse(event, anchor: start.anchor, tag: start.tag)
      return DocumentNode(content: .list(try list(depth: depth)), line: event.line, column: event.column)
    case YAML_MAPPING_START_EVENT:
      let start = event.raw.data.mapping_start
      try refuse(event, anchor: start.anchor, tag: start.tag)
      return DocumentNode(content: .map(try map(depth: depth)), line: event.line, column: event.column)
    case YAML_ALIAS_EVENT: throw error(event, "aliases (*name) are not taken; write the value again")
    default: throw error(event, "a value is missing")
    }
  }

  private mutating func scalar(_ event: borrowing Event) throws(ExpectationsError) -> DocumentNode {
    let scalar = event.raw.data.scalar
    try refuse(event, anchor: scalar.anchor, tag: scalar.tag)
    guard scalar.length <= Self.valueLimit else { throw error(event, "a value of \(scalar.length) bytes; no expectations have one") }
    let isBlock = scalar.style == YAML_LITERAL_SCALAR_STYLE || scalar.style == YAML_FOLDED_SCALAR_STYLE
    let (start, end) = (Int(clamping: event.raw.start_mark.index), Int(clamping: event.raw.end_mark.index))
    if !isBlock, start < end { scalars.append(start..<end) }
    let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    return DocumentNode(
      content: .scalar(String(decoding: bytes, as: UTF8.self), isQuoted: scalar.style != YAML_PLAIN_SCALAR_STYLE), line: event.line,
      column: event.column)
  }

  private mutating func list(depth: Int) throws(ExpectationsError) -> [DocumentNode] {
    var items: [DocumentNode] = []
    while true {
      let event = try next()
      if event.type == YAML_SEQUENCE_END_EVENT { return items }
      items.append(try node(event, depth: depth + 1))
    }
  }

  private mutating func map(depth: Int) throws(ExpectationsError) -> [DocumentNode.Entry] {
    var entries: [DocumentNode.Entry] = []
    var known: Set<String> = []
    while true {
      let event = try next()
      if event.type == YAML_MAPPING_END_EVENT { return entries }
      let key = try node(event, depth: depth + 1)
      guard let name = key.text else { throw error(event, "a key is \(key.kind); write a word") }
      guard known.insert(name).inserted else { throw error(event, "the key '\(name)' is here a second time") }
      let next = try next()
      entries.append(DocumentNode.Entry(key: key, value: try node(next, depth: depth + 1)))
    }
  }

  private func refuse(
    _ event: borrowing Event, anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?
  ) throws(ExpectationsError) {
    if anchor != nil { throw error(event, "anchors (&name) are not taken; write the value where it is needed") }
    if tag != nil { throw error(event, "tags (!name) are not taken; write the value alone") }
  }

  private func error(_ event: borrowing Event, _ message: String) -> ExpectationsError {
    ExpectationsError(path: path, line: event.line, column: event.column, message)
  }
}
