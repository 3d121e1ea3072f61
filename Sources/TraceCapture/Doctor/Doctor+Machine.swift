import Glibc
import KVMStages

/// Can the machine run KVM?
extension Doctor {
  var cpu: DoctorCheck {
    let name = "cpu"
    let cpu = facts.cpu
    let model = cpu.modelName.isEmpty ? cpu.vendorName.isEmpty ? "this CPU" : cpu.vendorName : cpu.modelName
    switch (cpu.vendor, cpu.hasVirtualization) {
    case (.arm64, _): return .skip(name, "\(model): on arm64 the kernel alone knows, from how it was started; dmesg | grep -i kvm shows it")
    case (nil, _):
      let machine = facts.kernel.uname.machine
      guard machine == "x86_64" else {
        let found = machine.isEmpty ? "the machine's architecture is not known" : "\(machine): how KVM initialises there is not known here"
        return .fail(name, found, do: "use a machine of x86-64, arm64 or riscv64")
      }
      return .fail(name, "\(model) shows neither vmx nor svm", do: remedy("VT-x or AMD-V"))
    case (.riscv, true): return .pass(name, "\(model) has the hypervisor extension")
    case (.riscv, _):
      return .fail(name, "\(model) has no hypervisor extension (h)", do: "use a CPU that has it; with QEMU: -cpu rv64,h=true")
    case (.intel, true): return .pass(name, "\(model) has vmx")
    case (.intel, _): return .fail(name, "\(model) does not show vmx", do: remedy("VT-x"))
    case (.amd, true): return .pass(name, "\(model) has svm")
    case (.amd, _): return .fail(name, "\(model) does not show svm", do: remedy("AMD-V"))
    }
  }

  private func remedy(_ feature: String) -> String {
    guard facts.guest.isGuest else { return "switch \(feature) on in the firmware's setup, if the CPU has it" }
    return "let this virtual machine's host give \(feature) to guests: nested virtualization, and a CPU model such as host-passthrough"
  }

  var guest: DoctorCheck {
    let name = "guest"
    let product = facts.guest.product
    guard facts.guest.isGuest else { return .pass(name, "no sign of a virtual machine" + (product.map { ": \($0)" } ?? "")) }
    let kind = facts.guest.hypervisorType ?? product
    return .pass(
      name, "a virtual machine" + (kind.map { " (\($0))" } ?? "") + ": KVM is nested here, and its times are not those of hardware")
  }

  var device: DoctorCheck {
    let name = "kvm-device"
    let device = facts.device
    guard device.isRegistered else { return unregistered(name) }
    guard device.exists else {
      return .warn(
        name, "KVM is initialised, but there is no /dev/kvm", do: "udevadm trigger --name-match=kvm, or: mknod /dev/kvm c 10 232")
    }
    switch device.openError {
    case 0: return .pass(name, "/dev/kvm can be opened")
    case EACCES, EPERM:
      return .warn(name, "this user may not open /dev/kvm", do: "add the user to the group that owns it, usually kvm, and log in again")
    case let code:
      let reason = code.map { String(cString: strerror($0)) } ?? "not tried"
      return .fail(name, "/dev/kvm cannot be opened: \(reason)", do: "see what the kernel says: dmesg | grep -i kvm")
    }
  }

  /// Before the module is loaded there is nothing to open; a module that is there should have registered it.
  private func unregistered(_ name: String) -> DoctorCheck {
    guard let module = facts.vendorModule else { return .skip(name, "KVM is not initialised") }
    switch facts.presence(of: module) {
    case .notLoaded: return .skip(name, "KVM is not initialised: \(module) is not loaded")
    case .loaded, .builtIn:
      return .fail(name, "\(module) is there, but KVM is not initialised", do: "see why: dmesg | grep -i kvm")
    }
  }
}
