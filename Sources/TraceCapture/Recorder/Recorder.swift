import CallTrees
import Glibc
import KVMStages
import Safeguards
import TraceFile

/// Makes recordings on this machine, and leaves it as it was.
public final class Recorder {
  /// The step that lasts while the command runs.
  public static let runningStep = "recording"

  let options: RecorderOptions
  let files: KernelFiles
  var machine: MachineFacts
  /// Told of each step, for a user who wants to see more.
  let trace: (String) -> Void
  /// Files that have been looked for already.
  private var readModules: [String: ModuleELF?] = [:]
  /// Told what every user has to know.
  let notify: (String) -> Void

  /// Looks at the machine; nothing is changed.
  ///
  /// - Parameters:
  ///   - trace: is given one sentence for each step.
  ///   - notify: is given one sentence for each thing that a user has to know.
  public init(
    _ options: RecorderOptions, files: KernelFiles = KernelFiles(), trace: @escaping (String) -> Void = { _ in },
    notify: @escaping (String) -> Void = { _ in }
  ) {
    self.options = options
    self.files = files
    self.trace = trace
    self.notify = notify
    machine = MachineFacts(files)
  }

  // MARK: what is recorded

  /// Vendor modules that the load may bring.
  var vendors: [Vendor] {
    if let module = options.module { return Vendor.allCases.filter { $0.module == module } }
    if case .command(let words) = options.trigger {
      let named = [Vendor.intel, .amd].filter { vendor in words.contains { ModuleFiles.canonical($0).contains(vendor.module) } }
      if !named.isEmpty { return named }
    }
    return machine.cpu.vendor.map { [$0] } ?? []
  }

  /// The module that modprobe is to load.
  ///
  /// - Throws: `unavailable` on a CPU whose module is not known.
  func vendorModule() throws(CaptureError) -> String {
    if let module = options.module ?? machine.vendorModule { return module }
    let name = machine.cpu.vendorName
    throw CaptureError(
      .unavailable, "no KVM module is known for this CPU\(name.isEmpty ? "" : " (\(name))")", remedy: "name one with --module")
  }

  /// What a recording would write to tracefs.
  ///
  /// - Throws: `unavailable` when this kernel cannot be recorded.
  public func plan() throws(CaptureError) -> RecordingPlan {
    if options.trigger == .extract { return .extraction }
    let facts = machine.tracefs
    let list = facts.flatMap { files.bytes($0.directory + "/available_filter_functions", limit: 64 << 20) }
    return try plan(list.map { String(decoding: $0, as: UTF8.self) + functionsToCome }, command: nil).plan
  }

  /// A module's file, unpacked and read once; nil when there is none that can be read.
  func moduleFile(_ module: String) -> ModuleELF? {
    if let known = readModules[module] { return known }
    let file = machine.moduleFiles.path(of: module).flatMap { try? ModuleELF(files, path: $0) }
    readModules[module] = .some(file)
    return file
  }

  /// Lines for the functions of kvm, which a recording would load before it looks for functions.
  private var functionsToCome: String {
    guard machine.presence(of: "kvm") == .notLoaded, let file = moduleFile("kvm") else { return "" }
    return file.functions.map { "\($0.name) [kvm]\n" }.joined()
  }

  /// - Parameter list: the functions that can be traced; nil when they cannot be read, for want of permission: all are then taken to be there.
  func plan(_ list: String?, command: Int32?) throws(CaptureError) -> (plan: RecordingPlan, targets: RecordingTargets) {
    let version = machine.kernel.version ?? KernelVersion(6, 1)
    var finder = TargetFinder(options.request, version: version, vendors: vendors)
    finder.awaitsLoad = options.trigger == .wait
    for module in Set(vendors.map(\.module) + ["kvm"]) {
      guard let file = moduleFile(module) else { continue }
      if module == "kvm" { finder.kvmFile = file } else { finder.moduleFiles[module] = file }
    }
    var targets = try finder.find(in: list ?? finder.assumedList)
    targets.pid = command
    return (RecordingPlan(options.request, targets: targets, abilities: abilities(version)), targets)
  }

  private func abilities(_ version: KernelVersion) -> RecordingAbilities {
    let facts = machine.tracefs
    var present = Set(RecordingAbilities.candidates)
    if let facts, facts.isReadable { present = present.filter { files.exists(facts.directory + "/" + $0) } }
    let memory = machine.kernel.availableMemory ?? 1 << 30
    var abilities = RecordingAbilities(
      version: version, graphInInstances: facts?.hasGraphInInstances ?? (version >= KernelVersion(6, 12)), files: present,
      cpus: machine.cpu.online, availableKB: Int(clamping: memory >> 10))
    abilities.possibleCPUs = machine.cpu.possible
    return abilities
  }

  /// Where tracefs is, or is to be mounted.
  public var tracefsPath: String { machine.tracefs?.directory ?? TracefsMount.usual }

  /// The command that a recording would start; nil when it starts none.
  public func plannedCommand() throws(CaptureError) -> [String]? {
    switch options.trigger {
    case .module(let parameters): [machine.modprobe ?? MachineFacts.usualModprobe, "--", try vendorModule()] + parameters
    case .command(let words): words
    case .wait, .extract: nil
    }
  }

  /// A command of the user's runs as the user would run it.
  var commandEnvironment: [String]? {
    if case .command = options.trigger { nil } else { HelperProgram.environment }
  }

  // MARK: checks

  /// Whether this process may record on this machine.
  func checkMachine() throws(CaptureError) {
    guard machine.permissions.canAdminister else {
      throw CaptureError(.noPermission, "recording needs root", remedy: "run it with sudo; --dry-run shows what it would do")
    }
    guard let facts = machine.tracefs else {
      throw CaptureError(.unavailable, "tracefs is not mounted", remedy: "mount -t tracefs tracefs /sys/kernel/tracing")
    }
    guard facts.isWritable else {
      let isLocked = machine.kernel.lockdown == .confidentiality
      throw CaptureError(
        isLocked ? .unavailable : .noPermission,
        "\(facts.directory) cannot be written to" + (isLocked ? ": the kernel is locked down (confidentiality)" : ""),
        remedy: isLocked ? "boot without lockdown=confidentiality" : "run as root, outside a container")
    }
    guard files.text("/proc/sys/kernel/ftrace_enabled") != "0" else {
      throw CaptureError(
        .unavailable, "function tracing is switched off (kernel.ftrace_enabled is 0)", remedy: "sysctl kernel.ftrace_enabled=1")
    }
    guard facts.hasFunctionGraph else {
      throw CaptureError(
        .unavailable, "this kernel (\(machine.kernel.uname.release)) has no function_graph tracer",
        remedy: "boot one that is built with CONFIG_FUNCTION_GRAPH_TRACER, such as a distribution's generic kernel")
    }
    try checkPIDs()
  }

  /// Whether the command's process id is the one that its events will have: by another one they would all be left out.
  private func checkPIDs() throws(CaptureError) {
    switch options.trigger {
    case .wait, .extract: return
    case .module, .command: break
    }
    if machine.permissions.hasKernelPIDs == false { throw .ownProcessIDs }
  }
}

extension Recorder {
  /// Whether the file can be written, before anything is changed for it.
  func checkOutput() throws(CaptureError) {
    let path = options.output
    do {
      _ = try FilePlace(path)
    } catch  where error.reason != nil {
      throw CaptureError(.cannotWrite, "'\(path)': \(error.description)", remedy: "name a file with -o that nobody else can redirect")
    } catch {}
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw CaptureError(.cannotWrite, "'\(path)' is no ordinary file", remedy: "name a file with -o")
    }
    guard access(folder(of: path), W_OK) != 0 else { return }
    throw CaptureError(
      .cannotWrite, "cannot write into '\(folder(of: path))': \(CaptureError.text(errno))", remedy: "name a file elsewhere with -o")
  }

  func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// Whether the kernel has the clock.
  func checkClock(_ top: TracefsDirectory) throws(CaptureError) {
    let clocks = try top.read("trace_clock").split { $0 == " " || $0 == "\n" || $0 == "[" || $0 == "]" }
    guard !clocks.contains(Substring(options.request.clock)) else { return }
    throw CaptureError(
      .unavailable, "this kernel has no trace clock '\(options.request.clock)'", remedy: "choose one of: \(clocks.joined(separator: ", "))")
  }
}

extension TargetFinder {
  /// For a plan on a machine whose list of functions cannot be read: all that are asked for.
  var assumedList: String {
    Set([Catalogue.loaderRoot, Catalogue.textPatching] + request.roots + Catalogue.callbackRoots).sorted().joined(separator: "\n")
  }
}
