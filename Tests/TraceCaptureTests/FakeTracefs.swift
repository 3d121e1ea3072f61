import Foundation

@testable import TraceCapture

/// A folder that looks like the top directory of tracefs.
///
/// Plain files keep what is written to them. tracefs shows it otherwise (`[local] global` for `local`): `settle()` does that by hand.
final class FakeTracefs {
  private let machine: TestMachine
  var path: String { machine.folder.path + "/tracing" }

  /// Files as a kernel has them on which nobody traces.
  static let idle: [(name: String, text: String)] = [
    ("trace", ""), ("tracing_on", "1\n"), ("current_tracer", "nop\n"), ("trace_clock", "[local] global counter uptime\n"),
    ("buffer_size_kb", "1410\n"), ("buffer_percent", "50\n"), ("set_event", ""), ("set_event_pid", "no pid\n"),
    ("set_ftrace_pid", "no pid\n"), ("set_event_notrace_pid", ""), ("set_ftrace_notrace_pid", "no pid\n"), ("tracing_cpumask", "f\n"),
    ("set_graph_function", "#### all functions enabled ####\n"), ("set_graph_notrace", "#### no functions disabled ####\n"),
    ("set_ftrace_filter", "#### all functions enabled ####\n"), ("set_ftrace_notrace", "#### no functions disabled ####\n"),
    ("max_graph_depth", "0\n"), ("tracing_thresh", "0\n"), ("kprobe_events", ""), ("options/overwrite", "1\n"),
    ("options/record-cmd", "0\n"), ("options/sleep-time", "1\n"), ("options/funcgraph-irqs", "0\n"),
    ("events/printk/console/enable", "0\n"), ("events/printk/console/filter", "none\n"), ("events/sched/sched_switch/enable", "0\n"),
    ("events/sched/sched_switch/filter", "none\n"),
  ]

  init(_ files: [(name: String, text: String)] = idle) throws {
    machine = try TestMachine()
    for (name, text) in files { try write(name, text) }
    try machine.makeDirectory("/tracing/instances")
  }

  func write(_ name: String, _ text: String) throws { try machine.write("/tracing/" + name, text) }
  func write(_ name: String, _ bytes: [UInt8]) throws { try machine.write("/tracing/" + name, bytes) }
  func remove(_ name: String) throws { try machine.remove("/tracing/" + name) }
  func text(_ name: String) -> String? { machine.files.bytes("/tracing/" + name).map { String(decoding: $0, as: UTF8.self) } }
  func directory() throws -> TracefsDirectory { try TracefsDirectory(top: path) }

  /// A file that can be read, and refuses to be written to, whoever asks.
  func refuse(_ name: String) throws { try link(name, to: "/proc/version") }

  /// A file that refuses to be read and written to at its start, whoever asks.
  func refuseAll(_ name: String) throws { try link(name, to: "/proc/self/mem") }

  private func link(_ name: String, to target: String) throws {
    try? remove(name)
    try machine.link("/tracing/" + name, to: target)
  }

  /// All files below the directory with their contents.
  var snapshot: [String: String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    var isFolder = ObjCBool(false)
    return Dictionary(
      names.filter { FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder) && !isFolder.boolValue }
        .map { ($0, text($0) ?? "") }
    ) { first, _ in first }
  }

  /// Shows what was written as the kernel shows it.
  func settle() throws {
    let shown: [(name: String, written: String, text: String)] = [
      ("trace_clock", "local\n", "[local] global counter uptime\n"), ("set_event_pid", "", "no pid\n"), ("set_ftrace_pid", "", "no pid\n"),
      ("set_ftrace_notrace_pid", "", "no pid\n"), ("set_graph_function", "", "#### all functions enabled ####\n"),
      ("set_ftrace_filter", "", "#### all functions enabled ####\n"),
      ("set_graph_notrace", "", "#### no functions disabled ####\n"), ("set_ftrace_notrace", "", "#### no functions disabled ####\n"),
      ("events/sched/sched_switch/filter", "0\n", "none\n"),
    ]
    for file in shown where text(file.name) == file.written { try write(file.name, file.text) }
  }
}
