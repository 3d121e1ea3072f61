/// What is let through to tracefs, to modprobe, and to the journal: names as the kernel has them.
public enum KernelName {
  /// A function, as filters of tracefs name it.
  public static func isFunction(_ name: String) -> Bool { isWord(name, "_.", limit: 512) }

  /// `name=value` as the kernel takes it: nothing that modprobe or a line of a journal could take for something else.
  public static func isParameter(_ option: String) -> Bool {
    guard let sign = option.firstIndex(of: "="), let first = option.unicodeScalars.first else { return false }
    return isWord(option[..<sign], "_-") && first.properties.numericType == nil
      && !option.unicodeScalars.contains { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
  }

  /// Letters and digits of ASCII, and `others`; it does not begin with `-`, and is shorter than `limit` bytes.
  static func isWord(_ text: some StringProtocol, _ others: String, limit: Int = 256) -> Bool {
    guard let first = text.unicodeScalars.first, first != "-", text.utf8.count < limit else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || others.unicodeScalars.contains(scalar))
    }
  }
}
