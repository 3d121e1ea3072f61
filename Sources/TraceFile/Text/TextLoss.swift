/// `CPU:1 [LOST 123 EVENTS]` of the kernel, `CPU:1 [123 EVENTS DROPPED]` of trace-cmd, both also without the number.
struct TextLoss {
  var cpu: Int
  var count: UInt64?

  init?(_ line: TextBytes) {
    var at = line.skippingSpaces(0)
    guard line.has("CPU:", at: at) else { return nil }
    at += 4
    guard let cpu = line.decimal(&at), cpu <= TextPrologue.maximumCPU, line.has(" [", at: at) else { return nil }
    self.cpu = Int(cpu)
    at += 2
    if line.has("LOST ", at: at) { at += 5 }
    let isCounted = line[at].isDigit
    if isCounted {
      count = line.decimal(&at)
      at += 1
    }
    guard line.has("EVENTS", at: at) else { return nil }
  }
}
