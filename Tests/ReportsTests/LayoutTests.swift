import CallTrees
import KVMStages
import Testing

@testable import Reports

/// What holds for every report, whatever is in it.
struct LayoutTests {
  private static let cases: [(Recording, Analysis)] = [
    (Sample.loaded, Sample.loadedAnalysis), (Sample.failed, Sample.failedAnalysis), (longNames, longAnalysis), (empty, unknown),
  ]

  private static let empty = SampleTrace.recording("")
  private static let unknown = Analysis(runs: [
    Run(
      task: nil, pid: nil, comm: nil, module: nil, vendor: nil, rootRow: nil, root: nil, verdict: .unknown,
      reason: "kvm_intel was loaded already")
  ])
  private static let longNames = SampleTrace.recording(
    (0..<40).map { "kvm_\(String(repeating: "long", count: 30))\($0) 50us =-22 {" }.joined(separator: " ")
      + " schedule 9us { kvm_x 1us } \"\(String(repeating: "word ", count: 60))\" !17 kvm_y open" + String(repeating: " }", count: 40))
  private static var longAnalysis: Analysis {
    var analysis = Sample.failedAnalysis
    analysis.runs[0].stages = [
      StageResult(
        stage: .sample("s", "5.3.1.4", String(repeating: "title ", count: 30)), status: .failed, tolerated: true, startNS: 1_005_000,
        durationNS: UInt64.max / 3, interruptNS: .max, sleepNS: 1, calls: 3,
        perCPU: (0..<300).map { CPUShare(cpu: $0, startNS: 0, durationNS: UInt64($0) * 1000, result: $0 % 50 == 0 ? -16 : 0) },
        note: String(repeating: "why ", count: 50), rows: [3], level: 60)
    ]
    analysis.runs[0].failure?.path = (0..<500).map { PathStep(function: "kvm_step_\($0)", result: -22, row: $0) }
    analysis.runs.append(unknown.runs[0])
    return analysis
  }

  @Test(arguments: [60, 66, 79, 80, 90, 100])
  func linesStayWithinTheWidth(width: Int) {
    for (recording, analysis) in Self.cases {
      for (unicode, verbose) in [(true, false), (false, true)] {
        let options = ReportOptions(width: width, unicode: unicode, verbose: verbose, showTree: true, showNoise: verbose)
        let shown = text(recording, analysis, options)
        #expect(shown.longestLine <= width)
        #expect(!shown.contains(" \n"))
        #expect(!shown.isEmpty)
      }
    }
  }

  @Test func widthsBeyondTheLimitsAreBroughtIn() {
    #expect(ReportOptions(width: 3).columns == 60)
    #expect(ReportOptions(width: 4000).columns == 100)
    #expect(text(Self.longNames, Self.longAnalysis, ReportOptions(width: 4000, showTree: true)).longestLine <= 100)
  }

  @Test func colourAddsNothingButColour() {
    for (recording, analysis) in Self.cases {
      let plain = text(recording, analysis, ReportOptions(showTree: true))
      let colored = text(recording, analysis, ReportOptions(color: true, showTree: true))
      #expect(stripped(colored) == plain)
    }
  }

  /// `text` without colour, and without the spaces at line ends that colour keeps.
  private func stripped(_ text: String) -> String {
    var plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    while plain.contains(" \n") { plain = plain.replacing(" \n", with: "\n") }
    return plain
  }

  @Test func aTraceWithoutARunSaysWhy() {
    #expect(
      text(Self.empty, Self.unknown) == """
        KVM: UNKNOWN
          kvm_intel was loaded already
          kernel 6.12.107+deb13-amd64 (x86_64), 4 CPUs; 0 events (trace-cmd .dat v7)

        """)
  }

  @Test func severalRunsAreNumbered() {
    let shown = text(Self.longNames, Self.longAnalysis)
    #expect(shown.contains("1. kvm_intel: FAILED"))
    #expect(shown.contains("\n2. KVM: UNKNOWN"))
    #expect(shown.contains("… 460 more calls"))
    #expect(shown.contains("300 CPUs, fastest CPU 0 +0 ns [-EBUSY], median"))
  }

  @Test func quietShowsVerdictAndIntegrity() {
    let shown = text(Sample.failed, Sample.failedAnalysis, ReportOptions(quiet: true, showTree: true))
    #expect(
      shown == """
        kvm_intel: FAILED at 5.1.1 CPU feature support checks (EOPNOTSUPP)  in 90.00 µs
          ! 1 call mended, 1 of them without a return: their times are not known and not summed
          ! 1 function without a trusted name: --module-dir DIR or --kallsyms FILE can give them

        """)
  }
}
