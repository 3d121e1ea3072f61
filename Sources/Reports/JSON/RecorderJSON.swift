import CallTrees

/// What `kvm-inittrace record` wrote about its recording: the key `recorder` of the report's source.
enum RecorderJSON {
  static func write(_ facts: RecordingFacts, to json: inout JSONWriter) {
    json.field("version", facts.toolVersion)
    json.field("command", facts.command)
    json.field("exit_code", facts.exitCode)
    json.field("signal", facts.signal)
    json.field("interrupted", facts.interrupted)
    if !facts.disturbed.isEmpty { json.array("disturbed") { json in for sentence in facts.disturbed { json.string(sentence) } } }
    json.field("started_ns", facts.started)
    json.field("elapsed_ns", facts.elapsed)
    json.field("host_id", facts.hostID)
    json.field("boot_id", facts.bootID)
    json.field("module", facts.module)
    json.field("vendor", facts.vendor)
    json.field("detail", facts.detail?.rawValue)
    json.field("roots", facts.roots)
    json.field("left_out", facts.leftOut)
    json.field("kernel_command_line", facts.kernelCommandLine)
    json.field("cpu_model", facts.cpuModel)
    json.field("microcode", facts.microcode)
    json.array("parameters") { json in
      for parameter in facts.parameters {
        json.object { json in
          json.field("module", parameter.module)
          json.field("name", parameter.name)
          json.field("value", parameter.value)
        }
      }
    }
    json.object("build_ids") { json in for (name, id) in facts.buildIDs.sorted(by: { $0.key < $1.key }) { json.field(name, id) } }
    json.field("buffer_kb", facts.bufferKB)
    json.field("repetition", facts.repetition)
    json.field("repetitions", facts.repetitions)
    json.field("filtered_events", facts.filteredEvents)
    json.object("lost_events") { json in
      for (cpu, count) in facts.lostEvents.sorted(by: { $0.key < $1.key }) { json.field(String(cpu), count) }
    }
  }
}
