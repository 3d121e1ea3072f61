import CallTrees
import Testing

@testable import TraceFile

/// Reads a text that stands in a test.
func recording(_ text: String) throws -> Recording { try recording(Array(text.utf8)) }

func recording(_ bytes: [UInt8]) throws -> Recording {
  try bytes.withUnsafeBytes { try TextTraceReader.read($0, path: "test") }
}

extension Recording {
  /// Each call on a line: indentation by the tree, then `name duration [=value]`, and what is irregular.
  var outline: [String] {
    tasks.flatMap { task in
      ["task \(task.comm ?? "?") \(task.pid.map(String.init) ?? "?")"] + task.tree.calls.indices.map { outline(task.tree, row: $0) }
    }
  }

  private func outline(_ tree: CallTree, row: Int) -> String {
    let call = tree.calls[row]
    var level = 1
    var parent = call.parent
    while parent >= 0 {
      level += 1
      parent = tree.calls[Int(parent)].parent
    }
    var line = String(repeating: "  ", count: level) + function(call.function).displayName
    line += call.measuredDuration.map { " \($0)" } ?? " ?"
    if let start = call.knownStart { line += " @\(start)" }
    if let value = tree.returnValues[UInt32(row)] { line += " =\(value)" }
    if call.flags.contains(.open) { line += " open" }
    if call.flags.contains(.entryMissing) { line += " entry-missing" }
    if call.flags.contains(.depthGap) { line += " gap" }
    if call.flags.contains(.migrated) { line += " migrated" }
    return line
  }
}
