import Corruption

/// Whole trace-cmd files, from the header to every report and export.
enum DatTarget: FuzzTarget {
  static let name = "dat"

  /// Of both versions, in both byte orders, for machines of 32 and 64 bits, with each compression.
  static var seeds: [[UInt8]] {
    PagesTarget.seeds.compactMap { seed in
      seed.withUnsafeBytes { bytes in
        ContainerShape(bytes).map { shape in shape.file([Array(seed.dropFirst(ContainerShape.size))], formats: shape.formats) }
      }
    }
  }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    check(WholeReport.make(bytes, effort: effort))
  }

  /// The time of the slowest command; ends the process when an answer cannot be.
  static func check(_ answer: WholeReport.Answer) -> Duration {
    if let contradiction = answer.contradiction { fail(contradiction) }
    if ![0, 1, 2, 65].contains(answer.status) || answer.written == 0 { fail("exit status \(answer.status), \(answer.written) bytes") }
    return answer.slowest
  }

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    guard var model = DatModel(bytes) else {
      // Version 6 has no sections: its counts and sizes stand among its texts.
      Borders.put(into: &bytes, with: &dice)
      return true
    }
    for _ in 0..<Int.random(in: 1...3, using: &dice) { model.change(with: &dice) }
    var file = model.written()
    if UInt8.random(in: 0..<3, using: &dice) == 0, let claim = file.claims.randomElement(using: &dice) {
      Borders.put(into: &file.bytes, at: claim.place, width: claim.width, with: &dice)
    }
    bytes = file.bytes
    return true
  }
}
