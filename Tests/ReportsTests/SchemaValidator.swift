import Glibc
import Testing

/// Validates JSON by the schemas in `Docs`, where python3 has jsonschema.
enum SchemaValidator {
  static let isThere = system("python3 -c 'import jsonschema' 2>/dev/null") == 0

  /// Whether every element of the JSON array `text` is valid by a schema of `Docs`.
  static func isValid(_ text: String, schema: String) throws -> Bool {
    var path = Array("/tmp/kvm-inittrace-json-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    try #require(file >= 0)
    defer { unlink(path) }
    let bytes = Array(text.utf8)
    let written = write(file, bytes, bytes.count)
    close(file)
    try #require(written == bytes.count)
    let name = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    let script = """
      import json,sys,jsonschema
      v = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
      sys.exit(any(list(v.iter_errors(x)) for x in json.load(open(sys.argv[2]))))
      """
    return system("python3 -c '\(script)' '\(TextFile.root)/Docs/\(schema)' '\(name)'") == 0
  }
}
