import CallTrees
import KVMStages
import Testing

/// What the samples with a step that was made to fail must say, written by hand from the fault.
@Suite struct FaultSampleTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    var sample: String
    /// Verdicts of the runs, in order.
    var verdicts: [Verdict]
    /// Stage and error of the run that failed. An error that only a return value can tell is nil where the sample has none.
    var stage: String?
    /// The stage whose error was tolerated, told by its return value.
    var tolerated: String?
    var errno: String?
    /// A piece of the evidence or of the cause.
    var text: String?

    var testDescription: String { sample }
  }

  static let expectations = [
    Expectation(sample: "6.12-fault-mmu-cache", verdicts: [.failed], stage: "mmu_vendor_init", errno: "ENOMEM"),
    Expectation(sample: "6.12-fault-irqfd-text", verdicts: [.failed], stage: "irqfd_init", errno: "ENOMEM"),
    // The failing call is of the module that is gone: only its caller is certain.
    Expectation(sample: "6.12-fault-cpu-data", verdicts: [.failed], stage: "vendor_hardware_setup", text: "without a name came after"),
    Expectation(sample: "6.12-fault-virt-cpu1-record", verdicts: [.failed], stage: "hardware_enable_cpu", errno: "EIO", text: "CPU 1"),
    // The shell's own modprobe tries twice; the fault happens once.
    Expectation(sample: "6.1-fault-compat-cpu1", verdicts: [.failed, .ok], stage: "cpu_compat_check", errno: "EIO", text: "CPU 1"),
    // An error that KVM ignores; it leaves no sign but the return value.
    Expectation(sample: "5.10-fault-reboot-notifier-record", verdicts: [.ok], tolerated: "reboot_notifier"),
    Expectation(sample: "7.3-fault-timer-state", verdicts: [.ok]),
    Expectation(sample: "7.3-fault-gmem-record", verdicts: [.failed], stage: "gmem", errno: "ENOMEM"),
    Expectation(sample: "6.18-fault-vmcs-config", verdicts: [.failed], stage: "early_vmcs_config", errno: "EIO"),
    Expectation(sample: "6.12-fault-vmxon-record", verdicts: [.failed], stage: "vmxon_region_alloc", errno: "ENOMEM"),
    Expectation(sample: "5.10-minor-taken", verdicts: [.failed], stage: "misc_register", text: "minor 232"),
    Expectation(sample: "7.3-name-taken-text", verdicts: [.failed], stage: "misc_register", text: "called kvm"),
    Expectation(
      sample: "5.10-other-vendor-text", verdicts: [.failed], stage: "cpu_feature_check", errno: "EEXIST", text: "other vendor module"),
    Expectation(sample: "6.12-fault-one-of-three", verdicts: [.ok, .failed, .ok], stage: "vfio"),
  ]

  @Test(arguments: expectations) func theFaultIsTold(_ expected: Expectation) throws {
    let recording = try #require(Sample.named(expected.sample), "there is no sample \(expected.sample)").read()
    let runs = Analyser.analyse(recording).runs
    #expect(runs.map(\.verdict) == expected.verdicts)
    let failure = runs.compactMap(\.failure).first
    #expect(failure?.stage.id == expected.stage)
    #expect(failure?.errno == expected.errno)
    if let text = expected.text, let failure {
      #expect((failure.evidenceText + [failure.cause ?? "", failure.remedy ?? ""]).contains { $0.contains(text) })
    }
    #expect(runs.flatMap(\.stages).filter(\.tolerated).map(\.stage.id) == (expected.tolerated.map { [$0] } ?? []))
    #expect(runs.flatMap(\.stages).filter { $0.status == .missing }.map(\.stage.id) == [])
  }
}
