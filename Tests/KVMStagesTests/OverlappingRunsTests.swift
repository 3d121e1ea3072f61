import CallTrees
import SmallTraces
import Testing

@testable import KVMStages

/// Loads that are on at the same time: what a CPU does then is not put down to any of them.
struct OverlappingRunsTests {
  private static let load = "do_init_module 1200ns { do_one_initcall 1us { svm_init[kvm_amd] 900ns { kvm_init[kvm] 800ns"

  private func cpus(of text: String) throws -> [[String]] {
    let recording = SmallTrace.recording(text)
    let names = FunctionNames(recording)
    let candidates = RunFinder(recording, names: names, kernel: nil, toldVendor: nil).find()
    let remote = RemoteCalls(recording, names: names, runs: candidates)
    return candidates.map { remote.calls(during: $0).map { recording.tasks[$0.task].comm ?? "" } }
  }

  @Test func eachLoadHasItsCPUs() throws {
    let work = "{ !task 12 cpuhp/0; kvm_online_cpu[kvm] 1us !task 13 cpuhp/1; kvm_online_cpu[kvm] 1us !task 100 modprobe; } } } }"
    #expect(try cpus(of: "\(Self.load) \(work)") == [["cpuhp/0", "cpuhp/1"]])
    #expect(try cpus(of: "\(Self.load) \(work) !task 12 cpuhp/0; kvm_online_cpu[kvm] 1us") == [["cpuhp/0", "cpuhp/1"]])
  }

  @Test func twoAtOnceHaveNone() throws {
    let other =
      "!task 200 modprobe; \(Self.load) { !task 12 cpuhp/0; kvm_online_cpu[kvm] 1us !task 200 modprobe; } } } } !task 100 modprobe;"
    #expect(try cpus(of: "\(Self.load) { \(other) } } } }") == [[], []])
  }

  @Test func oneWithoutAnEndLastsUntilTheNextOne() throws {
    let first = "do_init_module open { do_one_initcall open { svm_init[kvm_amd] open { kvm_init[kvm] open { kvm_irqfd_init[kvm] 1us"
    let early = "!task 12 cpuhp/0; kvm_online_cpu[kvm] 1us"
    let second = "!task 200 modprobe; \(Self.load) { !task 13 cpuhp/1; kvm_online_cpu[kvm] 1us !task 200 modprobe; } } } }"
    #expect(try cpus(of: "\(first) \(early) \(second) } } } }") == [["cpuhp/0"], ["cpuhp/1"]])
  }
}
