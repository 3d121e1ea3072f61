/// What this process may do, and whose process ids it sees, from `/proc/self`.
public struct Permissions: Sendable, Hashable {
  /// The effective user; nil when the file cannot be read.
  public var user: UInt32?
  /// The effective capabilities, one bit each.
  public var capabilities: UInt64?
  /// Its process ids are the kernel's own, by which events name tasks; false in a namespace of them, such as a container has. Nil when
  /// `/proc` does not tell, or the kernel has no such namespaces.
  public var hasKernelPIDs: Bool?

  public init(_ files: KernelFiles) {
    for line in files.lines("/proc/self/status") ?? [] {
      let fields = line.split { $0 == "\t" || $0 == " " }
      switch fields.first {
      // real, effective, saved, file system
      case "Uid:" where fields.count > 2: user = UInt32(fields[2])
      case "CapEff:" where fields.count > 1: capabilities = UInt64(fields[1], radix: 16)
      default: break
      }
    }
    hasKernelPIDs = files.link("/proc/self/ns/pid").map { $0 == Self.initialPIDs }
  }

  /// The namespace that the kernel starts with has a number of its own (PROC_PID_INIT_INO).
  private static let initialPIDs = "pid:[4026531836]"

  public var isRoot: Bool { user == 0 }

  /// Whether modules may be loaded and unloaded (CAP_SYS_MODULE).
  public var canLoadModules: Bool { has(16) }

  /// Whether the machine may be administered: kprobes, mounts (CAP_SYS_ADMIN).
  public var canAdminister: Bool { has(21) }

  private func has(_ capability: UInt64) -> Bool { capabilities.map { $0 >> capability & 1 == 1 } ?? isRoot }
}
