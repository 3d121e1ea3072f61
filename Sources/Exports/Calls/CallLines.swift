import CallTrees
import KVMStages
import Reports

/// Renders calls as lines of JSON. What tasks, functions and flags add to a line is prepared once.
struct CallLines {
  /// A function's part of a line.
  private struct Fragment {
    /// From `,"function":` to `,"start_ns":`.
    var names: [UInt8]
    /// `,"doubtful_name":"…"`, or nothing.
    var doubt: [UInt8]
  }

  private let tasks: [TaskTrace]
  private let functions: [Function]
  private let openings: [[UInt8]]
  private var fragments: [Fragment?]
  private let unresolved = Fragment(names: Array(#","function":null,"module":null,"address":null,"start_ns":"#.utf8), doubt: [])
  /// `,"flags":[…]`, by raw value.
  private let flags: [[UInt8]]
  private var bytes: [UInt8] = []

  init(_ recording: Recording) {
    tasks = recording.tasks
    functions = recording.functions
    fragments = Array(repeating: nil, count: functions.count)
    openings = tasks.map(Self.opening)
    flags = (0..<CallFlags.valueCount).map { Self.fragment(of: CallFlags(rawValue: UInt16($0))) }
  }

  // MARK: output

  /// Hands the lines on when enough have gathered.
  mutating func drain(into output: inout some ByteOutput, all: Bool = false) { bytes.drain(into: &output, all: all) }

  // MARK: lines

  mutating func append(task: Int, row: Int) {
    let call = tasks[task].tree.calls[row]
    bytes.append(contentsOf: openings[task])
    JSONText.appendInteger(tasks[task].tree.cpus[row], to: &bytes)
    bytes.append(#","depth":"#)
    JSONText.appendInteger(call.depth, to: &bytes)
    let doubt = appendFunction(Int(call.function.index))
    append(call.knownStart)
    bytes.append(#","duration_ns":"#)
    append(call.measuredDuration)
    bytes.append(#","return_value":"#)
    appendReturnValue(task: task, row: row)
    bytes.append(contentsOf: flags[Int(call.flags.rawValue) & (flags.count - 1)])
    if doubt { bytes.append(contentsOf: fragments[Int(call.function.index)]?.doubt ?? []) }
    bytes.append("}\n")
  }

  /// Appends the function's part; true if its name is doubtful.
  private mutating func appendFunction(_ index: Int) -> Bool {
    guard index < fragments.count else {
      bytes.append(contentsOf: unresolved.names)
      return false
    }
    if let fragment = fragments[index] {
      bytes.append(contentsOf: fragment.names)
      return !fragment.doubt.isEmpty
    }
    fragments[index] = Self.fragment(of: functions[index])
    return appendFunction(index)
  }

  private mutating func appendReturnValue(task: Int, row: Int) {
    let values = tasks[task].tree.returnValues
    guard !values.isEmpty, let value = values[UInt32(truncatingIfNeeded: row)] else { return bytes.append("null") }
    JSONText.appendInteger(ReturnValue(value).value, to: &bytes)
  }

  @inline(__always)
  private mutating func append(_ number: UInt64?) {
    if let number { JSONText.appendInteger(number, to: &bytes) } else { bytes.append("null") }
  }

  // MARK: fragments

  private static func opening(of task: TaskTrace) -> [UInt8] {
    let comm = task.comm.map(JSONText.quoted) ?? Array("null".utf8)
    return Array(#"{"pid":\#(task.pid.map(String.init) ?? "null"),"comm":"#.utf8) + comm + Array(#","cpu":"#.utf8)
  }

  private static func fragment(of function: Function) -> Fragment {
    func json(_ text: String?) -> [UInt8] { text.map(JSONText.quoted) ?? Array("null".utf8) }
    var names = Array(#","function":"#.utf8) + json(function.trustedName)
    names += Array(#","module":"#.utf8) + json(function.doubt == nil ? function.module : nil)
    names += Array(#","address":"#.utf8) + json(function.shownAddress) + Array(#","start_ns":"#.utf8)
    guard function.doubt != nil, let name = function.name else { return Fragment(names: names, doubt: []) }
    return Fragment(names: names, doubt: Array(#","doubtful_name":"#.utf8) + json(name))
  }

  private static func fragment(of flags: CallFlags) -> [UInt8] {
    let names = flags.names.map { "\"\($0)\"" }
    return Array((#","flags":["# + names.joined(separator: ",") + "]").utf8)
  }
}
