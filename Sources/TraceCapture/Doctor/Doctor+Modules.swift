import KVMStages

/// Can KVM's module be loaded again?
extension Doctor {
  private var isBuiltIn: Bool { facts.vendorModule.map { facts.presence(of: $0) == .builtIn } ?? false }

  var moduleLoading: DoctorCheck {
    let name = "module-loading"
    if facts.kernel.areModulesDisabled {
      return .fail(
        name, "modules cannot be loaded or unloaded any more: kernel.modules_disabled is 1",
        do: "nothing takes it back: reboot, and keep /etc/sysctl.d and systemd from setting it")
    }
    guard facts.kernel.hasModules else {
      let found = "this kernel has no loadable modules, or /proc/modules cannot be read"
      return isBuiltIn ? .skip(name, found) : .fail(name, found, do: "boot a kernel with CONFIG_MODULES, such as a distribution's")
    }
    guard facts.modprobe != nil else {
      return .fail(name, "there is no modprobe in /sbin, /usr/sbin, /bin and /usr/bin", do: "install the package kmod")
    }
    return .pass(name, facts.kernel.requiresSignedModules ? "modules can be loaded when they are signed" : "modules can be loaded")
  }

  var moduleFiles: DoctorCheck {
    let name = "module-files"
    guard let module = facts.vendorModule else { return .skip(name, "which module this CPU needs is not known") }
    guard !isBuiltIn else { return .skip(name, "\(module) is built in and needs none") }
    guard facts.kernel.hasModules else { return .skip(name, "this kernel has no loadable modules") }
    let files = facts.moduleFiles
    guard files.hasDirectory else {
      let others = files.installedReleases.isEmpty ? "" : "; there are some for \(Self.list(files.installedReleases))"
      return .fail(
        name, "no modules are installed for the running kernel \(release)\(others)",
        do: (others.isEmpty ? "" : "reboot into an installed kernel, or ") + "install the package of the running kernel again")
    }
    guard files.hasDependencies else { return .fail(name, "\(files.directory) has no modules.dep", do: "depmod \(release)") }
    if let path = files.path(of: module) { return .pass(name, path) }
    return .fail(
      name, "\(files.directory) has no \(module)",
      do: "install the rest of the kernel's modules, on Ubuntu linux-modules-extra-\(release), or boot the generic kernel")
  }

  var module: DoctorCheck {
    let name = "module"
    guard let module = facts.vendorModule else { return .skip(name, "which module this CPU needs is not known") }
    switch facts.presence(of: module) {
    case .notLoaded:
      guard facts.kernel.hasModules, !facts.kernel.areModulesDisabled else { return .skip(name, "\(module) is not loaded, and cannot be") }
      return .pass(name, "\(module) is not loaded: a recording loads it")
    case .builtIn: return builtIn(name, module)
    case .loaded(let loaded): return self.loaded(name, loaded)
    }
  }

  private func builtIn(_ name: String, _ module: String) -> DoctorCheck {
    return .warn(
      name, "\(module) is built in: it initialises at boot, before anything can be started to record it",
      do: BootTracing.advice(for: module, on: facts))
  }

  private func loaded(_ name: String, _ module: ModuleTable.Module) -> DoctorCheck {
    if module.state != .live {
      return .warn(name, "\(module.name) is \(module.state.rawValue.lowercased()) just now", do: "look again; if that lasts, reboot")
    }
    guard let references = module.references, !module.isPermanent else {
      return .warn(
        name, "\(module.name) is loaded and cannot be unloaded",
        do: "boot with modprobe.blacklist=\(module.name), so that a recording can load it")
    }
    guard references > 0 || !facts.users.users.isEmpty else {
      return .pass(name, "\(module.name) is loaded and not in use: a recording loads it again")
    }
    return .warn(name, "\(module.name) is in use: \(usage(of: module))", do: "stop what uses it; then a recording can load it again")
  }

  private func usage(of module: ModuleTable.Module) -> String {
    var users = facts.users.users.map { "\($0.comm) (pid \($0.pid), \($0.summary))" }
    if !module.holders.isEmpty { users.append("module " + Self.list(module.holders)) }
    if !users.isEmpty { return Self.list(users) }
    let count = module.otherReferences
    let hidden = facts.users.hiddenProcesses > 0 ? "processes that this user may not look into" : "something that no process holds open"
    return "\(count) reference\(count == 1 ? "" : "s"), by \(hidden)"
  }
}
