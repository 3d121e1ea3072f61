import Glibc

/// May this process trace, load modules, and see the kernel's addresses?
extension Doctor {
  var permission: DoctorCheck {
    let name = "permission"
    guard let user = facts.permissions.user else {
      return .warn(name, "/proc cannot be read: little can be told about this machine", do: "mount -t proc proc /proc")
    }
    guard user == 0 else {
      return .fail(name, "user \(user) may neither trace nor load modules, and does not see everything here", do: "run it with sudo")
    }
    var missing: [String] = []
    if !facts.permissions.canAdminister { missing.append("CAP_SYS_ADMIN") }
    if !facts.permissions.canLoadModules { missing.append("CAP_SYS_MODULE") }
    guard missing.isEmpty else {
      return .fail(
        name, "root without \(missing.joined(separator: " and "))",
        do: "run it on the host, not in a container, or start the container with --privileged --pid=host")
    }
    return .pass(name, "root")
  }

  var processIDs: DoctorCheck {
    let name = "process-ids"
    switch facts.permissions.hasKernelPIDs {
    case nil: return .skip(name, "/proc does not tell whether this process sees the kernel's process ids")
    case true?: return .pass(name, "this process sees the kernel's process ids")
    case false?:
      return .fail(name, CaptureError.ownProcessIDs.message, do: CaptureError.ownProcessIDs.remedy)
    }
  }

  var lockdown: DoctorCheck {
    let name = "lockdown"
    switch facts.kernel.lockdown {
    case nil: return .skip(name, "the kernel does not tell: it has no lockdown, or securityfs is not mounted")
    case .some(.none): return .pass(name, "the kernel is not locked down")
    case .integrity: return .pass(name, "integrity: tracing works, and modules must be signed")
    case .confidentiality:
      return .fail(
        name, "confidentiality: the kernel refuses tracefs and kprobes",
        do: "boot with lockdown=integrity on the kernel's command line; Secure Boot alone asks for no more than that")
    }
  }

  var addresses: DoctorCheck {
    let name = "addresses"
    switch facts.kernel.kallsyms {
    case .readable: return .pass(name, "/proc/kallsyms tells where the kernel's functions are")
    case .absent:
      guard isRoot else { return .skip(name, "/proc/kallsyms cannot be read by this user") }
      return .warn(
        name, "there is no /proc/kallsyms, which gives calls their names",
        do: "boot a kernel with CONFIG_KALLSYMS, as distributions have it")
    case .hidden:
      guard isRoot else { return .skip(name, "/proc/kallsyms hides addresses from this user") }
      let restrict = facts.kernel.kptrRestrict.map { "kptr_restrict is \($0)" } ?? "kptr_restrict, or CAP_SYSLOG is missing"
      return .warn(
        name, "/proc/kallsyms hides the addresses that give calls their names: \(restrict)",
        do: "sysctl kernel.kptr_restrict=1 while recording; in a container, give it CAP_SYSLOG")
    }
  }
}
