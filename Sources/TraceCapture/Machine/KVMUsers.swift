/// A process that holds KVM open, so that its modules cannot be unloaded.
public struct KVMUser: Sendable, Hashable {
  public var pid: Int32
  /// The name that the process gave itself: any bytes at all.
  public var comm: String
  /// It has `/dev/kvm` open.
  public var hasDevice: Bool
  /// Virtual machines.
  public var machines: Int
  /// Virtual CPUs.
  public var cpus: Int

  /// `1 virtual machine with 4 virtual CPUs`, `/dev/kvm open`.
  public var summary: String {
    guard machines > 0 || cpus > 0 else { return hasDevice ? "/dev/kvm open" : "a KVM file open" }
    let held = machines == 1 ? "1 virtual machine" : "\(machines) virtual machines"
    return held + " with \(cpus) virtual CPU" + (cpus == 1 ? "" : "s")
  }
}

/// The processes that hold KVM open.
public struct KVMUsers: Sendable, Hashable {
  /// In the order of their numbers.
  public var users: [KVMUser] = []
  /// Processes whose open files may not be read: not all users are known.
  public var hiddenProcesses = 0

  public init(_ files: KernelFiles) {
    let processes = (files.names(in: "/proc") ?? []).compactMap { Int32($0) }.filter { $0 > 0 }
    for pid in processes.sorted() {
      let directory = "/proc/\(pid)/fd"
      guard let descriptors = files.names(in: directory) else {
        // A process that has ended meanwhile is no riddle.
        if files.exists("/proc/\(pid)") { hiddenProcesses += 1 }
        continue
      }
      var user = KVMUser(pid: pid, comm: "", hasDevice: false, machines: 0, cpus: 0)
      let held = descriptors.filter { files.link(directory + "/" + $0).map { user.add(target: $0) } ?? false }
      guard !held.isEmpty else { continue }
      user.comm = files.text("/proc/\(pid)/comm") ?? ""
      users.append(user)
    }
  }
}

extension KVMUser {
  /// Counts one open file; false when it is none of KVM's. The names are those that virt/kvm/kvm_main.c gives its files.
  fileprivate mutating func add(target: String) -> Bool {
    if target == "/dev/kvm" || target == "/dev/kvm (deleted)" {
      hasDevice = true
    } else if target == "anon_inode:kvm-vm" {
      machines += 1
    } else if target.hasPrefix("anon_inode:kvm-vcpu:") {
      cpus += 1
    } else if !target.hasPrefix("anon_inode:kvm-") {
      return false
    }
    return true
  }
}
