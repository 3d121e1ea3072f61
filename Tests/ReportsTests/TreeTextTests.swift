import CallTrees
import KVMStages
import SmallTraces
import Testing

@testable import Reports

struct TreeTextTests {
  /// The tree of the whole recording.
  private func tree(_ recording: Recording, _ options: ReportOptions = ReportOptions()) -> String {
    var analysis = Analysis(runs: [])
    var run = Run(
      task: 0, pid: 123, comm: "modprobe", module: "kvm_intel", vendor: .intel, rootRow: 0, root: "x", verdict: .ok, reason: "",
      startNS: recording.hasTimes ? 1_001_000 : nil)
    run.stages = [StageResult(stage: .sample("irqfd_init", "5.2", "Workqueue for irqfd"), status: .ok, rows: [])]
    for (row, call) in (recording.tasks.first?.tree.calls ?? []).enumerated()
    where recording.function(call.function).name == "kvm_irqfd_init" {
      run.stages[0].rows.append(row)
    }
    analysis.runs = [run]
    var output = ""
    var page = Page(options)
    RunTrees(recording, analysis.runs, options: options).write(0, on: &page, to: &output)
    page.drain(into: &output)
    return output
  }

  /// The headings of the trees of two runs, of the first two tasks, whose ends are not in the trace.
  private func headings(_ text: String, starts: (Recording) -> [UInt64?]) -> [[String]] {
    let recording = SmallTrace.recording(text)
    let runs = starts(recording).enumerated().map { task, start in
      var run = Sample.loadedAnalysis.runs[0]
      (run.task, run.rootRow, run.startNS, run.durationNS) = (task, 0, start, nil)
      run.stages = [StageResult(stage: .sample("hardware_enable_cpu", "5.10", "CPUs", marker: "kvm_online_cpu"), status: .ok, rows: [])]
      return run
    }
    let sections = TreeSections(recording, runs, stageID: nil)
    return runs.indices.map { sections[$0].map(\.heading) }
  }

  @Test func whatOthersDidIsShownOnce() {
    let work = "!task 12 cpuhp/0; kvm_online_cpu[kvm] 1us"
    let headings = headings("kvm_init[kvm] 90us { !task 200 modprobe; kvm_init[kvm] 9us { \(work) !task 200 modprobe; } }") { _ in
      [1_000_000, 1_000_000]
    }
    #expect(headings[0] == ["calls of modprobe-100", "meanwhile in cpuhp/0-12, CPU 0"])
    #expect(headings[1] == ["calls of modprobe-200"])
  }

  @Test func whatOthersDidIsOfTheLastRunThatBegan() {
    let work = "!task 12 cpuhp/0; kvm_online_cpu[kvm] 1us"
    let headings = headings("kvm_init[kvm] open { !task 200 modprobe; kvm_init[kvm] 9us { \(work) !task 200 modprobe; } }") { recording in
      [0, 1].map { recording.tasks[$0].tree.calls[0].knownStart }
    }
    #expect(headings[0] == ["calls of modprobe-100"])
    #expect(headings[1] == ["calls of modprobe-200", "meanwhile in cpuhp/0-12, CPU 0"])
  }

  @Test func noiseAndInterruptsFold() {
    let recording = SampleTrace.recording(
      "kvm_init 90us { mutex_lock 1us { rcu_read 1us } kfree 2us; irq_enter_rcu 5us; kvm_irqfd_init 3us { kfree 1us }; kfree open }")
    #expect(
      tree(recording) == """

        calls of modprobe-123
             @0 ns  +90.00 µs  kvm_init [kvm]
         @1.000 µs  +3.000 µs  │ … 2 locks, allocations and the like
         @7.000 µs  +5.000 µs  │ … interrupt
                               │ ── 5.2 Workqueue for irqfd
         @13.00 µs  +3.000 µs  │ kvm_irqfd_init [kvm]
         @14.00 µs  +1.000 µs  │ │ … kfree
         @17.00 µs          –  │ kfree ‹return not recorded›

        """)
    let shown = tree(recording, ReportOptions(showNoise: true))
    #expect(shown.contains("│ mutex_lock\n"))
    #expect(shown.contains("│ │ rcu_read\n"))
    #expect(!shown.contains("…"))
  }

  @Test func repeatedCallsFold() {
    #expect(
      tree(SampleTrace.recording("kvm_init 90us { kvm_a 1us; kvm_a 1us; kvm_a 1us; kvm_b 1us; kvm_b 2us; kvm_b 3us; kvm_b 4us }")) == """

        calls of modprobe-123
             @0 ns  +90.00 µs  kvm_init [kvm]
         @1.000 µs  +1.000 µs  │ kvm_a [kvm]
         @3.000 µs  +1.000 µs  │ kvm_a [kvm]
         @5.000 µs  +1.000 µs  │ kvm_a [kvm]
         @7.000 µs  +10.00 µs  │ kvm_b [kvm] ×4

        """)
    let below = SampleTrace.recording("kvm_init 90us { kvm_a 3us { kvm_b 1us } kvm_a 3us { kvm_b 1us } kvm_a 3us { kvm_b 1us } kvm_a 3us }")
    #expect(tree(below).hasSuffix("│ │ kvm_b [kvm]\n @5.000 µs  +9.000 µs  │ … kvm_a [kvm] ×3 more, with 2 calls below\n"))
    let failing = SampleTrace.recording("kvm_init 90us { kvm_a 1us =0; kvm_a 1us =0; kvm_a 1us =-5; kvm_a 1us =0 }")
    #expect(tree(failing).contains("kvm_a [kvm] = -EIO\n"))
  }

  @Test func eventsAndLossesStandInTheirPlace() {
    let recording = SampleTrace.recording("kvm_init open { kvm_a 3us; \"kvm: hi\"; !5 kvm_b 1us }")
    #expect(
      tree(recording) == """

        calls of modprobe-123
             @0 ns          –  kvm_init [kvm] ‹return not recorded› ‹events lost inside›
         @1.000 µs  +3.000 µs  │ kvm_a [kvm]
         @4.100 µs             │ log: kvm: hi
         @5.100 µs             │ ‹5 events lost on CPU 0›
         @5.100 µs  +1.000 µs  │ kvm_b [kvm]

        """)
  }

  @Test func gapsBetweenTwoCallsAreTold() {
    let recording = SampleTrace.recording("kvm_init open { kvm_a 3us !5 !3 kvm_b 1us !1 kvm_c 1us }")
    let lines = tree(recording).split(separator: "\n").filter { $0.contains("lost on") }.map { $0.drop { $0 != "‹" } }
    #expect(lines == ["‹8 events lost on CPU 0, in 2 gaps›", "‹1 event lost on CPU 0›"])
  }

  @Test func depthAndDurationLimitsSayWhatTheyHide() {
    let recording = SampleTrace.recording("kvm_init 90us { kvm_a 30us { kvm_b 20us { kvm_c 1us } } kvm_d 1us { kvm_irqfd_init 1us } }")
    #expect(tree(recording, ReportOptions(maxDepth: 1)).hasSuffix("  not shown: 3 calls deeper than 1\n"))
    let long = tree(recording, ReportOptions(minDuration: 5000))
    #expect(long.contains("kvm_irqfd_init"))
    #expect(!long.contains("kvm_c"))
    #expect(long.hasSuffix("  not shown: 1 call shorter than 5.000 µs\n"))
  }

  @Test func oneStage() {
    let recording = SampleTrace.recording("kvm_init 90us { kvm_irqfd_init 30us { kvm_b 20us } kvm_d 1us; kvm_irqfd_init 2us }")
    #expect(
      tree(recording, ReportOptions(stageID: "irqfd_init")) == """

        stage irqfd_init of modprobe-123
                               ── 5.2 Workqueue for irqfd
         @1.000 µs  +30.00 µs  kvm_irqfd_init [kvm]
         @2.000 µs  +20.00 µs  │ kvm_b [kvm]
         @34.00 µs  +2.000 µs  kvm_irqfd_init [kvm]

        """)
    #expect(tree(recording, ReportOptions(stageID: "vfio")).hasSuffix("no call of it is in the trace\n"))
  }

  @Test func smallAndEmptyTrees() {
    #expect(tree(SampleTrace.recording("kvm_init 1us")).hasSuffix("     @0 ns  +1.000 µs  kvm_init [kvm]\n"))
    #expect(tree(SampleTrace.recording("")).isEmpty)
  }

  @Test func anUnrecordedEntryIsNamed() {
    var builder = RecordingBuilder(keys: .interned, hasTimes: false)
    let id = UInt64(builder.intern(Function(address: nil, name: "kvm_x")).index)
    let events = [GraphEvent(time: 0, function: id, value: 70, pid: 123, depth: 0, kind: .leave)]
    events.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    let recording = builder.finish(source: TraceSource(path: "-", kind: .ftraceText), damage: [])
    #expect(tree(recording).hasSuffix("         –     +70 ns  kvm_x ‹entry not recorded›\n"))
  }

  @Test func depthHasNoLimit() {
    var builder = RecordingBuilder(keys: .interned)
    let id = UInt64(builder.intern(Function(address: nil, name: "kvm_x")).index)
    for depth in 0..<20_000 {
      let events = [GraphEvent(time: UInt64(1_001_000 + depth), function: id, value: 0, pid: 123, depth: UInt16(depth), kind: .enter)]
      events.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    }
    let recording = builder.finish(source: TraceSource(path: "-", kind: .ftraceText), damage: [])
    let shown = tree(recording)
    #expect(shown.split(separator: "\n").count == 20_001)
    #expect(shown.longestLine <= 100)
    #expect(shown.contains("[20000] kvm_x"))
  }
}
