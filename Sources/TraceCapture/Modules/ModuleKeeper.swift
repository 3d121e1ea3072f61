import CTrace
import Glibc

/// Brings a vendor module into the state that a recording needs, and back into the one that it was in.
public struct ModuleKeeper {
  /// The module that is recorded: `kvm_intel`, `kvm_amd`.
  public let module: String
  public let wasLoaded: Bool
  /// Its parameters while it was loaded before.
  private let parameters: [String: String]
  /// Modules that were loaded for the recording, in the order of loading.
  private var added: [String] = []
  private let files: KernelFiles
  private let modprobe: Modprobe

  /// - Parameters:
  ///   - lock: the recorder's lock, which is held until modprobe has ended, too.
  ///   - timeout: of the recording, in nanoseconds.
  public init(_ module: String, machine: MachineFacts, files: KernelFiles = KernelFiles(), lock: RunLock? = nil, timeout: UInt64? = nil) {
    self.module = module
    self.files = files
    modprobe = Modprobe(program: machine.modprobe ?? MachineFacts.usualModprobe, lock: lock, timeout: timeout)
    if case .loaded = machine.presence(of: module) { wasLoaded = true } else { wasLoaded = false }
    parameters = wasLoaded ? machine.modules.parameters(of: module) : [:]
  }

  /// For the journal: how the modules were before anything was done.
  public func entries(_ machine: MachineFacts) -> [Journal.Entry] {
    let needed = (machine.moduleFiles.dependencies(of: module) ?? []).filter { machine.presence(of: $0) == .notLoaded }
    return needed.map { .module(name: $0, wasLoaded: false) } + [.module(name: module, wasLoaded: wasLoaded, parameters: parameters)]
  }

  // MARK: checks

  /// Whether the module can be loaded now, or loaded again.
  ///
  /// - Throws: `unavailable` with the reason.
  public static func check(_ module: String, _ machine: MachineFacts) throws(CaptureError) {
    let kernel = machine.kernel
    guard kernel.hasModules else {
      throw CaptureError(.unavailable, "this kernel has no loadable modules", remedy: BootTracing.advice(for: module, on: machine))
    }
    switch machine.presence(of: module) {
    case .builtIn:
      throw CaptureError(
        .unavailable, "\(module) is built into this kernel and initialised at boot", remedy: BootTracing.advice(for: module, on: machine))
    case .loaded(let loaded): try checkUse(loaded, machine)
    case .notLoaded: break
    }
    if kernel.areModulesDisabled {
      throw CaptureError(
        .unavailable, "modules cannot be loaded or unloaded any more (kernel.modules_disabled is 1)",
        remedy: "reboot, and record before something sets it")
    }
    let files = machine.moduleFiles
    guard files.path(of: module) != nil else {
      let installed = files.installedReleases.isEmpty ? "" : " (there are files of \(files.installedReleases.joined(separator: ", ")))"
      throw CaptureError(
        .unavailable, "there is no file of \(module) for the running kernel \(kernel.uname.release) in \(files.directory)\(installed)",
        remedy: "install the kernel's modules, run depmod, or boot the kernel that is installed")
    }
  }

  private static func checkUse(_ loaded: ModuleTable.Module, _ machine: MachineFacts) throws(CaptureError) {
    try checkSettled(loaded)
    let users = machine.users.users
    if loaded.isPermanent {
      throw CaptureError(.unavailable, "\(loaded.name) is loaded and cannot be unloaded", remedy: "reboot, and record before it is loaded")
    }
    guard loaded.references ?? 1 > 0 else { return }
    let names = users.map { "process \($0.pid) (\($0.comm)) has \($0.summary)" } + loaded.holders.map { "module \($0)" }
    throw CaptureError(
      .unavailable, "\(loaded.name) is in use" + (names.isEmpty ? "" : ": " + names.joined(separator: ", ")),
      remedy: "stop what uses it (virtual machines), then try again")
  }

  /// One that is on its way has no parameters yet, and cannot be unloaded.
  private static func checkSettled(_ module: ModuleTable.Module?) throws(CaptureError) {
    guard let module, module.state != .live else { return }
    throw CaptureError(
      .unavailable, "\(module.name) is still being \(module.state == .loading ? "loaded" : "unloaded")",
      remedy: CaptureError.waitForKernel)
  }

  // MARK: before and after

  /// A sentence for each of somebody's filters that loses functions when the module is unloaded: the kernel takes them out, and what was
  /// read before could not be written back while the module is not there.
  func lostFilters(_ top: TracefsDirectory) -> [String] {
    guard wasLoaded else { return [] }
    return ["set_ftrace_filter", "set_ftrace_notrace", "set_graph_function", "set_graph_notrace"].compactMap { file in
      let lost = ((try? top.read(file)) ?? "").split(separator: "\n").filter { $0.hasSuffix(" [\(module)]") }
      guard let first = lost.first else { return nil }
      return "\(file) loses '\(first)'" + (lost.count > 1 ? " and \(lost.count - 1) more" : "")
        + ", for \(module) is unloaded: set it again afterwards"
    }
  }

  /// Loads what the module depends on, and unloads the module itself.
  public mutating func prepare(_ machine: MachineFacts) throws(CaptureError) {
    for name in machine.moduleFiles.dependencies(of: module) ?? [] where machine.presence(of: name) == .notLoaded {
      // One may need another, and modprobe loads both.
      let isNew = !isLoaded(name)
      try modprobe.load([name])
      if isNew { added.append(name) }
    }
    if isLoaded(module) { try unload(module) }
  }

  /// Brings the modules to where `prepare` left them, before the module is recorded once more.
  ///
  /// What was loaded for the recording is loaded anew: kvm remembers its first vendor module, and does less for the next one.
  public func prepareAgain() throws(CaptureError) {
    for name in [module] + added.reversed() where isLoaded(name) { try unload(name) }
    for name in added where !isLoaded(name) { try modprobe.load([name]) }
  }

  /// Whether the module is there because somebody else, such as udev, has loaded it while it was recorded.
  ///
  /// - Parameter hasLoaded: whether the recorder's own modprobe has loaded a module; nil when that is not known.
  public func isOthers(hasLoaded: Bool?) -> Bool { hasLoaded == false && !wasLoaded && isLoaded(module) }

  /// Puts the modules back as they were: loaded with the same parameters, or not loaded.
  ///
  /// - Throws: what stands in the way, such as a virtual machine that was started meanwhile.
  public func restore() throws(CaptureError) {
    guard wasLoaded else {
      for name in [module] + added.reversed() where isLoaded(name) { try unload(name) }
      return
    }
    try Self.load(module, with: parameters, files: files, modprobe: modprobe)
  }

  /// Undoes what an interrupted recording did, from its journal.
  static func restore(_ entries: [Journal.Entry], files: KernelFiles = KernelFiles(), lock: RunLock? = nil) throws(CaptureError) {
    let modprobe = Modprobe(program: MachineFacts.modprobe(files) ?? MachineFacts.usualModprobe, lock: lock)
    for case .module(let name, let wasLoaded, let parameters) in entries.reversed() {
      if wasLoaded {
        try load(name, with: parameters, files: files, modprobe: modprobe)
      } else if isLoaded(name, files) {
        try unload(name, files)
      }
    }
  }

  /// Loads the module if it is not loaded, and sees to it that its parameters have the values that they had.
  ///
  /// What modprobe's configuration gives is named no second time: not every value that sysfs shows is one that the module takes.
  private static func load(
    _ module: String, with parameters: [String: String], files: KernelFiles, modprobe: Modprobe
  ) throws(CaptureError) {
    try checkSettled(find(module, files))
    if !isLoaded(module, files) { try modprobe.load([module]) }
    let now = ModuleTable(files).parameters(of: module)
    let changed = parameters.filter { now[$0.key] != nil && now[$0.key] != $0.value }
    if changed.isEmpty { return }
    try unload(module, files)
    try modprobe.load([module] + changed.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
  }

  private func isLoaded(_ name: String) -> Bool { Self.isLoaded(name, files) }
  private static func isLoaded(_ name: String, _ files: KernelFiles) -> Bool { find(name, files) != nil }
  private static func find(_ name: String, _ files: KernelFiles) -> ModuleTable.Module? {
    ModuleTable(files).modules[ModuleFiles.canonical(name)]
  }

  private func unload(_ name: String) throws(CaptureError) { try Self.unload(name, files) }

  private static func unload(_ name: String, _ files: KernelFiles) throws(CaptureError) {
    try checkSettled(find(name, files))
    guard kvm_inittrace_delete_module(name) != 0 else { return }
    let code = errno
    throw CaptureError(
      code == EPERM ? .noPermission : .unavailable, "cannot unload \(name): \(CaptureError.text(code))",
      remedy: code == EPERM ? "run as root" : "stop what uses it: lsmod and 'kvm-inittrace doctor' name its users")
  }
}
