import CallTrees
import KVMStages
import Testing

@testable import Reports

struct TextReportTests {
  @Test func aLoadThatSucceeded() {
    let shown = text(Sample.loaded, Sample.loadedAnalysis, ReportOptions(showTree: true))
    #expect(
      shown == """
        kvm_intel: OK, but 1 required stage is missing  in 900.0 µs
          the init succeeded: the init function returned 0
          kernel 6.12.107+deb13-amd64 (x86_64), 4 CPUs; task modprobe-123; root do_init_module; 44 events
          (trace-cmd .dat v7); 12.00 µs in interrupts

                stage                                       status       @ start     + time  share       irq
          4     Vendor module entry point (XXX_init)        ✓ ok       @2.000 µs  +790.0 µs  █████▎  12.0 µs
                  kvm_x86_vendor_init                       ✓ ok       @3.000 µs  +300.0 µs  ██
          5       kvm_init: generic KVM framework initial…  ✓ ok       @399.0 µs  +400.0 µs  ██▋
          5.5       CPU hotplug callbacks                   ✓ ok       @499.0 µs          –
                    per CPU: CPU 0 +9.000 µs, CPU 1 +12.00 µs [-EIO]
          5.2       irqfd cleanup workqueue (kvm_irqfd_in…  ✓ ok       @400.0 µs  +30.00 µs  ▎
          5.12      VFIO device ops (kvm_vfio_ops_init)     ! MISSING
                    ↳ kvm_init went past its place
          not taken: TDX bring-up (only with the parameter tdx)
          not in this kernel: 5.1.2 kmem_cache x86_fpu (until 5.17)

        calls of modprobe-123
             @0 ns  +900.0 µs  do_init_module
         @1.000 µs  +800.0 µs  │ do_one_initcall = 0
                               │ │ ── 4 Vendor module entry point (XXX_init)
         @2.000 µs  +790.0 µs  │ │ vmx_init = 0
                               │ │ │ ── kvm_x86_vendor_init
         @3.000 µs  +300.0 µs  │ │ │ kvm_x86_vendor_init [kvm] = 0
         @4.000 µs  +40.00 µs  │ │ │ │ kvm_mmu_vendor_module_init [kvm]
         @45.00 µs  +4.000 µs  │ │ │ │ … 3 locks, allocations and the like
         @304.0 µs  +12.00 µs  │ │ │ … interrupts, 2 calls
                               │ │ │ ── 5 kvm_init: generic KVM framework initialisation
         @318.0 µs  +400.0 µs  │ │ │ kvm_init [kvm]
                               │ │ │ │ ── 5.2 irqfd cleanup workqueue (kvm_irqfd_init)
         @319.0 µs  +30.00 µs  │ │ │ │ kvm_irqfd_init [kvm]
         @349.1 µs             │ │ │ │ log: kvm: hello
         @350.1 µs  +26.00 µs  │ │ │ │ debugfs_create_file ×4
         @380.1 µs  +2.000 µs  │ │ │ │ kvm_vfio_ops_init [kvm]

        meanwhile in cpuhp/1-19, CPU 1
         @2.000 µs  +12.00 µs  kvm_online_cpu [kvm]
         @3.000 µs  +10.00 µs  │ kvm_arch_enable [kvm]

        """)
  }

  @Test func aLoadThatFailedOnANarrowPlainTerminal() {
    let shown = text(Sample.failed, Sample.failedAnalysis, ReportOptions(width: 60, unicode: false, showTree: true))
    #expect(
      shown == """
        kvm_intel: FAILED at 5.1.1 CPU ... (EOPNOTSUPP)  in 90.00 us
          ! 1 call mended, 1 of them without a return: their times
            are not known and not summed
          ! 1 function without a trusted name: --module-dir DIR or
            --kallsyms FILE can give them
          kernel 6.12.107+deb13-amd64 (x86_64), 4 CPUs; task
          modprobe-123; root do_init_module; 16 events (trace-cmd
          .dat v7)

        Failed: 5.1.1 CPU feature support checks, in
                kvm_x86_vendor_init [kvm]
          do_init_module
          `- do_one_initcall [-EOPNOTSUPP]
            `- 0xffffffffc05fc014 = vmx_init, by it... [-EOPNOTSUPP]
              `- kvm_x86_vendor_init [kvm] [-EOPNOTSUPP]
          evidence: the init function returned -95 (EOPNOTSUPP)
          kernel log: kvm_intel: VMX not supported by CPU 0
          likely cause: the CPU, or the hypervisor that this machine
                        runs on, does not offer VMX
          what to do: enable nested virtualization, or VT-x in the
                      firmware

                 stage                           status       + time
          4      Vendor module entry point (...  X failed  +70.00 us
          5.1.1    CPU feature support checks    X FAILED  +3.000 us
          not reached: 5.2 irqfd cleanup workqueue; 5.12 VFIO device
          ops

        calls of modprobe-123
         +90.00 us  do_init_module
         +80.00 us  | do_one_initcall = -EOPNOTSUPP
                    | | -- 4 Vendor module entry point (XXX_init)...
         +70.00 us  | | 0xffffffffc05fc014 = -EOPNOTSUPP
         +60.00 us  | | | kvm_x86_vendor_init [kvm] = -EOPNOTSUPP
                    | | | | -- 5.1.1 CPU feature support checks: ...
         +3.000 us  | | | | kvm_is_vmx_supported [kvm] = 0
                    | | | | log: kvm_intel: VMX not supported by ...
                 -  | | | | kfree <return not recorded>

        """)
  }

  @Test func verboseGivesEveryStageARow() {
    let shown = text(Sample.loaded, Sample.loadedAnalysis, ReportOptions(verbose: true))
    #expect(shown.contains("  5.1.2      kmem_cache x86_fpu"))
    #expect(shown.contains("↳ until 5.17"))
    #expect(!shown.contains("not in this kernel:"))
    #expect(shown.contains("clock local"))
  }

  @Test func manyStagesThatWereNotReachedAreCounted() {
    var analysis = Sample.failedAnalysis
    for number in 0..<20 {
      analysis.runs[0].stages.append(StageResult(stage: .sample("s\(number)", nil, "Stage \(number)"), status: .notReached))
    }
    #expect(text(Sample.failed, analysis).contains("not reached: 22 stages, from 5.2 irqfd cleanup workqueue to Stage 19 (-v lists them)"))
  }

  @Test func notesThatManyShareAreSaidOnce() {
    let stages = (1...4).map { StageResult(stage: .sample("s\($0)", "5.\($0)", "Stage"), status: .notTraced, note: "outside the root") }
    let listing = StageListing(stages, all: false)
    #expect(listing.rows.isEmpty)
    #expect(listing.groups.map(\.label) == ["not in this trace (outside the root)"])
    #expect(listing.groups.first?.items == ["5.1 Stage", "5.2 Stage", "5.3 Stage", "5.4 Stage"])
  }

  @Test func damageAndLossesComeFirst() {
    var recording = Sample.loaded
    recording.damage = (0..<5).map { Damage(offset: UInt64($0) * 4096, message: "page is torn") }
    recording.losses = [
      Loss(cpu: 1, count: 1200, after: nil, before: nil, sequence: 0), Loss(cpu: 3, count: nil, after: 1, before: 2, sequence: 0),
    ]
    let lines = text(recording, Sample.loadedAnalysis).split(separator: "\n").prefix(6)
    #expect(
      lines.joined(separator: "\n") == """
        kvm_intel: OK, but 1 required stage is missing  in 900.0 µs
          ! 1,200 events lost (CPU 1: 1,200, CPU 3: number unknown), none of them in this run; record with a
            larger buffer (-b)
          ! damaged at byte 0: page is torn
          ! damaged at byte 4096: page is torn
          ! damaged at byte 8192: page is torn
        """)
  }
}
