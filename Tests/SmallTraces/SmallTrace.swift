import CallTrees

/// Small recordings written in a test: `kvm_init[kvm] 40us { kvm_irqfd_init[kvm] 3us mutex_lock }`.
///
/// A name may carry its module (`[kvm]`), a measured duration (`40us`, `12ns`), a return value (`=-95`) and its callees in braces. `0x…`
/// is a function without a name. `open` instead of a duration leaves the call open. `!lost` loses events; `!console TEXT;` is a
/// kernel-log line; `!syscall NAME VALUE;` a system call's result; `!load MODULE;` a loaded module. `!task PID COMM;` goes on in another
/// task, whose calls begin at depth 0, and back.
public struct SmallTrace {
  private var tokens: [Substring]
  private var position = 0
  private var time: UInt64 = 1_000_000
  private var builder = RecordingBuilder(keys: .interned)
  /// The task that calls, and how deep the text is where its calls begin.
  private var pid: Int32
  private var bases: [Int32: UInt16]

  /// A recording of one task, `modprobe-100` on CPU 0.
  public static func recording(
    _ text: String, kernel: String? = nil, machine: String? = "x86_64", kind: TraceKind = .traceCmdV7, cpus: Int? = 2
  ) -> Recording {
    var trace = SmallTrace(text, pid: 100)
    trace.calls(depth: 0)
    var source = TraceSource(path: "small", kind: kind)
    source.kernel = kernel
    source.machine = machine
    source.cpus = cpus
    return trace.builder.finish(source: source, damage: [])
  }

  private init(_ text: String, pid: Int32) {
    let spaced = text.reduce(into: "") { $0 += "{}".contains($1) ? " \($1) " : String($1) }
    tokens = spaced.split { $0.isWhitespace }
    self.pid = pid
    bases = [pid: 0]
    builder.name(pid: pid, comm: "modprobe")
  }

  private var peek: Substring? { position < tokens.count ? tokens[position] : nil }

  private mutating func next() -> Substring? {
    defer { position += 1 }
    return peek
  }

  private mutating func calls(depth: UInt16) {
    while let token = next(), token != "}" {
      if token.hasPrefix("!") { event(String(token.dropFirst()), depth: depth) } else { call(String(token), depth: depth) }
    }
  }

  private mutating func call(_ name: String, depth: UInt16) {
    var isOpen = false
    var duration: UInt64 = 1000
    var value: Int64?
    while let token = peek, token != "{", token != "}" {
      if token == "open" {
        isOpen = true
      } else if token.hasPrefix("="), let number = Int64(token.dropFirst()) {
        value = number
      } else if let measured = Self.duration(token) {
        duration = measured
      } else {
        break
      }
      position += 1
    }
    let id = builder.intern(Self.function(name))
    emit(.enter, id, 0, depth)
    if peek == "{" {
      position += 1
      calls(depth: depth + 1)
    }
    guard !isOpen else { return }
    emit(.leave, id, duration, depth)
    if let value { emit(.returnValue, id, UInt64(bitPattern: value), depth) }
  }

  private mutating func emit(_ kind: GraphEvent.Kind, _ id: FunctionID, _ value: UInt64, _ depth: UInt16) {
    time += 100
    let depth = depth - min(depth, bases[pid] ?? 0)
    let events = [GraphEvent(time: time, function: UInt64(id.index), value: value, pid: pid, depth: depth, kind: kind)]
    events.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
  }

  private mutating func event(_ kind: String, depth: UInt16) {
    var words: [String] = []
    while kind != "lost", let token = next() {
      words.append(token.hasSuffix(";") ? String(token.dropLast()) : String(token))
      if token.hasSuffix(";") { break }
    }
    time += 100
    switch kind {
    case "lost": builder.lose(cpu: 0, count: 10)
    case "task": enter(words, depth: depth)
    case "console": append(.console(words.joined(separator: " ")))
    case "load": append(.moduleLoad(name: words.first ?? ""))
    case "syscall": append(.syscallExit(name: words.first ?? "", result: words.last.flatMap { Int64($0) } ?? 0))
    default: append(.other(kind))
    }
  }

  private mutating func enter(_ task: [String], depth: UInt16) {
    guard let number = task.first.flatMap({ Int32($0) }), let comm = task.last else { return }
    pid = number
    if bases[number] == nil { bases[number] = depth }
    builder.name(pid: number, comm: comm)
  }

  private mutating func append(_ payload: TraceEvent.Payload) {
    builder.append(TraceEvent(time: time, cpu: 0, pid: pid, payload: payload))
  }

  private static func function(_ name: String) -> Function {
    if name.hasPrefix("0x") { return Function(address: UInt64(name.dropFirst(2), radix: 16), name: nil) }
    guard let bracket = name.firstIndex(of: "["), name.hasSuffix("]") else { return Function(address: nil, name: name) }
    return Function(address: nil, name: String(name[..<bracket]), module: String(name[name.index(after: bracket)...].dropLast()))
  }

  private static func duration(_ token: Substring) -> UInt64? {
    if token.hasSuffix("us"), let number = UInt64(token.dropLast(2)) { return number * 1000 }
    if token.hasSuffix("ns"), let number = UInt64(token.dropLast(2)) { return number }
    return nil
  }
}
