/// A bar on standard error that tells how many of many things are done; nothing where that is no terminal.
struct ProgressBar {
  private let task: String
  private let total: Int
  private let isShown: Bool
  private static let cells = 30

  /// - Parameter task: what is being done (`checking`), or nil for no bar.
  init(task: String?, total: Int) {
    self.task = task ?? ""
    self.total = total
    isShown = task != nil && total > 1 && Diagnostics.isTerminal
  }

  func draw(done: Int) {
    guard isShown else { return }
    let filled = done * Self.cells / max(1, total)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.cells - filled)
    Diagnostics.put(Diagnostics.eraseLine + "\(task) [\(bar)] \(done)/\(total)")
  }

  /// Takes the bar off the terminal.
  func clear() {
    if isShown { Diagnostics.put(Diagnostics.eraseLine) }
  }
}
