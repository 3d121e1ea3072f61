import CallTrees

/// Reads the text of `trace-cmd report`.
struct TextReportReader {
  private let text: TextBytes
  private var lines: TextLines
  private var sink: TextCallSink
  private var damage = TextDamage()
  private var source: TraceSource
  private var hasFunctionEvents = false

  init(_ text: TextBytes, path: String) {
    self.text = text
    lines = TextLines(text)
    source = TraceSource(path: path, kind: .traceCmdText)
    let resolution = TextReportHead.resolution(lines)
    let builder = RecordingBuilder(keys: .interned, hasTimes: resolution != nil, resolution: resolution ?? 1)
    sink = TextCallSink(builder: builder, names: TextFunctionNames(text: text, areGuessed: true), textSize: text.count)
  }

  consuming func read() throws -> Recording {
    while let line = lines.next() { take(line) }
    if !lines.isTerminated { damage.add(line: lines.number, "the text ends in the middle of this line") }
    let hasCalls = sink.anyCalls()
    if hasFunctionEvents, !hasCalls { throw TextTraceReader.noCalls(tracer: "function", line: nil) }
    return sink.finish(source: source, damage: damage.summary)
  }

  // MARK: lines

  @inline(__always)
  private mutating func take(_ line: TextBytes) {
    guard let head = TextReportHead(line) else { return takeOther(line) }
    sink.name(pid: head.pid, comm: line.slice(head.comm.lowerBound, head.comm.upperBound), isWhole: false)
    if line.has("funcgraph_e", at: head.name.lowerBound) || line.has("fgraph_", at: head.name.lowerBound) {
      takeCall(line, head)
    } else {
      takeEvent(line, head)
    }
  }

  @inline(__always)
  private mutating func takeCall(_ line: TextBytes, _ head: TextReportHead) {
    if let column = TextPrologue(durationIn: line, from: head.end), let call = TextCall(line, from: column.end) {
      sink.add(call, time: head.time, duration: column.duration, pid: head.pid, cpu: head.cpu)
    } else if let raw = TextRawCall(line, from: head.end, isExit: line.has("funcgraph_exit", at: head.name.lowerBound)) {
      sink.add(raw.call, time: head.time, duration: raw.duration, pid: head.pid, cpu: head.cpu)
    } else {
      damage.add(notUnderstood: line, number: lines.number)
    }
  }

  private mutating func takeEvent(_ line: TextBytes, _ head: TextReportHead) {
    let name = line.slice(head.name.lowerBound, head.name.upperBound)
    if name.count == 8, name.has("function", at: 0) { hasFunctionEvents = true }
    let payload = TextEvent.payload(name: name, text: line.from(head.end).trimmed, probedIsRight: false)
    sink.add(payload, time: head.time, pid: head.pid, cpu: head.cpu)
  }

  /// A line that is no event.
  private mutating func takeOther(_ line: TextBytes) {
    let content = line.trimmed
    if content.isEmpty || isRemark(content) {
      return
    } else if content.has("cpus=", at: 0) {
      var at = 5
      source.cpus = content.decimal(&at).flatMap(Int.init(exactly:))
    } else if let loss = TextLoss(content) {
      sink.lose(cpu: loss.cpu, count: loss.count)
    } else if !isStackEntry(content) {
      damage.add(notUnderstood: line, number: lines.number)
    }
  }

  /// Lines of trace-cmd about itself.
  private func isRemark(_ line: TextBytes) -> Bool {
    line.has("version = ", at: 0) || line.has("registering plugin: ", at: 0) || line.has("overriding event ", at: 0)
      || line.has("trace-cmd: ", at: 0) || (line.has("CPU ", at: 0) && line.hasSuffix(" is empty"))
      || (line.has("CPU:", at: 0) && line.firstRange(of: "[SUBBUFFER START]") != nil)
  }

  /// `=> vmx_init (ffffffffc0700000)` below a stack trace.
  private func isStackEntry(_ line: TextBytes) -> Bool { line.has("=> ", at: 0) }
}
