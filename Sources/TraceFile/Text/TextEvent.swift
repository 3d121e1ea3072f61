import CallTrees

/// What the kernel or trace-cmd prints for an event that is no function's entry or return.
enum TextEvent {
  /// The content of `/* name: text */` in the kernel's text.
  ///
  /// Text that somebody wrote into the trace stands there without a name.
  static func payload(comment: TextBytes) -> TraceEvent.Payload {
    if let arrow = comment.firstRange(of: " -> 0x"), comment.has("sys", at: 0) || comment.has("__x64_sys", at: 0) {
      let call = comment.slice(0, arrow.lowerBound)
      var at = arrow.upperBound - 2
      if isName(call), let result = comment.result(&at) {
        let prefix = call.firstRange(of: "sys_")?.upperBound ?? 0
        return .syscallExit(name: call.from(prefix).string, result: result)
      }
    }
    guard let colon = comment.firstIndex(of: .colon), isName(comment.slice(0, colon)),
      colon + 1 == comment.count || comment[colon + 1] == .space
    else { return .print(comment.string) }
    return payload(name: comment.slice(0, colon), text: comment.from(colon + 2), probedIsRight: true)
  }

  /// An event with its name and what follows it.
  ///
  /// - Parameter probedIsRight: how a return probe is printed. The kernel says `(caller <- function)`, trace-cmd
  ///   `(function <- caller)`.
  static func payload(name: TextBytes, text: TextBytes, probedIsRight: Bool) -> TraceEvent.Payload {
    known(name: name.string, text: text) ?? probe(name: name, text: text, probedIsRight: probedIsRight) ?? .other(name.string)
  }

  private static func known(name: String, text: TextBytes) -> TraceEvent.Payload? {
    switch name {
    case "console": return .console(KernelLog.withoutTime(text.slice(0, text.endWithoutSpaces).string))
    case "print", "bprint", "bputs": return .print(printed(text))
    case "module_load": return .moduleLoad(name: firstWord(text))
    case "module_free": return .moduleFree(name: firstWord(text))
    case "initcall_start": return .initcallStart(function: field("func=", text).flatMap(address))
    case "initcall_finish":
      guard let result = number("ret=", text) else { return nil }
      return .initcallFinish(function: field("func=", text).flatMap(address), result: result)
    case "cpuhp_enter", "cpuhp_multi_enter":
      guard let cpu = number("cpu: ", text), let step = number("step: ", text), let cpu = Int(exactly: cpu) else { return nil }
      return .hotplugEnter(cpu: cpu, step: step, function: field("(", text).flatMap(address))
    case "cpuhp_exit":
      guard let cpu = number("cpu: ", text), let step = number("step: ", text), let result = number("ret: ", text) else { return nil }
      return .hotplugExit(cpu: Int(cpu), step: step, result: result)
    case "sched_switch": return taskSwitch(text)
    default:
      guard name.hasPrefix("sys_exit_") else { return nil }
      var at = text.skippingSpaces(0)
      guard let result = text.result(&at) else { return nil }
      return .syscallExit(name: String(name.dropFirst("sys_exit_".count)), result: result)
    }
  }

  /// trace-cmd puts the writing function in front: `tracing_mark_write: text`.
  private static func printed(_ text: TextBytes) -> String {
    if let colon = text.firstRange(of: ": "), isName(text.slice(0, colon.lowerBound)) { return text.from(colon.upperBound).string }
    return text.string
  }

  // MARK: sched_switch

  /// `prev_comm=… prev_pid=97 … ==> next_comm=… next_pid=0 …`, and trace-cmd's `modprobe:97 [120] S ==> swapper/0:0 [120]`.
  private static func taskSwitch(_ text: TextBytes) -> TraceEvent.Payload? {
    guard let arrow = text.lastRange(of: " ==> ") else { return nil }
    let left = text.slice(0, arrow.lowerBound)
    let right = text.from(arrow.upperBound)
    guard let from = switchedPID(left, field: "prev_pid="), let to = switchedPID(right, field: "next_pid=") else { return nil }
    return .taskSwitch(from: from, to: to)
  }

  private static func switchedPID(_ text: TextBytes, field: StaticString) -> Int32? {
    if let found = text.lastRange(of: field) {
      var at = found.upperBound
      return text.decimal(&at).flatMap(Int32.init(exactly:))
    }
    guard let bracket = text.lastRange(of: " ["), let colon = text.lastIndex(of: .colon, before: bracket.lowerBound) else { return nil }
    var at = colon + 1
    guard let pid = text.decimal(&at), at == bracket.lowerBound else { return nil }
    return Int32(exactly: pid)
  }

  // MARK: probes

  /// `(do_one_initcall+0x5b/0x310 <- 0xffffffffc05fc014) ret=4294967201`, `(vmx_init+0x0/0x80 [kvm_intel]) …`.
  private static func probe(name: TextBytes, text: TextBytes, probedIsRight: Bool) -> TraceEvent.Payload? {
    let start = text.skippingSpaces(0)
    guard text[start] == .openParenthesis, let end = text.firstIndex(of: .closeParenthesis, from: start) else { return nil }
    let place = text.slice(start + 1, end)
    guard place.firstIndex(of: .space) == nil || place.firstRange(of: " <- ") != nil || place.firstRange(of: " [") != nil else {
      return nil
    }
    let arrow = place.firstRange(of: " <- ")
    let function = arrow.map { probedIsRight ? place.from($0.upperBound) : place.slice(0, $0.lowerBound) } ?? place
    return .probe(name: name.string, function: address(function), result: number(" ret=", text.from(end)))
  }

  // MARK: pieces

  /// Letters, digits and underscores: what an event's name consists of.
  private static func isName(_ text: TextBytes) -> Bool {
    guard !text.isEmpty, text.count <= 128, !text[0].isDigit else { return false }
    for index in 0..<text.count {
      switch text[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): continue
      case let byte where byte.isDigit: continue
      default: return false
      }
    }
    return true
  }

  private static func firstWord(_ text: TextBytes) -> String {
    let start = text.skippingSpaces(0)
    var end = start
    while text[end] > .space { end += 1 }
    return text.slice(start, end).string
  }

  /// What follows `key`.
  private static func field(_ key: StaticString, _ text: TextBytes) -> TextBytes? {
    text.firstRange(of: key).map { text.from($0.upperBound) }
  }

  private static func number(_ key: StaticString, _ text: TextBytes) -> Int64? {
    guard let value = field(key, text) else { return nil }
    var at = value.skippingSpaces(0)
    // cpuhp events pad with zeros: decimal, not octal.
    return value.result(&at)
  }

  /// `0xffffffffc05fc014`, and trace-cmd's `ffffffffc05fc014`. A symbol (`vmx_init+0x0/0x80`) has no address here.
  private static func address(_ text: TextBytes) -> UInt64? {
    let hasPrefix = text.has("0x", at: 0)
    let start = hasPrefix ? 2 : 0
    var at = start
    guard let value = text.hexadecimal(&at), hasPrefix || at - start == 16 else { return nil }
    let byte = text[at]
    return byte <= .space || byte == .closeParenthesis ? value : nil
  }
}
