/// What each exit status means: the one place for the help texts, and by them for the manual.
extension ExitStatus {
  private static let meanings: [(code: Int32, meaning: String)] = [
    (0, "done"),
    (1, "negative verdict: a run failed, or misses a required stage; diff found\n      a change, check a broken expectation"),
    (2, "inconclusive: the trace is incomplete, or holds no run"),
    (64, "wrong usage"),
    (65, "the input is damaged or not a trace"),
    (66, "the input cannot be opened"),
    (69, "this machine cannot do it"),
    (73, "the output cannot be written"),
    (77, "no permission"),
  ]

  /// The last section of a help text: all statuses, because a script meets them with every command.
  ///
  /// - Parameter own: what a status means for this command in particular. One that says what 0 means to it, and not what 1 does, judges
  ///   nothing, and never ends with 1.
  static func help(_ own: [Int32: String] = [:]) -> String {
    // Every command's text is made whenever the tool starts: no splitting and joining of what is a constant.
    var text = "\n\nEXIT STATUS"
    for (code, meaning) in meanings where code != 1 || own[0] == nil || own[1] != nil {
      text += code < 10 ? "\n  \(code)   " : "\n  \(code)  "
      text += own[code] ?? meaning
    }
    return text
  }
}
