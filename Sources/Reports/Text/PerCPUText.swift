import KVMStages

/// The shares of a stage that ran on each CPU, on one line.
struct PerCPUText {
  private let shares: [CPUShare]
  private let glyphs: Glyphs
  /// CPUs that are listed one by one; of more, the spread and the failures are told.
  private static let shownCPUs = 16

  init(_ shares: [CPUShare], glyphs: Glyphs) {
    self.shares = shares
    self.glyphs = glyphs
  }

  /// - Parameter all: lists the CPUs however many there are.
  func text(all: Bool) -> String {
    if all || shares.count <= Self.shownCPUs { return shares.map(text).joined(separator: ", ") }
    var parts = [Quantity.count(shares.count, "CPU")]
    let measured = shares.filter { $0.durationNS != nil }.sorted { ($0.durationNS ?? 0) < ($1.durationNS ?? 0) }
    if let fastest = measured.first, let slowest = measured.last {
      parts.append("fastest \(text(fastest))")
      parts.append("median \(glyphs.time(measured[measured.count / 2].durationNS ?? 0))")
      parts.append("slowest \(text(slowest))")
    }
    let failures = shares.filter { ($0.result ?? 0) < 0 }
    parts += failures.prefix(Self.shownCPUs).map(text)
    if failures.count > Self.shownCPUs { parts.append("\(Quantity.count(failures.count - Self.shownCPUs, "more failure"))") }
    return parts.joined(separator: ", ")
  }

  /// `CPU 3 +12.30 µs [-EIO]`.
  private func text(_ share: CPUShare) -> String {
    let time = share.durationNS.map { "+" + glyphs.time($0) } ?? glyphs.dash
    let result = share.result.map { $0 == 0 ? "" : " [\(Quantity.result($0))]" } ?? ""
    return "CPU \(share.cpu) \(time)\(result)"
  }
}
