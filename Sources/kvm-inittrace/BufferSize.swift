import ArgumentParser
import Reports

/// A size as trace-cmd takes it: a number of kilobytes, or with K, M or G behind it.
struct BufferSize {
  var kilobytes: Int

  /// - Throws: `ValidationError` that says which forms are taken.
  init(_ text: String) throws {
    let units: [Character: Int] = ["K": 1, "k": 1, "M": 1 << 10, "m": 1 << 10, "G": 1 << 20, "g": 1 << 20]
    let unit = text.last.flatMap { units[$0] }
    guard let number = Int(unit == nil ? text[...] : text.dropLast()), number > 0, number <= 1 << 30,
      case (let size, let overflow) = number.multipliedReportingOverflow(by: unit ?? 1), !overflow, size <= 1 << 31
    else { throw ValidationError("'\(TerminalText.escaped(text))' is no buffer size: write it as 8M or 512K, for each CPU.") }
    kilobytes = size
  }
}
