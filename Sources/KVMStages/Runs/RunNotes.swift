import CallTrees

/// What a reader of a run has to know beside its stages, as sentences.
struct RunNotes {
  let run: RunTree
  /// As the trace, or the user, tells it.
  let candidate: RunCandidate
  let integrity: RunIntegrity
  private var recording: Recording { run.recording }

  func notes(_ fit: VersionFit, outcome: Outcome, failed: Bool) -> [String] { atBoot(outcome, failed: failed) + plain(fit, failed: failed) }

  /// Why functions have no name, and how to get names.
  private func nameless(failed: Bool) -> String {
    let count = integrity.unresolvedFunctions == 1 ? "1 function has no name" : "\(integrity.unresolvedFunctions) functions have no name"
    let reason =
      failed
      ? "the module was freed before its symbols were read"
      : "the recorded symbols leave \(integrity.unresolvedFunctions == 1 ? "it" : "them") out"
    let kallsyms = failed ? "a copy of /proc/kallsyms from while it was loaded" : "a copy of /proc/kallsyms"
    let first = "the module's file (--module-dir /lib/modules/\(recording.source.kernel ?? "RELEASE")), "
    let told = recording.nameNotes.map { "; " + $0 }.joined()
    return "\(count) to be trusted: \(reason); \(first)\(kallsyms) (--kallsyms FILE), or kretprobe events in the recording, "
      + "\(failed ? "name" : "may name") them\(told)"
  }

  private func atBoot(_ outcome: Outcome, failed: Bool) -> [String] {
    guard run.isBuiltIn else { return [] }
    let isSilent = failed && !outcome.evidence.contains(.returnValue) && outcome.log.isEmpty
    return ["KVM is built into this kernel: its init ran at boot"]
      + (isSilent
        ? [
          "neither the error nor the kernel's own line is in this trace: trace_event=initcall:initcall_finish,printk:console on the "
            + "kernel command line records them"
        ] : [])
  }

  /// Why starts are not known.
  private var timeless: String {
    if recording.source.kind == .ftraceText {
      return "this text has no time column (option funcgraph-abstime): durations are measured, starts are not known"
    }
    let clock = recording.source.clock.map { " (\($0))" } ?? ""
    return "the clock of this trace\(clock) does not count nanoseconds: durations are measured, starts are not known; record with -C local"
  }

  private func plain(_ fit: VersionFit, failed: Bool) -> [String] {
    var notes: [String] = []
    if let note = fit.note { notes.append(note) }
    if let range = fit.range {
      let span =
        range.lowerBound == range.upperBound ? "those of \(range.upperBound)" : "those of \(range.lowerBound) to \(range.upperBound)"
      notes.append("the trace names no kernel: the calls fit \(span); --kernel VERSION tells which")
    }
    if let source = candidate.vendorSource, !source.hasPrefix("the function") {
      notes.append("the module is told from \(source)")
    }
    if candidate.vendor == nil {
      notes.append(
        "kvm_intel or kvm_amd: nothing in this trace tells which; record with -e module, or say --vendor intel|amd"
      )
    }
    if integrity.unresolvedFunctions > 0 { notes.append(nameless(failed: failed)) }
    if !recording.hasTimes { notes.append(timeless) }
    return notes
  }
}
