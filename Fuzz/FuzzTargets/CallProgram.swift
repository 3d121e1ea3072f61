import CallTrees
import KVMStages

/// A trace as a small program: what a few bytes cannot hold, tens of thousands of like calls, tasks and events, they can tell how to make.
///
/// Four bytes tell the kernel, the machine, how the file was made and the number of CPUs; then each four bytes are an instruction: what is
/// done, and three operands.
struct CallProgram {
  enum Operation: UInt8, CaseIterable {
    /// Calls, of a function that operands 0 and 1 choose.
    case enter, call
    /// A return from the innermost call, and one from any function at any depth.
    case leave, leaveOther
    /// The calls of a load down to `kvm_init`, and the returns from all that are open.
    case load, leaveAll
    /// Calls of functions that were not called before, which have an address and no name.
    case enterNameless, callNameless
    /// Other tasks: that of operands 0 and 1, and the next one.
    case task, nextTask
    /// A value of the call that returned last.
    case value
    case event, lose
    /// Time that goes by, or goes back, and calls that begin at another depth.
    case time, depth
    /// The instructions before this one once more: how many, operand 0 tells, and how often, operand 1.
    case again
  }

  static let size = 4
  /// Fewer than a reader takes, and enough for what takes quadratic time to be seen.
  private static let eventLimit = 1 << 15
  private static let stepLimit = 1 << 18
  /// Loads of modules: each takes the analysis some milliseconds with the sanitizer, and a hundred show what thousands do.
  private static let loadLimit = 100

  private struct Instruction {
    var operation: Operation
    var operands: (UInt8, UInt8, UInt8)

    var wide: Int { Int(operands.0) | Int(operands.1) << 8 }
  }

  private struct Frame {
    var function: UInt64
    var start: UInt64
    var depth: UInt16
  }

  private let head: [UInt8]
  private let instructions: [Instruction]
  private var builder: RecordingBuilder
  private var functions: [UInt64] = []
  private var events = 0
  private var steps = 0
  private var loads = 0
  private var nameless = 0
  private var time: UInt64 = 1_000_000
  private var pid: Int32 = 100
  private var cpu = 0
  private var depthOffset: [Int32: UInt16] = [:]
  private var stacks: [Int32: [Frame]] = [:]

  /// nil: the input is too short.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 2 * Self.size else { return nil }
    head = Array(bytes.prefix(Self.size))
    instructions = Self.lines(of: Array(bytes)).map { line in
      let all = Operation.allCases
      return Instruction(operation: all[Int(line[0]) % all.count], operands: (line[1], line[2], line[3]))
    }
    builder = RecordingBuilder(keys: .interned, hasTimes: head[2] & 1 == 0)
  }

  /// The bytes of each instruction of a program.
  static func lines(of program: [UInt8]) -> [[UInt8]] {
    stride(from: size, to: program.count - size + 1, by: size).map { Array(program[$0..<$0 + size]) }
  }

  /// What a reader gives for such a trace.
  mutating func recording() -> Recording {
    functions = CallVocabulary.functions.map { UInt64(builder.intern($0).index) }
    run(instructions.indices)
    var source = TraceSource(path: "input", kind: [.traceCmdV7, .traceCmdV6, .ftraceText, .traceCmdText][Int(head[2] >> 1 & 3)])
    source.kernel = CallVocabulary.kernels[Int(head[0]) % CallVocabulary.kernels.count]
    source.machine = CallVocabulary.machines[Int(head[1]) % CallVocabulary.machines.count]
    source.cpus = Int(head[3])
    return builder.finish(source: source, damage: [])
  }

  // MARK: instructions

  private mutating func run(_ range: Range<Int>) {
    for at in range where events < Self.eventLimit && steps < Self.stepLimit {
      steps += 1
      let instruction = instructions[at]
      guard instruction.operation == .again else {
        run(instruction)
        continue
      }
      // A loop in a loop is a shorter one: this ends.
      let body = max(range.lowerBound, at - 1 - Int(instruction.operands.0 % 32))..<at
      let count = 1 << Int(instruction.operands.1 % 16)
      for _ in 0..<count where !body.isEmpty && events < Self.eventLimit && steps < Self.stepLimit { run(body) }
    }
  }

  private mutating func run(_ instruction: Instruction) {
    let function = functions[instruction.wide % functions.count]
    switch instruction.operation {
    case .enter: enter(function)
    case .call:
      enter(function)
      leave()
    case .leave: leave()
    case .leaveOther: emit(.leave, function, 1 << UInt64(instruction.operands.2 % 64), depth: UInt16(instruction.operands.2))
    case .load: for index in 0..<CallVocabulary.load.count { enter(functions[index]) }
    case .leaveAll: while stacks[pid]?.isEmpty == false { leave() }
    case .enterNameless: enter(namelessFunction())
    case .callNameless:
      enter(namelessFunction())
      leave()
    case .task: change(to: Int32(instruction.wide), cpu: Int(instruction.operands.2))
    case .nextTask: change(to: pid &+ 1, cpu: Int(instruction.operands.0))
    case .value: emit(.returnValue, function, UInt64(bitPattern: Int64(Int8(bitPattern: instruction.operands.2))), depth: 0)
    case .event: event(instruction)
    case .lose: builder.lose(cpu: cpu, count: instruction.operands.0 == 0 ? nil : UInt64(instruction.operands.0))
    case .time:
      let step = UInt64(1) << UInt64(instruction.operands.0 % 64)
      time = instruction.operands.1 & 1 == 0 ? time &+ step : time &- min(time, step)
    case .depth: depthOffset[pid] = UInt16(truncatingIfNeeded: instruction.wide)
    case .again: break
    }
  }

  private mutating func namelessFunction() -> UInt64 {
    nameless += 1
    return UInt64(builder.intern(Function(address: 0xffff_ffff_c100_0000 + 16 * UInt64(nameless), name: nil)).index)
  }

  private mutating func change(to pid: Int32, cpu: Int) {
    self.pid = pid
    self.cpu = cpu % 8
    builder.name(pid: pid, comm: CallVocabulary.comms[cpu % CallVocabulary.comms.count])
  }

  // MARK: events

  private mutating func enter(_ function: UInt64) {
    if function == functions[0] { loads += 1 }
    guard loads <= Self.loadLimit || !functions.prefix(CallVocabulary.load.count).contains(function) else { return }
    let depth = UInt16(truncatingIfNeeded: stacks[pid]?.count ?? 0) &+ (depthOffset[pid] ?? 0)
    emit(.enter, function, 0, depth: depth)
    stacks[pid, default: []].append(Frame(function: function, start: time, depth: depth))
  }

  private mutating func leave() {
    guard let frame = stacks[pid]?.popLast() else { return }
    emit(.leave, frame.function, time >= frame.start ? time - frame.start : Call.unknownDuration, depth: frame.depth)
  }

  private mutating func emit(_ kind: GraphEvent.Kind, _ function: UInt64, _ value: UInt64, depth: UInt16) {
    events += 1
    time = time &+ 100
    let event = GraphEvent(time: time, function: function, value: value, pid: pid, depth: depth, kind: kind)
    withUnsafePointer(to: event) { builder.append(UnsafeBufferPointer(start: $0, count: 1), cpu: cpu) }
  }

  private mutating func event(_ instruction: Instruction) {
    events += 1
    time = time &+ 100
    let payload = CallVocabulary.payload(instruction.operands.0, value: Int64(Int8(bitPattern: instruction.operands.1)), pid: pid)
    builder.append(TraceEvent(time: head[2] & 1 == 0 ? time : nil, cpu: cpu, pid: pid, payload: payload))
  }
}
