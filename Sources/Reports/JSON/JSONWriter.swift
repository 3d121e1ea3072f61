/// Writes JSON as it comes, with keys in the order written.
///
/// The text gathers in `bytes`, where the caller takes it, all at once or piece by piece with `drain(into:)`. Commas and indentation are the
/// writer's business, a key before each value of an object is the caller's.
///
///     var json = JSONWriter()
///     json.object {
///       $0.field("pid", 123)
///       $0.array("path") { $0.string("kvm_init") }
///     }
public struct JSONWriter {
  /// What was written and not handed on yet.
  public private(set) var bytes: [UInt8] = []
  private let pretty: Bool
  /// One entry per open object or array: whether it has a value already.
  private var filled: [Bool] = []
  private var afterKey = false

  /// - Parameter pretty: one value per line, indented by two spaces; else no white space at all.
  public init(pretty: Bool = false) { self.pretty = pretty }

  // MARK: structure

  mutating func beginObject() { open(UInt8(ascii: "{")) }
  mutating func endObject() { close(UInt8(ascii: "}")) }
  mutating func beginArray() { open(UInt8(ascii: "[")) }
  mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes the key of the next value.
  public mutating func key(_ name: String) {
    separate()
    JSONText.appendQuoted(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    if pretty { bytes.append(UInt8(ascii: " ")) }
    afterKey = true
  }

  /// Ends a line between two top-level values, for a file of one value per line.
  public mutating func newLine() { bytes.append(UInt8(ascii: "\n")) }

  /// Moves what was written so far to `output`.
  mutating func drain(into output: inout some TextOutputStream) {
    output.write(String(decoding: bytes, as: UTF8.self))
    bytes.removeAll(keepingCapacity: true)
  }

  // MARK: values

  public mutating func string(_ value: String) {
    separate()
    JSONText.appendQuoted(value, to: &bytes)
  }

  public mutating func integer(_ value: some FixedWidthInteger) {
    separate()
    JSONText.appendInteger(value, to: &bytes)
  }

  public mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  // MARK: layout

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    filled.append(false)
  }

  private mutating func close(_ bracket: UInt8) {
    if filled.popLast() == true { indent() }
    bytes.append(bracket)
  }

  /// What stands between a value, or a key, and what came before it.
  private mutating func separate() {
    if afterKey {
      afterKey = false
      return
    }
    guard let last = filled.indices.last else { return }
    if filled[last] { bytes.append(UInt8(ascii: ",")) }
    filled[last] = true
    indent()
  }

  private mutating func indent() {
    guard pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * filled.count))
  }
}
