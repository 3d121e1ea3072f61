import CallTrees
import Reports

/// `export --to folded`: one line for each stack, with its self time in nanoseconds, for FlameGraph's flamegraph.pl and difffolded.pl,
/// inferno, and whatever else reads folded stacks.
///
/// The first frame is the task's command, without its process id: so stacks of several traces add up, and can be compared.
public struct FoldedExport {
  private var sums = StackSums(render: FoldedExport.frame)

  public init() {}

  /// Adds the calls of a trace.
  public mutating func add(_ trace: ExportTrace) { sums.add(trace.recording) }

  /// Writes what was added.
  public func write(to output: inout some ByteOutput) {
    let labels = sums.labels
    var bytes: [UInt8] = []
    sums.walk { frames, selfNS in
      for (place, frame) in frames.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ";")) }
        bytes.append(contentsOf: labels[frame])
      }
      bytes.append(UInt8(ascii: " "))
      JSONText.appendInteger(selfNS, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
      bytes.drain(into: &output)
    }
    bytes.drain(into: &output, all: true)
  }

  /// A name without what separates frames, stacks and counts: `;` becomes `:`, blanks and what acts on a terminal `_`.
  static func frame(_ name: String) -> [UInt8] {
    let escaped = TerminalText.escaped(name)
    return (escaped.isEmpty ? "?" : escaped).utf8.map { byte in
      switch byte {
      case UInt8(ascii: ";"): UInt8(ascii: ":")
      case UInt8(ascii: " "): UInt8(ascii: "_")
      default: byte
      }
    }
  }
}
