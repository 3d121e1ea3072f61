import CallTrees

/// A load that ended before any init: the kernel did not take the module's file, or modprobe did not get that far.
struct LoadRefusal {
  private let recording: Recording

  init(_ recording: Recording) { self.recording = recording }

  /// What happened and what to do, or nil when the recording does not tell.
  var reason: String? {
    if let (call, code) = refusal {
      let line = lines.first.map { "; the kernel log says: \($0)" } ?? ""
      return "the kernel refused the module before any init ran: \(call) returned \(code)\(ErrnoName.name(code).map { " (\($0))" } ?? "")"
        + "\(line). \(Self.advice(ErrnoName.name(code)))"
    }
    guard let recorder = recording.source.recorder, let exit = recorder.exitCode, exit != 0, !isAsked else { return nil }
    return "\(recorder.program ?? "the command") ended with \(exit) before it asked the kernel to load a module: the file of the module or "
      + "of one that it needs is missing or unreadable, or a configuration forbids it; run it once by hand (modprobe -v MODULE) and read "
      + "its message, and try depmod -a"
  }

  /// The last result of a system call that loads a module, of a task that ended with a refusal. A compressed file may be refused first,
  /// and then be unpacked by modprobe.
  private var refusal: (call: String, code: Int64)? {
    var last: [Int32: (call: String, code: Int64)] = [:]
    for event in recording.events {
      guard case .syscallExit(let name, let result) = event.payload, Self.calls.contains(name), let pid = event.pid else { continue }
      last[pid] = (name, ReturnValue(result).value)
    }
    return last.sorted { $0.key < $1.key }.map(\.value).first { ErrnoName.isError($0.code) }
  }

  private var isAsked: Bool {
    recording.events.contains { if case .syscallExit(let name, _) = $0.payload { Self.calls.contains(name) } else { false } }
  }

  /// What the kernel logged about the module.
  private var lines: [String] {
    recording.events.compactMap { event in
      if case .console(let line) = event.payload, Outcome.isKVMLine(line) { line } else { nil }
    }
  }

  private static let calls: Set<String> = ["finit_module", "init_module"]

  /// Read in kernel/module (load_module, check_modinfo, simplify_symbols, module_sig_check) of 5.10 to 7.3.
  private static func advice(_ errno: String?) -> String {
    switch errno {
    case "ENOEXEC":
      "The file was made for another kernel or is damaged: compare modinfo -F vermagic MODULE with uname -r, and install the modules of "
        + "the running kernel"
    case "ENOENT": "A symbol that it needs is not there: a module that it depends on is missing or of another build; try depmod -a"
    case "EKEYREJECTED", "ENOKEY", "EBADMSG":
      "Its signature is missing or not trusted: sign the module, or enrol its key (mokutil --import)"
    case "EPERM", "EACCES": "Loading modules is forbidden here: lockdown, kernel.modules_disabled, or a missing CAP_SYS_MODULE"
    case "EEXIST": "A module of that name is loaded already, or another one exports the same symbols"
    case "ENOMEM": "Free memory and load it again"
    default: "Look at dmesg: the kernel logs why"
    }
  }
}
