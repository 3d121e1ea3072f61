import Corruption

/// Shapes of calls, tasks and events, by tens of thousands: what the analysis, the reports, comparisons and exports make of them.
///
/// An input is a `CallProgram`: single records that go wrong are for the other targets; this one looks for what takes too long.
enum CallsTarget: FuzzTarget {
  static let name = "calls"

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    guard var program = CallProgram(bytes) else { return .zero }
    return DatTarget.check(WholeReport.make(program.recording(), of: bytes, effort: effort))
  }

  /// Some times what as many events take that are no trouble.
  static let timeLimit = Duration.seconds(6)

  // MARK: seeds

  private typealias Operation = CallProgram.Operation

  static func line(_ operation: CallProgram.Operation, _ operands: UInt8...) -> [UInt8] {
    [operation.rawValue] + (operands + [0, 0, 0]).prefix(CallProgram.size - 1)
  }

  /// The last `count` instructions, two to the power of `power` times in all.
  private static func again(_ count: UInt8, power: UInt8) -> [UInt8] { line(.again, count - 1, power) }

  static let seeds = shapes + InitSeeds.all

  /// Each a way in which much can be in a trace.
  private static let shapes: [[UInt8]] = [
    line(.load) + line(.call, 40) + line(.call, 41) + line(.leaveAll) + line(.value, 0, 0, 161),
    // A deep stack, then loads in it; loads one after the other; loads in one another.
    line(.enterNameless) + again(1, power: 5) + line(.load) + line(.leave) + again(1, power: 2) + again(4, power: 3),
    line(.load) + line(.leaveAll) + again(2, power: 5),
    line(.load) + again(1, power: 4) + line(.call, 45) + again(1, power: 4) + line(.leaveAll),
    // Loads at the same time, and a thread that works for them.
    line(.load) + line(.nextTask) + again(2, power: 4) + line(.task, 7, 0, 2) + line(.call, 11) + again(1, power: 5),
    // Many tasks, functions, events, gaps and returns without a call.
    line(.load) + line(.leaveAll) + line(.call, 3) + line(.nextTask) + again(2, power: 5),
    line(.load) + line(.callNameless) + again(1, power: 5) + line(.leaveAll),
    line(.load) + line(.leaveAll) + line(.event, 0) + line(.event, 1) + again(2, power: 5),
    line(.load) + line(.lose, 1) + line(.call, 12) + again(2, power: 4) + line(.leaveAll),
    line(.leaveOther, 3, 0, 9) + again(1, power: 4) + line(.load) + line(.event, 2) + line(.event, 4) + line(.leaveAll),
    line(.load) + line(.call, 12) + line(.call, 13) + again(2, power: 5) + line(.leaveAll),
    line(.enter, 1) + line(.callNameless) + line(.leave) + line(.event, 1) + again(4, power: 5),
  ].map { [6, 0, 0, 4] + $0 }

  // MARK: changes

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    guard bytes.count >= 2 * CallProgram.size else { return false }
    var lines = CallProgram.lines(of: bytes)
    for _ in 0..<Int.random(in: 1...4, using: &dice) { change(&lines, with: &dice) }
    if UInt8.random(in: 0..<8, using: &dice) == 0 {
      bytes[Int.random(in: 0..<CallProgram.size, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
    }
    // More instructions than these say nothing new.
    bytes = Array(bytes.prefix(CallProgram.size)) + lines.prefix(200).joined()
    return true
  }

  private static func change(_ lines: inout [[UInt8]], with dice: inout Corrupter) {
    let at = Int.random(in: 0...lines.count, using: &dice)
    switch UInt8.random(in: 0..<8, using: &dice) {
    case 0:
      // Small loops more often than large ones.
      let power = min(UInt8.random(in: 0..<16, using: &dice), .random(in: 0..<16, using: &dice))
      lines.insert(line(.again, .random(in: 0..<8, using: &dice), power), at: at)
    case 1, 2:
      let operation = Operation.allCases.randomElement(using: &dice) ?? .enter
      // The first functions matter most.
      let wide = Bool.random(using: &dice) ? UInt8.random(in: 0..<20, using: &dice) : UInt8.random(in: 0...255, using: &dice)
      lines.insert(line(operation, wide, .random(in: 0...1, using: &dice), .random(in: 0...255, using: &dice)), at: at)
    case 3: lines.insert(contentsOf: CallProgram.lines(of: seeds.randomElement(using: &dice) ?? []), at: at)
    case 4: if let last = lines.indices.randomElement(using: &dice) { lines.remove(at: last) }
    case 5: if let line = lines.randomElement(using: &dice) { lines.insert(line, at: at) }
    case 6: if !lines.isEmpty { lines.swapAt(at % lines.count, Int.random(in: 0..<lines.count, using: &dice)) }
    default:
      guard let line = lines.indices.randomElement(using: &dice) else { return }
      lines[line][Int.random(in: 0..<CallProgram.size, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
    }
  }
}
