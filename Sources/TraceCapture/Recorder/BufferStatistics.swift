/// What the ring buffer of one CPU counts: `per_cpu/cpuN/stats`.
struct BufferStatistics {
  /// Events that were overwritten before they were read, or that found no room.
  var lost: UInt64 = 0

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let value = UInt64(parts[1].drop { $0 == " " }) else { continue }
      if ["overrun", "commit overrun", "dropped events"].contains(parts[0]) { lost &+= value }
    }
  }

  /// KB that hold what `kilobytes` did not: lost events took as much room as those that were kept.
  ///
  /// - Parameter kept: bytes of pages that were taken out.
  static func needed(kilobytes: Int, lost: UInt64, kept: UInt64, events: UInt64) -> Int {
    let average = events > 0 ? Double(kept) / Double(events) : 48
    let missing = Int(min(Double(lost) * average / 1024, Double(1 << 40)))
    var size = 1024
    while size < kilobytes + missing, size < 1 << 30 { size <<= 1 }
    return size
  }
}
