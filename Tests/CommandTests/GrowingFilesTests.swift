import Corruption
import Foundation
import ModuleFiles
import Testing

/// Small files that unpack to much, or say that they hold much: each is answered at once, in little memory, and with a line that says why.
@Suite struct GrowingFilesTests {
  struct Input: Sendable, CustomTestStringConvertible {
    var name: String
    /// What the answer says.
    var answer: String
    var arguments = "report input"
    /// 65: damaged, or refused.
    var statuses: [Int32] = [65]
    var bytes: @Sendable () -> [UInt8]

    var testDescription: String { name }
  }

  /// A load of KVM that succeeds is in all of them: what can be read is reported, as damaged.
  private static func loaded(pageSize: Int = 4096) -> DatWriter {
    var writer = DatWriter()
    writer.compression = .zstd
    writer.pageSize = pageSize
    writer.kallsyms = "ffffffff81000000 T kvm_init\n"
    writer.formats = [("ftrace", [DatWriter.entryFormat(), DatWriter.exitFormat()])]
    let events =
      writer.event(delta: 100, writer.enter(0xffff_ffff_8100_0000, depth: 0))
      + writer.event(delta: 100, writer.leave(0xffff_ffff_8100_0000, depth: 0, from: 100, to: 200))
    writer.buffers = [(name: "", cpus: [(cpu: 0, pages: [writer.page(time: 1, events: events)])])]
    return writer
  }

  private static let kvmInit: UInt64 = 0xffff_ffff_8100_0000
  private static let initcall: UInt64 = 0xffff_ffff_8100_0100
  private static let compatibilityCheck: UInt64 = 0xffff_ffff_8100_0200
  private static let online: UInt64 = 0xffff_ffff_8100_0400
  private static let nameless: UInt64 = 0xffff_ffff_c000_0000

  /// A file with many events, each as `event` makes it, behind a load of KVM or without one.
  private static func calls(_ count: Int, behindLoad: Bool = true, event: (DatWriter, Int) -> [UInt8]) -> [UInt8] {
    var writer = loaded(pageSize: 1 << 16)
    if !behindLoad { writer.buffers[0].cpus[0].pages = [] }
    writer.kallsyms +=
      "ffffffff81000100 T do_one_initcall\nffffffff81000200 T kvm_x86_check_cpu_compat\nffffffff81000300 T f\n"
      + "ffffffff81000400 T kvm_online_cpu\n"
    let print = DatWriter.format("print", id: 5, [("unsigned long ip", 8, 8, false), ("char buf[]", 16, 0, false)])
    writer.formats[0].texts.append(print)
    var events: [UInt8] = []
    for index in 0..<count {
      events += writer.event(delta: 1, event(writer, index))
      guard events.count > 64_000 || index == count - 1 else { continue }
      writer.buffers[0].cpus[0].pages.append(writer.page(time: UInt64(index + 2) * 10, events: events))
      events = []
    }
    return writer.file().bytes
  }

  /// A part of a load that ends long after all others began.
  private static func load(_ writer: DatWriter, task: Int32, step: Int) -> [UInt8] {
    switch step {
    case 0: writer.enter(initcall, depth: 0, pid: task)
    case 1: writer.enter(kvmInit, depth: 1, pid: task)
    case 2: writer.leave(kvmInit, depth: 1, from: 0, to: 1 << 40, pid: task)
    default: writer.leave(initcall, depth: 0, from: 0, to: 1 << 40, pid: task)
    }
  }

  /// 500 loads that are on at once, and what a thread of the CPUs does for KVM meanwhile.
  @Sendable private static func overlap() -> [UInt8] {
    calls(100_000) { writer, index in
      if index < 1000 { return load(writer, task: Int32(1000 + index / 2), step: index % 2) }
      if index >= 99_000 { return load(writer, task: Int32(1000 + index % 1000 / 2), step: 2 + index % 2) }
      let function = index / 2 % 2 == 0 ? online : compatibilityCheck
      return index % 2 == 0 ? writer.enter(function, depth: 0, pid: 77) : writer.leave(function, depth: 0, from: 0, to: 1, pid: 77)
    }
  }

  private static func file(_ change: (inout DatWriter) -> Void) -> [UInt8] {
    var writer = loaded()
    change(&writer)
    return writer.file().bytes
  }

  /// A compressed text with 64 MB of a line.
  private static func text(of line: String) -> [UInt8] {
    let head =
      "# tracer: function_graph\n#\n# CPU  DURATION                  FUNCTION CALLS\n# |     |   |                     |   |   |   |\n"
    var writer = DatWriter()
    writer.compression = .zstd
    return writer.compress(Array((head + String(repeating: line, count: (64 << 20) / line.utf8.count)).utf8))
  }

  static let inputs = [
    Input(name: "options", answer: "its options have") {
      file { writer in
        writer.packsOptions = true
        writer.options = [(id: UInt16, data: [UInt8])](repeating: (id: 3, data: []), count: 1_000_000)
      }
    },
    Input(name: "short options", answer: "option 8 is too short") {
      file { $0.options = [(id: UInt16, data: [UInt8])](repeating: (id: 8, data: []), count: 10_000) }
    },
    Input(name: "names of tasks", answer: "the names of the tasks have") {
      file { $0.commandLines = String(repeating: "1 a\n", count: 5_000_000) }
    },
    Input(name: "symbols", answer: "claims to hold") {
      file { $0.kallsyms = String(repeating: "ffffffff81000000 T f\n", count: 3_500_000) }
    },
    Input(name: "symbols at one address", answer: "kvm_init", statuses: [0, 1, 2]) {
      file { writer in
        writer.kallsyms += String(repeating: "ffffffff81000500 t a\n", count: 1_400_000)
        let events = (0..<16).flatMap { writer.event(delta: 1, writer.enter(kvmInit + 0x500 + $0, depth: 0)) }
        writer.buffers[0].cpus[0].pages.append(writer.page(time: 1000, events: events))
      }
    },
    Input(name: "brackets among the symbols", answer: "kvm_init", statuses: [0, 1, 2]) {
      file { $0.kallsyms += String(repeating: "[", count: 31 << 20) }
    },
    Input(name: "formats", answer: "cannot be read") {
      file { writer in
        let texts = (0..<20_000).map { id in
          DatWriter.format(
            "sys_exit_\(id)", id: id + 100,
            (0..<4).map { ("long field_\($0)_\(id % 7)", 8 + 8 * $0, 8, true) } + [("long ret", 48, 8, true)])
        }
        writer.formats.append(("syscalls", texts))
      }
    },
    Input(name: "large formats", answer: "cannot be read") {
      file { writer in
        let fields = (0..<30_000).map { ("long field_\($0)", 8, 8, true) }
        writer.formats.append(("sched", [DatWriter.format("sched_switch", id: 300, fields)]))
      }
    },
    Input(name: "pages of many CPUs", answer: "claims to hold") {
      var writer = loaded(pageSize: 1 << 19)
      let page = writer.page(time: 1, events: [])
      writer.buffers[0].cpus += (1..<1000).map { (cpu: $0, pages: [page]) }
      return writer.file().bytes
    },
    Input(name: "more CPUs than there are", answer: "ring buffers") {
      var writer = loaded(pageSize: 512)
      let page = writer.page(time: 1, events: [])
      writer.buffers[0].cpus += (1..<10_000).map { (cpu: $0, pages: [page]) }
      return writer.file().bytes
    },
    Input(name: "events", answer: "more events than a file of this size can hold") {
      var writer = loaded(pageSize: 1 << 16)
      let events = (0..<1500).flatMap { _ in writer.event(delta: 1, writer.enter(0xffff_ffff_8100_0000, depth: 0)) }
      let page = writer.page(time: 1, events: events)
      writer.buffers[0].cpus[0].pages = [[UInt8]](repeating: page, count: 600)
      return writer.file().bytes
    },
    Input(name: "callers of stages in one another", answer: "kvm_init", statuses: [1, 2]) {
      calls(300_000) { writer, index in writer.enter(kvmInit, depth: UInt32(index % 60_000)) }
    },
    Input(name: "callers of stages below compatibility checks", answer: "kvm_init", statuses: [1, 2]) {
      calls(300_000) { writer, index in
        let (function, depth) = index % 4 < 2 ? (compatibilityCheck, UInt32(1)) : (kvmInit, 2)
        return index % 2 == 0 ? writer.enter(function, depth: depth) : writer.leave(function, depth: depth, from: 0, to: 1)
      }
    },
    Input(name: "loads below many calls", answer: "kvm_init", statuses: [1, 2]) {
      calls(62_000) { writer, index in
        guard index >= 60_000 else { return writer.enter(nameless, depth: UInt32(index)) }
        return switch index % 4 {
        case 0: writer.enter(initcall, depth: 60_000)
        case 1: writer.enter(kvmInit, depth: 60_001)
        case 2: writer.leave(kvmInit, depth: 60_001, from: 0, to: 1)
        default: writer.leave(initcall, depth: 60_000, from: 0, to: 1)
        }
      }
    },
    Input(name: "inits without names", answer: "kvm_init", statuses: [1, 2]) {
      calls(300_000) { writer, index in
        switch index % 4 {
        case 0: writer.enter(initcall, depth: 0)
        case 1: writer.enter(nameless, depth: 1)
        case 2: writer.leave(nameless, depth: 1, from: 0, to: 1)
        default: writer.leave(initcall, depth: 0, from: 0, to: 1)
        }
      }
    },
    Input(name: "inits without names in one another", answer: "kvm_init", statuses: [1, 2]) {
      calls(300_000) { writer, index in writer.enter(index % 2 == 0 ? initcall : nameless, depth: UInt32(index % 60_000)) }
    },
    Input(name: "loads and prints", answer: "kvm_init", arguments: "report --tree input", statuses: [1, 2]) {
      calls(120_000) { writer, index in
        guard index < 2000 else { return writer.common(5) + writer.number(UInt64(0)) + DatWriter.string("\(index)") }
        return load(writer, task: 1000, step: index % 4)
      }
    },
    Input(name: "tasks", answer: "calls of task 1000", arguments: "report --tree input", statuses: [2]) {
      calls(65_000, behindLoad: false) { writer, index in writer.enter(initcall + 0x200, depth: 0, pid: Int32(1000 + index)) }
    },
    Input(name: "loads at the same time", answer: "kvm_init", arguments: "report --tree input", statuses: [1, 2], bytes: overlap),
    Input(
      name: "loads at the same time, as JSON", answer: "kvm_init", arguments: "report --format json input", statuses: [1, 2], bytes: overlap
    ),
    Input(name: "gaps among loads", answer: "in 40 gaps", arguments: "report --tree input", statuses: [1, 2]) {
      GrowingTexts.gapsAmongLoads(loads: 500, gaps: 20_000)
    },
    Input(name: "instances with one table", answer: "the lists of CPUs overlap") {
      file { writer in
        writer.compression = .none
        writer.version = .v6
        let cpus = (0..<3000).map { (cpu: $0, pages: [[UInt8]]()) }
        writer.buffers[0].cpus += cpus
        // `flyrecord` of the top buffer: all instances are there.
        let start = writer.file().bytes.firstRange(of: Array("flyrecord\0".utf8))?.lowerBound ?? 0
        let count = 2000
        let option = (id: UInt16(3), data: writer.number(UInt64(start + count * 16)) + DatWriter.string("i"))
        writer.options += [(id: UInt16, data: [UInt8])](repeating: option, count: count)
      }
    },
    Input(name: "text", answer: "grows to more than") {
      text(of: " 0)   1.000 us    |  kvm_init" + String(repeating: "_", count: 900) + "();\n")
    },
    Input(name: "lines", answer: "more lines than a trace of its size") { text(of: " 0)   1.000 us    |  kvm_init();\n") },
  ]

  /// What is handed to the tool beside a trace.
  static let others = [
    Input(name: "symbols of a module", answer: "is damaged: 300", arguments: "report \(Command.sample) --module-file input") {
      var module = ELFWriter.sample
      module.symbols += [ELFWriter.Symbol](repeating: .init(name: "f", section: 1, offset: 0, size: 1), count: 300_000)
      var writer = DatWriter()
      writer.compression = .zstd
      return writer.compress(module.bytes)
    },
    Input(
      name: "names of one function", answer: "kvm_intel", arguments: "report \(Command.sample) --module-file input", statuses: [0, 1, 2]
    ) {
      var module = ELFWriter.sample
      module.symbols += (0..<60_000).map { ELFWriter.Symbol(name: "f\($0)", section: 1, offset: 0, size: 1) }
      var writer = DatWriter()
      writer.compression = .zstd
      return writer.compress(module.bytes)
    },
    Input(name: "a long value", answer: "no expectations have one", arguments: "check \(Command.sample) --expect input") {
      Array("schema: kvm-inittrace/expectations\nversion: 1\nexpect: [{name: \"\(String(repeating: "a", count: 100_000))\"}]\n".utf8)
    },
    Input(
      name: "functions that are required", answer: "at most 32768 results", arguments: "check \(Command.sample) --expect input",
      statuses: [1]
    ) {
      let names = (0..<150_000).map { "f\($0)" }.joined(separator: ", ")
      return Array("schema: kvm-inittrace/expectations\nversion: 1\nexpect: [{name: a, functions: {required: [\(names)]}}]\n".utf8)
    },
    Input(name: "patterns", answer: "a set that fits the run", arguments: "check \(Command.sample) --expect input", statuses: [2]) {
      let patterns = [String](repeating: "a", count: 60_000).joined(separator: ",")
      return Array("schema: kvm-inittrace/expectations\nversion: 1\nexpect: [{traces: [\(patterns)], verdict: ok}]\n".utf8)
    },
    Input(name: "loads and functions", answer: "kvm_init", arguments: "diff input input -v", statuses: [0, 1, 2]) {
      GrowingTexts.loads(500, functions: 60)
    },
    Input(name: "values in one another", answer: "levels deep", arguments: "check \(Command.sample) --expect input") {
      [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    },
  ]

  @Test(arguments: inputs + others) func isAnswered(input: Input) throws {
    let command = try Command()
    defer { command.remove() }
    let bytes = input.bytes()
    #expect(bytes.count < 3 << 20)
    try command.write("input", bytes)
    // Time of the processor: other tests run beside it.
    let limits = "ulimit -d \(Self.memory); ulimit -t \(Self.seconds)"
    let outcome = try command.run(shell: #"\#(limits); exec "$0" \#(input.arguments)"#)
    #expect(input.statuses.contains(outcome.status))
    #expect((outcome.output + outcome.errors).contains(input.answer), "\(outcome.errors.prefix(2000)) \(outcome.output.prefix(2000))")
  }

  private static let isSanitized = dlsym(nil, "__sanitizer_print_stack_trace") != nil
  /// KB of memory that can be written, the stacks of the threads among it. A sanitizer needs terabytes.
  private static let memory = isSanitized ? "unlimited" : "\((512 + 128) << 10)"
  private static let seconds = Sweep.timeLimit.components.seconds
}
