import KVMStages

/// Which stages of a run get a row of their own, and which are named together below the table.
struct StageListing {
  /// Stages of one status that share one line.
  struct Group {
    var label: String
    /// The stages, each with its note where that is not shared by all.
    var items: [String]
  }

  var rows: [StageResult] = []
  var groups: [Group] = []

  /// The order of the lines below the table, and how each begins.
  private static let notReached = "not reached"
  /// Stages that were not reached and are listed one by one, at most.
  private static let mostListed = 12
  private static let labels: [(StageStatus, String)] = [
    (.notReached, notReached), (.skipped, "not taken"), (.notTraced, "not in this trace"),
    (.notVisible, "inlined here, cannot be shown"), (.absent, "not in this kernel"),
  ]

  /// - Parameters:
  ///   - all: every stage gets a row.
  ///   - hint: how to see the stages that are only counted.
  init(_ stages: [StageResult], all: Bool, hint: String = " (-v lists them)") {
    var folded: [StageStatus: [StageResult]] = [:]
    for result in stages {
      if all || Self.hasRow(result) { rows.append(result) } else { folded[result.status, default: []].append(result) }
    }
    for (status, label) in Self.labels {
      guard let results = folded[status] else { continue }
      groups += Self.groups(of: results, label: label, hint: hint)
    }
  }

  private static func hasRow(_ result: StageResult) -> Bool {
    switch result.status {
    case .ok, .failed, .missing: true
    case .notReached, .skipped, .notTraced, .notVisible, .absent: result.durationNS != nil || result.calls > 0 || !result.perCPU.isEmpty
    }
  }

  /// What took a stage's place is told in the full table; here, that it is gone.
  private static func short(_ note: String) -> String {
    let words = note.split(separator: " ")
    guard words.count > 2, words[0] == "since" else { return note }
    return "gone since \(words[1])"
  }

  /// One group for each note that at least three stages share, and one for the rest.
  private static func groups(of results: [StageResult], label: String, hint: String) -> [Group] {
    var sharing: [String: Int] = [:]
    for result in results { sharing[result.note ?? "", default: 0] += 1 }
    var shared: [(note: String, items: [String])] = []
    var rest: [String] = []
    for result in results {
      let title = result.stage.fullTitle
      guard let note = result.note, !note.isEmpty else {
        rest.append(title)
        continue
      }
      if sharing[note, default: 0] < 3 {
        rest.append("\(title) (\(short(note)))")
      } else if let index = shared.firstIndex(where: { $0.note == note }) {
        shared[index].items.append(title)
      } else {
        shared.append((note, [title]))
      }
    }
    if label == notReached && rest.count > mostListed {
      rest = ["\(rest.count) stages, from \(rest[0]) to \(rest[rest.count - 1])\(hint)"]
    }
    let groups = shared.map { Group(label: "\(label) (\($0.note))", items: $0.items) }
    return groups + (rest.isEmpty ? [] : [Group(label: label, items: rest)])
  }
}
