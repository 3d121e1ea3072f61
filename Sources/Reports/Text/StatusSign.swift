import KVMStages

/// How a stage's status is written: a sign and a word, so that colour adds nothing but speed.
struct StatusSign {
  let result: StageResult
  let unicode: Bool
  /// False for a failed stage of which another is the failing part.
  var isCulprit = true

  var word: String {
    switch result.status {
    case .ok: "ok"
    case .failed: result.tolerated ? "tolerated" : isCulprit ? "FAILED" : "failed"
    case .notReached: "not reached"
    case .missing: "MISSING"
    case .skipped: "skipped"
    case .notTraced: "not traced"
    case .notVisible: "not visible"
    case .absent: "absent"
    }
  }

  var sign: String {
    switch result.status {
    case .ok: unicode ? "✓" : "+"
    case .failed: result.tolerated ? "!" : unicode ? "✗" : "X"
    case .missing: "!"
    case .notReached: unicode ? "·" : "."
    case .skipped: "-"
    case .notTraced: "?"
    case .notVisible: "~"
    case .absent: " "
    }
  }

  var text: String { "\(sign) \(word)" }

  var style: Style {
    switch result.status {
    case .ok: .good
    case .failed: result.tolerated ? .warning : .bad
    case .missing: .bad
    case .notReached, .notTraced: .warning
    case .skipped, .notVisible, .absent: .faint
    }
  }
}
