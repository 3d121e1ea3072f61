import CallTrees
import Testing

@testable import KVMStages

/// Which calls differ.
@Suite struct CallDiffTests {
  @Test func theSameCallsDoNotDiffer() throws {
    let calls = "kvm_x86_vendor_init[kvm] { kvm_mmu_vendor_module_init[kvm] debugfs_create_dir } kvm_init[kvm] { misc_register }"
    #expect(try SmallDiff.calls(calls, calls) == [])
  }

  @Test func addedAndRemoved() throws {
    #expect(try SmallDiff.calls("kvm_init[kvm] { kvm_a[kvm] }", "kvm_init[kvm] { kvm_b[kvm] }") == ["- kvm_a", "+ kvm_b"])
  }

  @Test func countsDiffer() throws {
    let old = "kvm_init[kvm] { debugfs_create_file debugfs_create_file }"
    #expect(try SmallDiff.calls(old, "kvm_init[kvm] { debugfs_create_file }") == ["~ debugfs_create_file 2>1"])
    #expect(try SmallDiff.calls(old, "kvm_init[kvm] { debugfs_create_file }", options: DiffOptions(minimumCalls: 2)) == [])
  }

  /// A caller that runs once per CPU: its callees follow it.
  @Test func whatFollowsItsCallerIsNotToldAgain() throws {
    let call = "kvm_x[kvm] { kvm_y[kvm] kvm_y[kvm] }"
    #expect(try SmallDiff.calls("kvm_init[kvm] { \(call) }", "kvm_init[kvm] { \(call) \(call) }") == ["~ kvm_x 1>2"])
  }

  @Test func renamesAndSuffixesAreNoDifference() throws {
    #expect(
      try SmallDiff.calls(
        "kvm_init[kvm] { kmem_cache_create kmem_cache_create_usercopy alloc_workqueue kvm_x[kvm] hardware_setup[kvm_amd] }",
        """
        kvm_init[kvm] { __kmem_cache_create_args __kmem_cache_create_args alloc_workqueue_noprof kvm_x.isra.0[kvm]
          vmx_hardware_setup[kvm_amd] }
        """) == [])
  }

  @Test func noiseIsNoDifference() throws {
    let noise = "mutex_lock irq_enter_rcu { rcu_core } _raw_spin_lock kfree update_rq_clock pick_task_fair"
    #expect(try SmallDiff.calls("kvm_init[kvm] { kvm_x[kvm] }", "kvm_init[kvm] { \(noise) kvm_x[kvm] { \(noise) } }") == [])
  }

  /// How the kernel registers a device is its own matter, but what it calls back is KVM's.
  @Test func belowTheKernelsOwnFunctions() throws {
    let old = "kvm_init[kvm] { misc_register { device_create } }"
    let new = "kvm_init[kvm] { misc_register { device_add { kvm_callback[kvm] } } }"
    #expect(try SmallDiff.calls(old, new) == ["+ kvm_callback"])
    #expect(
      try SmallDiff.calls(old, new, options: DiffOptions(scope: .all)).sorted()
        == ["+ device_add", "+ kvm_callback", "- device_create"])
  }

  @Test func aFunctionThatMoved() throws {
    #expect(
      try SmallDiff.calls(
        "kvm_init[kvm] { kvm_arch_init[kvm] { kvm_x[kvm] { kvm_y[kvm] } } }",
        "kvm_x86_vendor_init[kvm] { kvm_x[kvm] { kvm_y[kvm] kvm_z[kvm] } } kvm_init[kvm]")
        == ["+ kvm_x86_vendor_init", "> kvm_x from kvm_arch_init", "+ kvm_z", "- kvm_arch_init"])
  }

  /// The compiler's choice, not the kernel's.
  @Test func anInlinedFunctionIsLookedThrough() throws {
    let old = "kvm_init[kvm] { kvm_x[kvm] { kvm_y[kvm] debugfs_create_dir } }"
    let new = "kvm_init[kvm] { kvm_y[kvm] debugfs_create_dir }"
    #expect(try SmallDiff.calls(old, new) == ["= kvm_x"])
    #expect(try SmallDiff.calls(new, old) == ["= kvm_x"])
    let diff = try SmallDiff.diff([SmallDiff.load(old)], [SmallDiff.load(new)])
    #expect(diff.calls.differences == 0)
  }

  /// Below a function that has no name, or lost events, a missing call proves nothing.
  @Test func whatCannotBeToldIsCounted() throws {
    let old = SmallDiff.load("kvm_init[kvm] { kvm_x[kvm] kvm_y[kvm] }")
    let diff = try SmallDiff.diff([old], [SmallDiff.load("kvm_init[kvm] { kvm_x[kvm] 0xffffffffc0001000 }")])
    #expect(SmallDiff.lines(diff) == [])
    #expect(diff.calls.undecided == 1 && diff.isUndecided)
  }

  @Test func callsThatAreNotComparedAreNotTheSame() throws {
    func digest(_ detail: RecordingFacts.Detail) throws -> RunDigest {
      var digest = try SmallDiff.digest(SmallDiff.load("kvm_init[kvm] { kvm_x[kvm] }"))
      digest.source.recorder = RecordingFacts(toolVersion: "1")
      digest.source.recorder?.detail = detail
      return digest
    }
    let (sparse, full) = (try digest(.stages), try digest(.full))
    let diff = RunDiff(try #require(DiffSide([sparse])), try #require(DiffSide([full])))
    #expect(diff.calls.missing != nil && diff.differentStages == 0)
    #expect(diff.exitStatus == 2)
  }

  @Test func severalRunsTellWhatIsSteady() throws {
    func load(_ count: Int) -> String { SmallDiff.load("kvm_init[kvm] { \(String(repeating: "kvm_x[kvm] ", count: count)) }") }
    let steady = try SmallDiff.diff([load(1), load(2)], [load(2), load(3)])
    #expect(steady.calls.changes.isEmpty)
    let changed = try SmallDiff.diff([load(1), load(2)], [load(3), load(4)])
    #expect(changed.calls.changes.map(\.kind).contains(.count))
    // Sometimes called, sometimes not: no news.
    let sometimes = try SmallDiff.diff([load(0), load(0)], [load(0), load(1)])
    #expect(sometimes.calls.differences == 0)
  }

  /// Deeper than any kernel stack: a hostile trace must not end the program.
  @Test func hostileDepths() throws {
    let deep = String(repeating: "kvm_x[kvm] { ", count: 3000) + String(repeating: "} ", count: 3000)
    let diff = try SmallDiff.diff([SmallDiff.load(deep)], [SmallDiff.load("kvm_init[kvm]")])
    #expect(diff.isDifferent)
  }
}
