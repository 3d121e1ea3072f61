/// A journal is written by root and read by root; still nothing is done that no recording could have to undo.
extension Journal {
  /// What no recording writes, or nil: a sentence without its end.
  var problem: String? { entries.lazy.compactMap(Self.problem).first }

  private static func problem(_ entry: Entry) -> String? {
    switch entry {
    case .instance: nil
    case .file(let name, _, _): isInside(name) ? nil : "'\(name)' is no file of tracefs"
    case .probe(let event): KernelName.isWord(event, "_") ? nil : "'\(event)' is no probe"
    case .module(let name, _, let parameters):
      KernelName.isWord(name, "_-")
        ? parameters.first { !KernelName.isWord($0.key, "_-") || !isValue($0.value) }.map { "'\($0.key)=\($0.value)' is no parameter" }
        : "'\(name)' is no module"
    }
  }

  /// A path that goes down only, in letters that files of tracefs have.
  private static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.allSatisfy { KernelName.isWord(String($0), "_-.") && $0 != "." && $0 != ".." }
  }

  /// One line.
  private static func isValue(_ text: String) -> Bool {
    text.utf8.count < 4096 && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}
