import KVMStages

/// All that is known about the machine before anything is recorded. Gathering it changes nothing.
public struct MachineFacts: Sendable {
  public var kernel: KernelFacts
  public var cpu: CPUFacts
  public var guest: GuestFacts
  public var permissions: Permissions
  public var modules: ModuleTable
  public var moduleFiles: ModuleFiles
  /// The program that loads modules; nil when there is none.
  public var modprobe: String?
  public var users: KVMUsers
  public var device: KVMDevice
  /// Nil when tracefs is not mounted.
  public var tracefs: TracefsFacts?
  /// The kernel has tracefs, mounted or not.
  public var hasTracefs: Bool

  public init(_ files: KernelFiles = KernelFiles()) {
    kernel = KernelFacts(files)
    cpu = CPUFacts(files, machine: kernel.uname.machine)
    guest = GuestFacts(files, cpu: cpu)
    permissions = Permissions(files)
    modules = ModuleTable(files)
    moduleFiles = ModuleFiles(files, release: kernel.uname.release)
    modprobe = Self.modprobe(files)
    users = KVMUsers(files)
    device = KVMDevice(files)
    tracefs = TracefsFacts(files, kernel: kernel.version)
    hasTracefs = tracefs != nil || TracefsMount.isSupported(files)
  }

  /// What is said, and fails, where there is no modprobe: PATH is never searched for it.
  static let usualModprobe = "/sbin/modprobe"

  /// Where modprobe is, whether or not PATH leads there.
  static func modprobe(_ files: KernelFiles) -> String? {
    ["/sbin", "/usr/sbin", "/bin", "/usr/bin"].map { $0 + "/modprobe" }.first { files.exists($0) }
  }

  /// The module that a recording loads, such as `kvm_intel`; nil where the CPU's KVM is not known.
  public var vendorModule: String? { cpu.vendor?.module }

  /// How the kernel has a module.
  public func presence(of module: String) -> ModuleTable.Presence { modules.presence(of: module, moduleFiles) }
}
