import Foundation
import Glibc
import Testing

/// Validates JSON by the schemas in `Docs`, where python3 has jsonschema.
enum SchemaValidator {
  static let isThere = (try? python("import jsonschema")) == 0

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
    return try python(script, "\(TextFile.root)/Docs/\(schema)", name) == 0
  }

  /// Runs a script, and gives its exit status. The C library's `system` would make the whole process ignore SIGINT meanwhile, and with it
  /// whatever another test starts.
  private static func python(_ script: String, _ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
