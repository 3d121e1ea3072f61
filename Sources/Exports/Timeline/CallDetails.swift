import CallTrees
import KVMStages
import Reports

/// What a timeline says of a call beside its name and its times. Most calls have nothing of it.
struct CallDetails {
  /// Where the task runs, at the outermost call and where that changes.
  var cpu: UInt16?
  /// The measured duration, where it is not drawn as it is.
  var measured: UInt64?
  var returnValue: Int64?
  /// What is irregular.
  var flags: CallFlags
  var category: Category

  /// What a slice stands for, by which viewers filter.
  enum Category: Int, CaseIterable {
    case call, interrupt, sleep, stage, log, loss, event

    // Not by "\(self)", which asks the program's metadata for each event.
    var name: String {
      switch self {
      case .call: "call"
      case .interrupt: "interrupt"
      case .sleep: "sleep"
      case .stage: "stage"
      case .log: "log"
      case .loss: "loss"
      case .event: "event"
      }
    }
  }

  init(_ row: Int, of tree: CallTree) {
    let call = tree.calls[row]
    flags = call.flags.subtracting([.interrupt, .sleep])
    category = call.flags.contains(.interrupt) ? .interrupt : call.flags.contains(.sleep) ? .sleep : .call
    let parent = Int(call.parent)
    let here = row < tree.cpus.count ? tree.cpus[row] : 0
    if parent < 0 || parent >= tree.cpus.count || tree.cpus[parent] != here { cpu = here }
    if !tree.returnValues.isEmpty, let value = tree.returnValues[UInt32(truncatingIfNeeded: row)] {
      returnValue = ReturnValue(value).value
    }
  }

  /// The measured duration of a call, if that is not the one that is drawn. nil: it has none, or is drawn as measured.
  static func measured(_ row: Int, of tree: CallTree, drawn: UInt64?) -> UInt64? {
    guard tree.calls.indices.contains(row), let duration = tree.calls[row].measuredDuration, duration != drawn else { return nil }
    return duration
  }

  var isEmpty: Bool { cpu == nil && measured == nil && returnValue == nil && flags.isEmpty }
}
