import KVMStages
import ModuleFiles
import Testing
import TraceFile

@testable import TraceCapture

@Suite struct TargetFinderTests {
  private static let list = """
    vfs_read
    do_init_module
    arch_static_call_transform
    misc_register
    do_one_initcall
    printk_thing
    kprobe_ftrace_handler
    kvm_init [kvm]
    kvm_starting_cpu [kvm]
    kvm_get_msr [kvm]
    register_reboot_notifier
    tun_init [tun]
    zap_vma_ptes

    """

  private static func find(
    _ detail: RecordingDetail = .full, on version: KernelVersion = "6.1", vendors: [Vendor] = [.intel], list: String = list,
    _ change: (inout TargetFinder) throws -> Void = { _ in }
  ) throws -> RecordingTargets {
    var request = RecordingRequest()
    request.detail = detail
    var finder = TargetFinder(request, version: version, vendors: vendors)
    try change(&finder)
    return try finder.find(in: list)
  }

  private static func sampleModule() throws -> ModuleELF { try ModuleELF(bytes: ELFWriter.sample.bytes, path: "kvm-intel.ko") }

  @Test func roots() throws {
    let targets = try Self.find()
    #expect(targets.roots == ["do_init_module", "kvm_starting_cpu"])
    #expect(targets.leftOut == ["arch_static_call_transform", "kprobe_ftrace_handler"])
    #expect(targets.filter == nil && targets.hiddenLines == nil && targets.pid == nil)
    #expect(try Self.find { $0.request.roots = ["vfs_read", "kvm_get_msr"] }.roots == ["vfs_read", "kvm_get_msr"])
    #expect(try Self.find { $0.request.leftOut = [] }.leftOut == ["kprobe_ftrace_handler"])
    #expect(try Self.find { $0.request.leftOut = ["vfs_read"] }.leftOut == ["vfs_read", "kprobe_ftrace_handler"])
    #expect(try Self.find(.stages).leftOut == ["arch_static_call_transform"])
    #expect(try Self.find(list: "do_init_module\n").leftOut == [])
  }

  @Test func unknownFunctionsAreRefused() throws {
    let expected = """
      'no_such' is no function that this kernel can trace now; available_filter_functions in tracefs lists those that it can; \
      a function of a module is there while the module is loaded
      """
    var error = #expect(throws: CaptureError.self) { try Self.find { $0.request.roots = ["vfs_read", "no_such"] } }
    #expect(error?.description == expected && error?.exitCode == 69)
    error = #expect(throws: CaptureError.self) { try Self.find { $0.request.leftOut = ["no_such"] } }
    #expect(error?.description == expected)
    error = #expect(throws: CaptureError.self) { try Self.find(list: "vfs_read\n") }
    #expect(
      error?.description == "this kernel cannot trace do_init_module, which loads modules; name another function with --root, or boot a "
        + "kernel with loadable modules and function tracing")
    #expect(try Self.find(list: "vfs_read\n") { $0.request.roots = ["vfs_read"] }.roots == ["vfs_read"])
  }

  @Test func probesOnFunctionsThatExist() throws {
    let targets = try Self.find { $0.moduleFiles = ["kvm_intel": try Self.sampleModule()] }
    #expect(
      targets.probes == [
        .init("vmx_init", in: "kvm_intel"), .init("kvm_init", in: "kvm"), .init("kvm_starting_cpu", in: "kvm"),
        .init("misc_register", in: nil), .init("register_reboot_notifier", in: nil),
      ])
    // A function of that name in another module is another one.
    let other = try Self.find(list: "do_init_module\nkvm_init [tun]\nmisc_register [tun]\n") {
      $0.moduleFiles = ["kvm_intel": try Self.sampleModule()]
    }
    #expect(other.probes == [.init("vmx_init", in: "kvm_intel")])
  }

  /// The kernel takes every name of a module that is not loaded yet.
  @Test func allProbesOfAModuleWithoutAFile() throws {
    let probes = try Self.find().probes
    let own = Catalogue.returningFunctions(of: .intel, on: "6.1").filter { $0.module == "kvm_intel" }.map(\.function)
    #expect(own.count > 10 && probes.filter { $0.module == "kvm_intel" }.map(\.function) == own)
    #expect(probes.filter { $0.module == "kvm" }.map(\.function) == ["kvm_init", "kvm_starting_cpu"])
    let both = try Self.find(vendors: [.intel, .amd]).probes
    #expect(Set(both.map(\.module)) == ["kvm_intel", "kvm_amd", "kvm", nil] && Set(both).count == both.count)
  }

  /// Nothing is probed in the module to come, unless its init functions tell, by whatever name, that a load of somebody's has failed.
  @Test func noProbeIsArmedWhileTheStagesAreTimed() throws {
    let others = ["kvm_init", "kvm_starting_cpu", "misc_register", "register_reboot_notifier"]
    #expect(try Self.find(.stages).probes.map(\.function) == others)
    #expect(try Self.find(.stages) { $0.awaitsLoad = true }.probes.map(\.function) == ["vmx_init", "vt_init"] + others)
    #expect(try Self.find(.full) { $0.awaitsLoad = true }.probes == Self.find().probes)
  }

  @Test func allOtherFunctionsAreHidden() throws {
    #expect(try Self.find(.stages).hiddenLines == [1, 6, 10, 12, 13])
    // Functions of kvm that no step is known by, and what the modules call, but not where allocators and locks begin.
    #expect(try Self.find(.kvm).hiddenLines == [1, 6, 12, 13])
    var writer = ELFWriter.sample
    writer.symbols += ["vfs_read", "_raw_spin_lock", "misc_register"].map { .init(name: $0, section: 0, type: 0) }
    let file = try ModuleELF(bytes: writer.bytes, path: "kvm-intel.ko")
    #expect(try Self.find(.kvm) { $0.moduleFiles = ["kvm_intel": file] }.hiddenLines == [6, 12, 13])
    #expect(try Self.find(.kvm) { $0.kvmFile = file }.hiddenLines == [6, 12, 13])
    let locks = Self.list + "_raw_spin_lock\n"
    #expect(try Self.find(.kvm, list: locks) { $0.kvmFile = file }.hiddenLines == [6, 12, 13, 14])
    #expect(try Self.find(.stages, list: locks) { $0.kvmFile = file }.hiddenLines == [1, 6, 10, 12, 13, 14])
  }

  @Test func oldKernelsGetAFilter() throws {
    let stages = try Self.find(.stages, on: "4.19")
    #expect(stages.hiddenLines == nil)
    #expect(
      stages.filter == [
        "do_init_module", "arch_static_call_transform", "misc_register", "do_one_initcall", "kprobe_ftrace_handler", "kvm_init",
        "kvm_starting_cpu", "register_reboot_notifier", "*:mod:kvm_intel",
      ])
    let kvm = try Self.find(.kvm, on: "4.19")
    #expect(
      kvm.filter == [
        "do_init_module", "arch_static_call_transform", "misc_register", "do_one_initcall", "kprobe_ftrace_handler",
        "register_reboot_notifier", "*:mod:kvm", "*:mod:kvm_intel",
      ])
    #expect(try Self.find(on: "4.19").filter == nil)
    #expect(try Self.find(.stages, on: "5.0").filter == nil)
  }

  @Test func probesAsTheKernelTakesThem() {
    #expect(
      RecordingTargets.Probe("vmx_init", in: "kvm_intel").definition == "r:kvm_inittrace/r_vmx_init kvm_intel:vmx_init ret=$retval:s64\n")
    #expect(
      RecordingTargets.Probe("misc_register", in: nil).definition == "r:kvm_inittrace/r_misc_register misc_register ret=$retval:s64\n")
  }
}
