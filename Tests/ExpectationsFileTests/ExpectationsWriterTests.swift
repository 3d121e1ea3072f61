import KVMStages
import Testing

@testable import ExpectationsFile

/// What `--update` writes.
@Suite struct ExpectationsWriterTests {
  private var made: ExpectationSet {
    var set = ExpectationSet(name: "kvm_amd on Linux 5.10 to 6.1")
    set.modules = ["kvm_amd"]
    set.kernels = [KernelCondition(">=5.10 <=6.1")].compactMap { $0 }
    set.traces = PathPatterns(["!a b.dat", "no"])
    set.verdicts = [.ok]
    set.maxLostEvents = 0
    set.maxDuration = TimeLimit("50ms")
    set.stages = [
      StageExpectation(stage: "vfio", statuses: [.ok, .skipped]),
      StageExpectation(stage: "irqfd_init", statuses: [.ok], maxDuration: TimeLimit("1ms")),
    ]
    set.toleratedStages = ["debugfs"]
    set.toleratedStatuses = [.notVisible]
    return set
  }

  private let yaml = """
    # Written by kvm-inittrace check --update: it replaces the sets with `generated: true`, and keeps the others.
    schema: kvm-inittrace/expectations
    version: 1
    expect:
      - name: kvm_amd on Linux 5.10 to 6.1
        generated: true
        module: kvm_amd
        kernel: ">=5.10 <=6.1"
        traces: ["!a b.dat", "no"]
        verdict: ok
        lost_events: 0
        duration: 50ms
        stages:
          vfio: [ok, skipped]
          irqfd_init: {status: ok, max: 1ms}
        tolerate: [not-visible, debugfs]

    """

  @Test func yamlForPeople() throws {
    #expect(ExpectationsWriter.text([made], keeping: nil, asJSON: false) == yaml)
    let read = try #require(try ExpectationsFile(Array(yaml.utf8), path: "e").expectations.sets.first)
    #expect(read.toleratedStages == made.toleratedStages && read.toleratedStatuses == made.toleratedStatuses)
    #expect(read.traces == made.traces && read.kernels == made.kernels && read.stages.map(\.statuses) == made.stages.map(\.statuses))
  }

  @Test func jsonSaysTheSame() throws {
    let json = ExpectationsWriter.text([made], keeping: nil, asJSON: true)
    let file = try ExpectationsFile(Array(json.utf8), path: "e.json")
    #expect(ExpectationsWriter.text([], keeping: file, asJSON: false).hasSuffix("expect: []\n"))
    #expect(json.contains(#""lost_events": 0,"#) && json.contains(#""generated": true,"#))
    #expect(file.expectations.sets.first?.maxDuration == made.maxDuration)
  }

  @Test func setsOfAPersonStayAsTheyAre() throws {
    let own = """
      schema: kvm-inittrace/expectations
      version: 1
      expect:
        - name: mine
          verdict: [ok, failed]
          lost_events: 3
          stages: {vfio: {max: 5ms, calls: {min: 1, max: 2}}, "5.2": ok}
          functions: {forbidden: ["kvm_x [kvm]", kfree]}
        - name: old
          generated: true
          verdict: failed

      """
    let file = try ExpectationsFile(Array(own.utf8), path: "e")
    let text = ExpectationsWriter.text([made], keeping: file, asJSON: false)
    #expect(text.contains("- name: mine\n") && !text.contains("old"))
    let sets = try ExpectationsFile(Array(text.utf8), path: "e").expectations.sets
    #expect(sets.map(\.name) == ["mine", made.name])
    #expect(sets[0].stages.map(\.calls) == [1...2, nil])
    #expect(sets[0].forbiddenFunctions.map(\.description) == ["kvm_x [kvm]", "kfree"])
    #expect(ExpectationsWriter.text([made], keeping: try ExpectationsFile(Array(text.utf8), path: "e"), asJSON: false) == text)
  }
}
