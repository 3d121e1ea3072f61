import Corruption

/// A part of the tool that reads what others wrote: what `scripts/fuzz` feeds with bytes.
package protocol FuzzTarget {
  /// As `scripts/fuzz` and the folders of the inputs call it.
  static var name: String { get }

  /// Small inputs to begin with, beside those that `scripts/fuzz-seeds` takes from the samples.
  static var seeds: [[UInt8]] { get }

  /// Reads the bytes as the tool does, and ends the process when something is answered that cannot be.
  ///
  /// - Returns: the longest time that one command takes for such an input.
  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration

  /// The processor time that one command may take for an input in the fuzzer. libFuzzer's own limit is one of the clock on the wall, and on
  /// a busy machine an input waits for most of it.
  static var timeLimit: Duration { get }

  /// Changes an input in what it holds, and leaves it what it is on the outside: what random bytes never do.
  ///
  /// - Returns: false when nothing was changed.
  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool
}

/// All targets.
package enum FuzzTargets {
  package static var all: [any FuzzTarget.Type] {
    [
      DatTarget.self, PagesTarget.self, FormatsTarget.self, TextTarget.self, SymbolsTarget.self, ELFTarget.self, ExpectationsTarget.self,
      JournalTarget.self, FactsTarget.self, MachineTarget.self, CallsTarget.self,
    ]
  }

  /// The target of that name, or nil.
  package static func named(_ name: some StringProtocol) -> (any FuzzTarget.Type)? { all.first { $0.name == name } }
}

extension FuzzTarget {
  /// Ten times that of a released build, by the sanitizer.
  package static var timeLimit: Duration { .seconds(10) }

  /// Ends the process: the input has shown a defect that would not have crashed by itself.
  static func fail(_ what: String) -> Never { fatalError("\(name): \(what)") }
}
