import CallTrees

/// What `kvm-inittrace record` wrote about its recording, as plain sentences.
struct RecorderText {
  private let recorder: RecordingFacts

  init(_ recorder: RecordingFacts) { self.recorder = recorder }

  /// How much was recorded where that is not everything, and how the command ended where that was not well; with `verbose` all.
  func facts(verbose: Bool) -> [String] {
    var facts: [String] = []
    if let detail = recorder.detail, verbose || detail != .full { facts.append("detail \(detail.rawValue)") }
    if let end { facts.append(end) }
    return verbose ? facts + machine + settings : facts
  }

  private var program: String { recorder.command.first ?? "the command" }

  private var end: String? {
    if let signal = recorder.signal { return "\(program) was ended by signal \(signal)" }
    return recorder.exitCode.flatMap { $0 == 0 ? nil : "\(program) ended with exit code \($0)" }
  }

  private var machine: [String] {
    var facts: [String] = []
    if let model = recorder.cpuModel, !model.isEmpty { facts.append("CPU \(model)\(recorder.microcode.map { ", microcode \($0)" } ?? "")") }
    if let line = recorder.kernelCommandLine { facts.append("booted with '\(line)'") }
    let parameters = Dictionary(grouping: recorder.parameters, by: \.module).sorted { $0.key < $1.key }
    facts += parameters.map { module, values in "\(module): " + values.map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
    facts += recorder.buildIDs.sorted { $0.key < $1.key }.map { "build id of \($0.key) \($0.value)" }
    return facts
  }

  private var settings: [String] {
    var facts = ["recorded by kvm-inittrace \(recorder.toolVersion)"]
    if !recorder.command.isEmpty { facts.append("command '\(recorder.command.joined(separator: " "))'") }
    if let size = recorder.bufferKB { facts.append("buffer \(Quantity.count(size)) KB per CPU") }
    if !recorder.leftOut.isEmpty { facts.append("nothing below \(recorder.leftOut.joined(separator: ", "))") }
    if let count = recorder.filteredEvents, count > 0 { facts.append("\(Quantity.count(count, "event")) of other tasks left out") }
    return facts
  }
}
