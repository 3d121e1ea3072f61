import Corruption
import TraceCapture

/// The journal that an interrupted recording leaves, and that the next command undoes. Nothing is undone here.
enum JournalTarget: FuzzTarget {
  static let name = "journal"

  static var seeds: [[UInt8]] {
    var journal = Journal(pid: 4711, top: "/sys/kernel/tracing")
    journal.entries = [
      .instance, .probe(event: "r_vmx_init"), .module(name: "kvm_intel", wasLoaded: true, parameters: ["nested": "Y", "ept": "a=b\t"]),
      .module(name: "kvm", wasLoaded: false),
    ]
    let files = "file\tcontents\ttracing_on\t1\\n\nfile\tfunctions\tset_graph_function\tsched:sched_switch\\n\nend\n"
    return [Array(journal.text.utf8), Array((journal.text.dropLast(4) + files).utf8)]
  }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    effort.time {
      guard let journal = Journal(text: String(decoding: bytes, as: UTF8.self)) else { return }
      if Journal(text: journal.text) != journal { fail("another journal than the one that was written") }
    }
  }

  private static let words = [
    "kvm-inittrace journal 1", "recorder", "top", "instance", "file", "probe", "module", "loaded", "unloaded", "end", "\\t", "\\n", "\\\\",
    "\\",
    "=", "a=b", "\t", "\r", "\u{301}", "tracing_on", "contents", "choice", "size",
    "functions", "numbers", "expression",
  ]

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    TextChanges.change(&bytes, words: words, separators: "\t", with: &dice)
    return true
  }
}
