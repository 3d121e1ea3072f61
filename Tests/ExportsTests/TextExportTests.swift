import CallTrees
import KVMStages
import SmallTraces
import Testing

@testable import Exports

/// Exports that are text, by input and expected text.
@Suite struct TextExportTests {
  private func text(_ write: (inout ByteSink) throws -> Void) rethrows -> String {
    var sink = ByteSink()
    try write(&sink)
    return sink.text
  }

  private func folded(_ traces: ExportTrace...) -> String {
    var folded = FoldedExport()
    for trace in traces { folded.add(trace) }
    return text { folded.write(to: &$0) }
  }

  // MARK: folded

  @Test func foldedStacksHaveTheirSelfTimes() {
    #expect(
      folded(.small("b 500ns { a[kvm] 100ns c 50ns a[kvm] 100ns } a[kvm] 7ns")) == """
        modprobe;a_[kvm] 7
        modprobe;b 250
        modprobe;b;a_[kvm] 200
        modprobe;b;c 50

        """)
  }

  @Test func foldedTracesAddUp() {
    #expect(folded(.small("a 5ns"), .small("a 6ns { b 1ns }")) == "modprobe;a 10\nmodprobe;a;b 1\n")
  }

  @Test func foldedTimesThatAreNotKnownAreNotSummed() {
    #expect(folded(.small("a 500ns { b open { c 20ns } }")) == "modprobe;a 480\nmodprobe;a;b;c 20\n")
    // Callees that seem longer than their caller leave it nothing.
    #expect(folded(.small("a 10ns { b 20ns }")) == "modprobe;a;b 20\n")
  }

  @Test func foldedTimesBelowACallThatWasNotMeasuredAreCountedOnce() {
    #expect(
      folded(.small("a 100us { b 70us { c open { d open { e 10us } f 30us { g 5us } } h 1us } }")) == """
        modprobe;a 30000
        modprobe;a;b 29000
        modprobe;a;b;c;d;e 10000
        modprobe;a;b;c;f 25000
        modprobe;a;b;c;f;g 5000
        modprobe;a;b;h 1000

        """)
    #expect(folded(.small("a open { b 5us { c 2us } } d 1us")) == "modprobe;a;b 3000\nmodprobe;a;b;c 2000\nmodprobe;d 1000\n")
  }

  @Test func foldedNamesKeepTheFormat() {
    let trace = ExportTrace.small("x 5ns { y 1ns }").renamed(["x": hostileName, "y": ""])
    #expect(folded(trace) == "modprobe;a:b_\"c\"_\\_\\n\\t\\x1b[31m\u{fffd}<d> 4\nmodprobe;a:b_\"c\"_\\_\\n\\t\\x1b[31m\u{fffd}<d>;? 1\n")
    #expect(folded(ExportTrace.small("x 5ns y 6ns").renamed(["x": "a b", "y": "a_b"])) == "modprobe;a_b 11\n")
  }

  // MARK: chrome

  @Test func chrome() throws {
    let written = try text { try ChromeExport.write(.small("a[kvm] 500ns =-95 { b 100ns } open_one open", kernel: nil), to: &$0) }
    #expect(
      written == #"""
        {"displayTimeUnit":"ns","otherData":{"kernel":null,"machine":"x86_64","clock":null,"lost_events":0},"traceEvents":[
        {"ph":"M","name":"process_name","pid":100,"tid":100,"args":{"name":"modprobe"}},
        {"ph":"M","name":"thread_name","pid":100,"tid":100,"args":{"name":"modprobe-100"}},
        {"ph":"X","name":"b","cat":"call","pid":100,"tid":100,"ts":1000.200,"dur":0.100},
        {"ph":"X","name":"a [kvm]","cat":"call","pid":100,"tid":100,"ts":1000.100,"dur":0.500,"args":{"cpu":0,"return_value":-95}},
        {"ph":"B","name":"open_one","cat":"call","pid":100,"tid":100,"ts":1000.600,"args":{"cpu":0,"flags":"open"}}
        ]}

        """#)
  }

  @Test func chromeNamesAreJSON() throws {
    let trace = ExportTrace.small("x 5ns !console \(hostileName.filter { !$0.isWhitespace });").renamed(["x": hostileName])
    let written = try text { try ChromeExport.write(trace, to: &$0) }
    #expect(written.contains(#""name":"a;b \"c\" \\ \n\t\u001b[31m\#u{fffd}<d>","cat":"call""#))
    #expect(!written.contains("\u{1b}"))
  }

  // MARK: speedscope

  @Test func speedscope() throws {
    let written = try text { out in
      try SpeedscopeExport.write(.small("a 500ns { b 100ns c open } d open", kernel: nil), name: "x \"y\"", to: &out)
    }
    #expect(
      written.hasPrefix(
        #"{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"kvm-inittrace","name":"x \"y\"","#
          + #""activeProfileIndex":0,"shared":{"frames":["# + "\n{\"name\":\"a\"},\n{\"name\":\"b\"}"))
    #expect(
      written.hasSuffix(
        #"""
        ]},"profiles":[
        {"type":"evented","unit":"nanoseconds","name":"modprobe-100","startValue":1000100,"endValue":1000600,"events":[
        {"type":"O","frame":0,"at":1000100},
        {"type":"O","frame":1,"at":1000200},
        {"type":"C","frame":1,"at":1000300},
        {"type":"O","frame":7,"at":1000400},
        {"type":"C","frame":7,"at":1000400},
        {"type":"C","frame":0,"at":1000600},
        {"type":"O","frame":8,"at":1000600},
        {"type":"C","frame":8,"at":1000600}
        ]}
        ]}

        """#))
  }

  // MARK: openmetrics

  @Test func openMetricsOfNoRun() {
    let written = text { OpenMetricsExport.write(.small("a 1ns", kernel: "6.12 \"x\"\\\n"), to: &$0) }
    #expect(written.contains("kvm_inittrace_verdict{module=\"unknown\",verdict=\"unknown\"} 1\n"))
    #expect(written.contains("kvm_inittrace_verdict{module=\"unknown\",verdict=\"ok\"} 0\n"))
    #expect(written.contains("kvm_inittrace_runs{module=\"unknown\"} 0\n"))
    #expect(written.contains(#"kvm_inittrace_trace_info{kernel="6.12 \"x\"\\\\n",machine="x86_64"} 1"#))
    #expect(written.hasSuffix("\n# EOF\n"))
    #expect(!written.contains("duration_seconds"))
  }

  @Test func openMetricsSeconds() {
    #expect(OpenMetricsWriter.seconds(61_380) == "0.000061380")
    #expect(OpenMetricsWriter.seconds(1_267_000_000) == "1.267000000")
    #expect(OpenMetricsWriter.seconds(.max) == "18446744073.709551615")
  }

  @Test func openMetricsLastRunOfAModule() {
    let trace = ExportTrace.small(
      "do_init_module 90us { do_one_initcall 80us { vmx_init[kvm_intel] 70us =-95 { kvm_x86_vendor_init[kvm] 3us =-95 } } } "
        + "do_init_module 50us { do_one_initcall 40us { vmx_init[kvm_intel] 30us =-17 { kvm_x86_vendor_init[kvm] 3us =-17 } } }")
    let lines = text { OpenMetricsExport.write(trace, to: &$0) }.split(separator: "\n")
    let runs = lines.filter { $0.hasPrefix("kvm_inittrace_run") && !$0.hasPrefix("kvm_inittrace_run_lost") }
    #expect(runs.contains("kvm_inittrace_runs{module=\"kvm_intel\"} 2"))
    #expect(runs.contains("kvm_inittrace_run_duration_seconds{module=\"kvm_intel\"} 0.000050000"))
    #expect(Set(lines.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "}" } }).count == lines.count { !$0.hasPrefix("#") })
  }

  /// Tasks come one after the other, whatever their times.
  @Test func openMetricsLastRunOfSeveralTasks() {
    func load(_ duration: String, _ result: Int) -> String {
      "do_init_module \(duration) { do_one_initcall 40us { vmx_init[kvm_intel] 30us =\(result) { kvm_x86_vendor_init[kvm] 3us =\(result) } } } "
    }
    var trace = ExportTrace.small("x 1us !task 200 modprobe; " + load("90us", -95) + "!task 100 modprobe; " + load("50us", -17))
    #expect(trace.analysis.runs.map(\.pid) == [100, 200])
    let written = text { OpenMetricsExport.write(trace, to: &$0) }
    #expect(written.contains("kvm_inittrace_runs{module=\"kvm_intel\"} 2\n"))
    #expect(written.contains("kvm_inittrace_run_duration_seconds{module=\"kvm_intel\"} 0.000050000\n"))
    #expect(written.contains("errno=\"EEXIST\"} 1\n") && !written.contains("EOPNOTSUPP"))
    // Of loads that do not tell when they began, the last one in the trace is told.
    trace.recording.hasTimes = false
    let untimed = text { OpenMetricsExport.write(ExportTrace(trace.recording), to: &$0) }
    #expect(untimed.contains("kvm_inittrace_run_duration_seconds{module=\"kvm_intel\"} 0.000090000\n"))
  }

  /// One whose begin was lost is behind those of its task; what stands for loads that were not looked at is behind all.
  @Test func openMetricsLastRunWithoutAStart() {
    func last(_ runs: [(task: Int?, start: UInt64?)]) -> Substring? {
      let analysis = Analysis(
        runs: runs.enumerated().map { number, run in
          Run(
            task: run.task, pid: nil, comm: nil, module: nil, vendor: nil, rootRow: run.task, root: nil, verdict: .ok, reason: "",
            startNS: run.start, durationNS: UInt64(number))
        })
      let written = text { OpenMetricsExport.write(ExportTrace(SmallTrace.recording("x 1us"), analysis), to: &$0) }
      return written.split(separator: "\n").first { $0.hasPrefix("kvm_inittrace_run_duration_seconds") }?.suffix(1)
    }
    #expect(last([(0, 5), (0, nil), (1, 3)]) == "1")
    #expect(last([(0, 5), (1, nil), (1, 7)]) == "2")
    #expect(last([(0, 5), (1, nil)]) == "0")
    #expect(last([(0, 9), (1, 5), (nil, nil)]) == "2")
    #expect(last([(0, nil), (1, nil)]) == "1")
  }
}
