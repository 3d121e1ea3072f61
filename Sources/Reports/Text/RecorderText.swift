import CallTrees

/// What `kvm-inittrace record` wrote about its recording, as plain sentences.
struct RecorderText {
  private let recorder: RecordingFacts

  init(_ recorder: RecordingFacts) { self.recorder = recorder }

  /// How much was recorded where that is not everything, and how the command ended where that was not well.
  var facts: [String] {
    var facts: [String] = []
    if let detail = recorder.detail, detail != .full { facts.append("detail \(detail.rawValue)") }
    if let end { facts.append(end) }
    return facts
  }

  /// Everything else, one line for each subject, with what it is about in front.
  var lines: [(label: String, text: String)] {
    let parameters = Dictionary(grouping: recorder.parameters, by: \.module).sorted { $0.key < $1.key }
    let ids = recorder.buildIDs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let lines =
      [
        ("recorded by", settings.joined(separator: "; ")), ("CPU", cpu), ("booted with", recorder.kernelCommandLine ?? ""),
      ]
      + parameters.map { module, values in ("parameters of \(module)", values.map { "\($0.name)=\($0.value)" }.joined(separator: " ")) }
      + [("build ids", ids.joined(separator: ", "))]
    return lines.filter { !$0.1.isEmpty }
  }

  private var program: String { recorder.program ?? "the command" }

  private var end: String? {
    if let signal = recorder.signal { return "\(program) was ended by signal \(signal)" }
    return recorder.exitCode.flatMap { $0 == 0 ? nil : "\(program) ended with exit code \($0)" }
  }

  private var cpu: String {
    guard let model = recorder.cpuModel, !model.isEmpty else { return "" }
    return model + (recorder.microcode.map { ", microcode \($0)" } ?? "")
  }

  private var settings: [String] {
    var facts = ["kvm-inittrace \(recorder.toolVersion)"]
    if let detail = recorder.detail { facts.append("detail \(detail.rawValue)") }
    if !recorder.command.isEmpty { facts.append("command '\(recorder.command.joined(separator: " "))'") }
    if let size = recorder.bufferKB { facts.append("buffer \(Quantity.count(size)) KB per CPU") }
    if !recorder.leftOut.isEmpty { facts.append("nothing below \(recorder.leftOut.joined(separator: ", "))") }
    if let count = recorder.filteredEvents, count > 0 { facts.append("\(Quantity.count(count, "event")) of other tasks left out") }
    return facts
  }
}
