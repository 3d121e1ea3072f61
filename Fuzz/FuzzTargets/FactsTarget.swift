import CallTrees
import Corruption

/// What the recorder stores about a recording in an option of the file.
enum FactsTarget: FuzzTarget {
  static let name = "facts"

  static var seeds: [[UInt8]] {
    var facts = RecordingFacts(toolVersion: "0.2.0 (abc)")
    facts.command = ["modprobe", "kvm_intel", "a\n\u{1b}\\"]
    facts.exitCode = 1
    facts.roots = ["do_init_module"]
    facts.parameters = [.init(module: "kvm_intel", name: "nested", value: "Y=1.2")]
    facts.buildIDs = ["kvm": "00ff"]
    facts.lostEvents = [0: 1, 3: 18]
    facts.loadedModules = ["kvm", "irqbypass"]
    facts.repetition = 2
    facts.repetitions = 5
    return [Array(facts.text.utf8)]
  }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    effort.time {
      guard let facts = RecordingFacts(text: String(decoding: bytes, as: UTF8.self)) else { return }
      // What is written of them may be longer than what is read.
      guard facts.text.utf8.count <= RecordingFacts.textLimit else { return }
      if RecordingFacts(text: facts.text) != facts { fail("other facts than those that were written") }
    }
  }

  private static let words = [
    "kvm-inittrace ", "argument: ", "exit: ", "signal: ", "elapsed: ", "started: ", "host-id: ", "boot-id: ", "module: ", "vendor: ",
    "detail: ", "full", "kvm", "stages", "root: ", "left-out: ", "kernel-command-line: ", "cpu-model: ", "microcode: ", "parameter: a.b=c",
    "build-id: kvm 01", "buffer-kb: ", "clock: ", "interrupted: ", "repeat: 2 5", "filtered-events: ", "lost-events: 0 1",
    "loaded-modules: a b",
    "\\x1b", "\\x", "\\n", "\\\\", "\\", "\u{301}",
  ]

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    TextChanges.change(&bytes, words: words, separators: ": .=", with: &dice)
    return true
  }
}
