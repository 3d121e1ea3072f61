import KVMStages

/// What the running kernel is, and what it allows.
public struct KernelFacts: Sendable, Hashable {
  /// kernel_lockdown(7).
  public enum Lockdown: String, Sendable, Hashable {
    case none
    /// Nothing may change the running kernel: modules must be signed.
    case integrity
    /// Nothing may read out of the kernel either: tracefs and kprobes are refused.
    case confidentiality
  }

  /// What `/proc/kallsyms` tells to this process.
  public enum Kallsyms: String, Sendable, Hashable {
    case readable
    /// All addresses are zero (kptr_restrict, or no CAP_SYSLOG).
    case hidden
    /// There is no such file (CONFIG_KALLSYMS), or it may not be read.
    case absent
  }

  public var uname: Uname
  /// Nil when the release starts with no version.
  public var version: KernelVersion?
  /// `/proc/cmdline`.
  public var commandLine: String
  /// Nil when the kernel does not tell: built without lockdown, or securityfs is not mounted.
  public var lockdown: Lockdown?
  /// No module can be loaded or unloaded until the next boot (`/proc/sys/kernel/modules_disabled`).
  public var areModulesDisabled: Bool
  /// The kernel has no loadable modules at all (CONFIG_MODULES).
  public var hasModules: Bool
  /// Only signed modules are taken (`module.sig_enforce`).
  public var requiresSignedModules: Bool
  /// 0: addresses are shown to those with CAP_SYSLOG or a low perf_event_paranoid; 1: to those with CAP_SYSLOG; 2: to nobody.
  public var kptrRestrict: Int?
  public var kallsyms: Kallsyms
  /// Bytes of memory that can be had without swapping (`MemAvailable`); nil when the kernel does not tell.
  public var availableMemory: UInt64?

  public init(_ files: KernelFiles) {
    uname = Uname(files)
    version = KernelVersion(release: uname.release)
    commandLine = files.text("/proc/cmdline") ?? ""
    lockdown = files.text("/sys/kernel/security/lockdown").flatMap(Self.lockdown)
    areModulesDisabled = files.number("/proc/sys/kernel/modules_disabled") == 1
    hasModules = files.exists("/proc/modules")
    requiresSignedModules = files.text("/sys/module/module/parameters/sig_enforce") == "Y"
    kptrRestrict = files.number("/proc/sys/kernel/kptr_restrict")
    kallsyms = Self.kallsyms(files)
    availableMemory = Self.availableMemory(files)
  }

  /// `none [integrity] confidentiality`: the one in brackets holds.
  private static func lockdown(_ text: String) -> Lockdown? {
    let chosen = text.split(separator: " ").first { $0.hasPrefix("[") && $0.hasSuffix("]") }
    return chosen.flatMap { Lockdown(rawValue: String($0.dropFirst().dropLast())) }
  }

  /// The first symbols of x86 are offsets in the per-CPU area, which start at 0: one symbol is not enough to tell.
  private static func kallsyms(_ files: KernelFiles) -> Kallsyms {
    guard let lines = files.lines("/proc/kallsyms", limit: 1 << 16), !lines.isEmpty else { return .absent }
    return lines.contains { $0.prefix { $0 != " " }.contains { $0 != "0" } } ? .readable : .hidden
  }

  private static func availableMemory(_ files: KernelFiles) -> UInt64? {
    let line = files.lines("/proc/meminfo")?.first { $0.hasPrefix("MemAvailable:") }
    guard let fields = line?.split(separator: " "), fields.count == 3, fields[2] == "kB", let size = UInt64(fields[1]) else { return nil }
    let (bytes, overflow) = size.multipliedReportingOverflow(by: 1024)
    return overflow ? nil : bytes
  }
}
