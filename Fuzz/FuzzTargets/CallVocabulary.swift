import CallTrees
import KVMStages

/// What the programs of `CallProgram` choose from: names that the analysis knows, and a few that it does not.
enum CallVocabulary {
  /// The functions that a load enters before anything else, which are the first of `functions`.
  static let load = [
    Function(address: nil, name: "do_init_module"), Function(address: nil, name: "do_one_initcall"),
    Function(address: nil, name: "vmx_init", module: "kvm_intel"), Function(address: nil, name: "kvm_init", module: "kvm"),
  ]

  /// Those of a load, those of other loads and of removals, each function by which the catalogue knows a stage, and each of an error path.
  static let functions = load + others + markers + undoing

  private static let others: [Function] = [
    Function(address: nil, name: "load_module"), Function(address: nil, name: "svm_init", module: "kvm_amd"),
    Function(address: nil, name: "kvm_x86_init", module: "kvm"), Function(address: nil, name: "__do_sys_delete_module"),
    Function(address: nil, name: "vmx_exit", module: "kvm_intel"), Function(address: nil, name: "kvm_exit", module: "kvm"),
    Function(address: nil, name: "free_module"), Function(address: nil, name: "kvm_online_cpu", module: "kvm"),
    Function(address: nil, name: "kvm_x86_check_cpu_compat", module: "kvm"),
    Function(address: nil, name: "asm_sysvec_apic_timer_interrupt"),
    Function(address: nil, name: "__sysvec_call_function_single"), Function(address: nil, name: "mutex_lock"),
    Function(address: 0xffff_ffff_c000_0000, name: nil), Function(address: 0xffff_ffff_c000_0000, name: nil, module: "kvm_intel"),
    Function(address: nil, name: "init_module", module: "kvm_intel"), Function(address: nil, name: "armed\u{1b}[2J\u{202e}"),
  ]

  private static let markers: [Function] = {
    var seen: Set<Function> = []
    return Catalogue.markers.map { Function(address: nil, name: $0.function, module: $0.module) }
      .filter { seen.insert($0).inserted }
  }()

  /// What undoes steps when a later one has failed, and what the kernel calls when it asks the CPUs.
  private static let undoing: [Function] = {
    var names: Set = ["cpuhp_issue_call", "cpuhp_rollback_install"]
    for stage in Catalogue.stages {
      for form in stage.forms { names.formUnion(form.failure.unwind.map(Catalogue.unwindFunction)) }
    }
    let known = Set(markers.map(\.name))
    return names.filter { !known.contains($0) }.sorted()
      .map { Function(address: nil, name: $0, module: $0.hasPrefix("kvm") ? "kvm" : nil) }
  }()

  static let kernels = [nil, "4.19.0", "5.10.262", "5.15.0-rc1", "6.1.187", "6.3.0", "6.12.1", "6.18.2", "7.0.0", "7.3.4", "0.0", "x.y"]
  static let machines = ["x86_64", "aarch64", "riscv64", nil, "i686"]
  static let comms = ["modprobe", "insmod", "cpuhp/1", "migration/0", "kworker/0:1", "bash", "", "\u{1b}]0;x\u{7}"]

  private static let messages = [
    "kvm: support for 'kvm_intel' disabled by bios", "kvm_intel: VMX not supported by CPU 0",
    "kvm: already loaded vendor module 'kvm_intel'",
    "SVM not supported by CPU 1", "has_svm: not amd or hygon", "kvm [1]: Hypervisor mode not available", "Bad page state", "", "\u{1b}[2J",
  ]
  private static let modules = ["kvm", "kvm_intel", "kvm_amd", "irqbypass", ""]

  /// An event of kind and content that `choice` tells.
  static func payload(_ choice: UInt8, value: Int64, pid: Int32) -> TraceEvent.Payload {
    let which = Int(choice / 16)
    let module = modules[which % modules.count]
    switch choice % 12 {
    case 0: return .console(messages[which % messages.count])
    case 1: return .print(messages[which % messages.count])
    case 2: return .moduleLoad(name: module)
    case 3: return .moduleFree(name: module)
    case 4: return .syscallExit(name: which % 2 == 0 ? "finit_module" : "init_module", result: value)
    case 5: return .initcallStart(function: UInt64(bitPattern: value))
    case 6: return .initcallFinish(function: UInt64(bitPattern: value), result: value)
    case 7: return .hotplugEnter(cpu: which, step: value, function: UInt64(bitPattern: value))
    case 8: return .hotplugExit(cpu: which, step: value, result: value)
    case 9: return .probe(name: "r_\(functions[which].name ?? "")", function: nil, result: value)
    case 10: return .taskSwitch(from: pid, to: Int32(truncatingIfNeeded: value))
    default: return .other("kvm:x")
    }
  }
}
