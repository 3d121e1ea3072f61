import CallTrees

/// Tells a found failure: the path to it, the error, the evidence, the cause.
struct FailureStory {
  private let matcher: StageMatcher
  private let outcome: Outcome
  private let found: FailureFinder.Found
  private let vendorKnown: Bool
  private var run: RunTree { matcher.run }

  /// - Parameter vendorKnown: false when the trace does not tell Intel from AMD: then no function is named by its place.
  init(_ matcher: StageMatcher, outcome: Outcome, found: FailureFinder.Found, vendorKnown: Bool) {
    self.matcher = matcher
    self.outcome = outcome
    self.found = found
    self.vendorKnown = vendorKnown
  }

  var failure: Failure {
    let (code, derived) = code
    let errno = code.flatMap(ErrnoName.name) ?? derived
    let cause = cause(errno: errno)
    var text = outcome.text + found.text
    if code == nil, let derived {
      text.append("\(derived) is the only error that \(vendorKnown ? run.roles[found.row] ?? "this step" : "this step") returns")
    }
    let order: [Evidence] = [.returnValue, .syscall, .unwind, .kernelLog]
    let all = found.evidence.union(outcome.evidence)
    return Failure(
      stage: found.stage, function: run.displayName(found.row), path: path, errno: errno, code: code ?? derived.flatMap(ErrnoName.code),
      evidence: order.filter(all.contains), evidenceText: text, inferred: !found.measured, log: outcome.log, cause: cause?.cause,
      remedy: cause?.remedy)
  }

  private var path: [PathStep] {
    var steps: [PathStep] = []
    var row = found.row
    while row >= 0 {
      let shown = run.recording.function(run.tree.calls[row].function)
      let role = shown.trustedName == nil && vendorKnown ? run.roles[row] : nil
      steps.append(PathStep(function: shown.displayName, role: role, result: outcome.results[row] ?? knownResult(row), row: row))
      if row == run.candidate.rootRow { break }
      row = Int(run.tree.calls[row].parent)
    }
    return steps.reversed()
  }

  /// The init function's result as the events tell it.
  private func knownResult(_ row: Int) -> Int64? {
    guard row == run.candidate.initRow, case .failed(let code) = outcome.result else { return nil }
    return code
  }

  // MARK: errno

  /// The measured code, or the name of the only error that the step can return.
  private var code: (Int64?, String?) {
    if let value = outcome.results[found.row], ErrnoName.isError(value) { return (value, nil) }
    if case .failed(let code?) = outcome.result { return (code, nil) }
    return (nil, derivedErrno)
  }

  private var derivedErrno: String? {
    guard let form = matcher.matches[found.stage.id]?.form else { return nil }
    if found.stage.id == "cpu_feature_check" { return featureCheckErrno }
    let names = Set(form.failure.returns.flatMap { Self.errnoNames(in: $0) })
    return names.count == 1 ? names.first : nil
  }

  /// Up to 6.2 the vendor's checks come after the other-module check and before the PAT check (6.0), and give EOPNOTSUPP only. When only
  /// the first of the two ran, it is the one that failed; when none did, it is the other-module check.
  private var featureCheckErrno: String? {
    switch featureChecksSeen {
    case nil: nil
    case 0: "EEXIST"
    case 1: "EOPNOTSUPP"
    default: matcher.version < KernelVersion(6, 0) ? "EOPNOTSUPP" : nil
    }
  }

  /// Number of the vendor's checks that ran; since 6.3 they are a stage of their own.
  private var featureChecksSeen: Int? {
    guard found.stage.id == "cpu_feature_check", matcher.version < KernelVersion(6, 3) else { return nil }
    return matcher.matches["cpu_feature_check"]?.rows.count
  }

  /// `EIO` and `ENOMEM` in `-EIO (PAT, 6.0+), -ENOMEM`.
  static func errnoNames(in text: String) -> [String] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "-") }
      .filter { $0.hasPrefix("-E") }
      .map { String($0.dropFirst()) }
      .filter { ErrnoName.code($0) != nil }
  }

  // MARK: cause

  /// Of the causes that fit the error: the one whose log text was printed, or that the calls tell; else all, to choose from.
  private func cause(errno: String?) -> Cause? {
    let fitting = found.stage.causes.filter { cause in
      (!vendorKnown || cause.fits(matcher.vendor)) && errno.map { cause.errnos.isEmpty || cause.errnos.contains($0) } ?? true
    }
    if let byLog = fitting.first(where: { cause in cause.logPieces.contains { piece in outcome.log.contains { $0.contains(piece) } } }) {
      return byLog
    }
    if let told = causeOfInner { return told }
    if let piece = featureCheckPiece, let told = fitting.first(where: { $0.logPieces.contains { $0.contains(piece) } }) { return told }
    guard fitting.count > 1 else { return isContradicted ? nil : fitting.first }
    func list(_ part: (Cause) -> String) -> String {
      "One of: " + fitting.enumerated().map { "(\($0.offset + 1)) \(part($0.element))" }.joined(separator: " ")
    }
    return Cause(list(\.cause), remedy: list(\.remedy))
  }

  /// Whether only the init function is known to have failed, and no step in it.
  private var isOnlyOutside: Bool { found.evidence.isEmpty && !found.measured }

  /// The cause of a step inside the call that is known to have failed, where the kernel log says it. Where no step is known, that of any: the
  /// kernel may have steps that its version does not tell of.
  private var causeOfInner: Cause? {
    let stages =
      isOnlyOutside
      ? Catalogue.stages.filter { $0.vendors.contains(matcher.vendor) }
      : matcher.stages(after: found.stage.id).filter { matcher.hasCaller($0, in: found.row) }.map(\.stage)
    return stages.lazy.flatMap(\.causes).first { cause in
      (!vendorKnown || cause.fits(matcher.vendor)) && cause.logPieces.contains { piece in outcome.log.contains { $0.contains(piece) } }
    }
  }

  /// Whether more is known than that the init function failed: what it fails of by itself says nothing then.
  private var isContradicted: Bool {
    isOnlyOutside
      && (!outcome.log.isEmpty
        || matcher.matches.values.contains { $0.parentRow == found.row && !$0.rows.isEmpty && $0.stage.id != found.stage.id })
  }

  /// What the check prints that ended it: the other-module check, or the first of the vendor's.
  private var featureCheckPiece: String? {
    switch featureChecksSeen {
    case 0: "already loaded"
    case 1: "no hardware support"
    default: nil
    }
  }
}
