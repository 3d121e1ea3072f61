/// How to trace an init that runs at boot, before any program.
enum BootTracing {
  /// What to put on the kernel command line: the init functions as roots, of which the kernel passes over those that it lacks.
  static func parameters(for module: String, on machine: MachineFacts) -> String {
    let root =
      switch module {
      case "kvm_intel": "vmx_init,vt_init"
      case "kvm_amd": "svm_init"
      default: machine.cpu.vendor == .riscv ? "riscv_kvm_init" : "kvm_arm_init,arm_init"
      }
    return "ftrace=function_graph ftrace_graph_filter=\(root) trace_buf_size=20M trace_event=initcall:*,printk:console"
  }

  /// What to do about a module that is built in.
  static func advice(for module: String, on machine: MachineFacts) -> String {
    "boot with: \(parameters(for: module, on: machine)), and then: kvm-inittrace record --extract"
  }
}
