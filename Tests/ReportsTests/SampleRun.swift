import CallTrees
import KVMStages

@testable import Reports

/// A small trace written as text: `name 40us { child 3us; other open }`.
///
/// Each call starts 1 µs after what came before it. Times are in `us`; `open` is a call without a return; a number after `=` is the
/// return value; `!N` loses N events on CPU 0; `"text"` is a line of the kernel log.
struct SampleTrace {
  private var builder = RecordingBuilder(keys: .interned)
  private var depth: UInt16 = 0
  private var time: UInt64 = 1_000_000
  private var pid: Int32

  static func recording(_ text: String, others: [(pid: Int32, comm: String, text: String)] = [], kind: TraceKind = .traceCmdV7) -> Recording
  {
    var trace = SampleTrace(pid: 123)
    trace.builder.name(pid: 123, comm: "modprobe")
    trace.play(text)
    for other in others {
      trace.pid = other.pid
      trace.builder.name(pid: other.pid, comm: other.comm)
      trace.time = 1_002_000
      trace.play(other.text)
    }
    var source = TraceSource(path: "trace.dat", kind: kind)
    source.kernel = "6.12.107+deb13-amd64"
    source.machine = "x86_64"
    source.cpus = 4
    source.clock = "local"
    return trace.builder.finish(source: source, damage: [])
  }

  private init(pid: Int32) { self.pid = pid }

  private mutating func play(_ text: String) {
    var stack: [(function: UInt64, duration: UInt64?, value: Int64?, start: UInt64)] = []
    let spaced = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().map { index, part in
      index % 2 == 0
        ? String(part.flatMap { "{};".contains($0) ? [" ", $0, " "] : [$0] })
        : "\"" + part.replacing(" ", with: "~")
    }
    let tokens = spaced.joined(separator: " ").split { $0 == " " || $0 == "\n" }.map(String.init)
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      index += 1
      switch token {
      case ";": continue
      case "}": if let call = stack.popLast() { leave(call) }
      case _ where token.hasPrefix("\""): log(String(token.dropFirst()).replacing("~", with: " "))
      case _ where token.hasPrefix("!"): builder.lose(cpu: 0, count: UInt64(token.dropFirst()))
      default:
        let start = enter(token)
        var duration: UInt64?
        var value: Int64?
        while index < tokens.count, tokens[index].hasSuffix("us") || tokens[index].hasPrefix("=") || tokens[index] == "open" {
          let word = tokens[index]
          if word.hasPrefix("=") { value = Int64(word.dropFirst()) }
          if word.hasSuffix("us") { duration = UInt64(word.dropLast(2)).map { $0 * 1000 } }
          index += 1
        }
        let call = (function: start.function, duration: duration, value: value, start: start.time)
        if index < tokens.count, tokens[index] == "{" {
          stack.append(call)
          index += 1
        } else {
          leave(call)
        }
      }
    }
  }

  private mutating func log(_ line: String) {
    time += 100
    builder.append(TraceEvent(time: time, cpu: 0, pid: pid, payload: .console(line)))
  }

  private mutating func enter(_ name: String) -> (function: UInt64, time: UInt64) {
    let isAddress = name.hasPrefix("0x")
    let isKernel = FunctionKind(name: name) != .ordinary || !name.contains("kvm")
    let function = Function(
      address: isAddress ? UInt64(name.dropFirst(2), radix: 16) : nil, name: isAddress ? nil : name, module: isKernel ? nil : "kvm")
    let id = builder.intern(function)
    time += 1000
    append(.enter, UInt64(id.index), 0)
    depth += 1
    return (UInt64(id.index), time)
  }

  private mutating func leave(_ call: (function: UInt64, duration: UInt64?, value: Int64?, start: UInt64)) {
    depth -= 1
    guard let duration = call.duration else { return }
    time = max(time, call.start + duration)
    append(.leave, call.function, duration)
    if let value = call.value { append(.returnValue, call.function, UInt64(bitPattern: value)) }
  }

  private mutating func append(_ kind: GraphEvent.Kind, _ function: UInt64, _ value: UInt64) {
    let event = GraphEvent(time: time, function: function, value: value, pid: pid, depth: depth, kind: kind)
    withUnsafePointer(to: event) { builder.append(UnsafeBufferPointer(start: $0, count: 1), cpu: pid == 123 ? 0 : 1) }
  }
}

extension Stage {
  static func sample(_ id: String, _ section: String?, _ title: String, marker: String = "") -> Stage {
    let form = StageForm(
      VersionRange("4.19"), parents: [], markers: marker.isEmpty ? [] : [Marker(marker, in: "kvm")], visibility: .call,
      presence: .required, source: "sample")
    return Stage(id, section: section, title: title, summary: title, vendors: [.intel, .amd], forms: [form])
  }
}

/// Text of a report.
func text(_ recording: Recording, _ analysis: Analysis, _ options: ReportOptions = ReportOptions()) -> String {
  var output = ""
  TextReport.write(recording, analysis, options: options, to: &output)
  return output
}

extension String {
  var longestLine: Int { split(separator: "\n").map { Columns.width(String($0)) }.max() ?? 0 }
}
