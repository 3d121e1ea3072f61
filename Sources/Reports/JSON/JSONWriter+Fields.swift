/// Shorthands for whole fields: `nil` is written as null.
extension JSONWriter {
  /// Writes an object whose fields `body` writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    beginObject()
    body(&self)
    endObject()
  }

  /// Writes a field that holds an object.
  public mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  /// Writes an array whose values `body` writes.
  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    beginArray()
    body(&self)
    endArray()
  }

  /// Writes a field that holds an array.
  public mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    array(body)
  }

  /// Writes a field that holds an array of strings.
  public mutating func field(_ name: String, _ values: [String]) {
    array(name) { json in
      for value in values { json.string(value) }
    }
  }

  /// Writes a field that holds an array of integers.
  public mutating func field(_ name: String, _ values: [some FixedWidthInteger]) {
    array(name) { json in
      for value in values { json.integer(value) }
    }
  }

  public mutating func field(_ name: String, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  public mutating func field<Integer: FixedWidthInteger>(_ name: String, _ value: Integer?) {
    key(name)
    if let value { integer(value) } else { null() }
  }

  public mutating func field(_ name: String, _ value: Bool?) {
    key(name)
    if let value { bool(value) } else { null() }
  }

  mutating func nullField(_ name: String) {
    key(name)
    null()
  }
}
