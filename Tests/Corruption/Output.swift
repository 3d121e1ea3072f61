import CallTrees
import ExpectationsFile
import Exports
import KVMStages
import Reports
import SmallTraces

/// One thing that a command makes of a trace.
enum Output: Hashable {
  case report(Report)
  case diff(Comparison, DiffFormat)
  case export(Export, redacts: Bool)
  case expectations

  enum Report: CaseIterable { case tree, foldedTree, colours, stage, markdown, json, html, foldedHTML }
  enum Comparison: CaseIterable { case withItself, withAnother, ofAnother }
  enum DiffFormat: CaseIterable { case text, markdown, json, html }
  enum Export: CaseIterable { case calls, stages, openMetrics, folded, perfetto, chrome, speedscope, sqlite }

  private static let reports = Report.allCases.map { Output.report($0) }
  private static let diffs = Comparison.allCases.flatMap { comparison in DiffFormat.allCases.map { Output.diff(comparison, $0) } }
  private static let exports = [false, true].flatMap { redacts in Export.allCases.map { Output.export($0, redacts: redacts) } }

  /// Those that are to be written of an input.
  static func all(for bytes: UnsafeRawBufferPointer, effort: Effort) -> [Output] {
    [reports, diffs, exports + [expectations]].flatMap { effort.chosen(of: $0, for: bytes) }
  }
}

/// Counts what is written; nothing is kept.
struct Sink: ByteOutput {
  var count = 0

  mutating func write(_ string: String) { count += string.utf8.count }
  mutating func write(bytes: [UInt8]) { count += bytes.count }
}

/// Writes outputs of a trace.
struct OutputWriter {
  let recording: Recording
  let analysis: Analysis

  /// Writes it.
  ///
  /// - Returns: what is wrong with it, or nil.
  func write(_ output: Output, to sink: inout Sink) -> String? {
    switch output {
    case .report(let report):
      write(report, to: &sink)
      return nil
    case .diff(let comparison, let format): return write(comparison, format, to: &sink)
    case .export(let export, let redacts):
      let trace = ExportTrace(recording, analysis)
      return write(export, of: redacts ? Redaction.redacted(trace, number: 1) : trace, to: &sink)
    case .expectations: return writeExpectations(to: &sink)
    }
  }

  private func write(_ report: Output.Report, to sink: inout Sink) {
    func text(_ options: ReportOptions) { TextReport.write(recording, analysis, options: options, to: &sink) }
    switch report {
    case .tree: text(ReportOptions(verbose: true, showTree: true, showNoise: true))
    case .foldedTree: text(ReportOptions(unicode: false, showTree: true))
    case .colours: text(ReportOptions(width: 60, color: true, verbose: true, showTree: true, maxDepth: 3, minDuration: 1000))
    case .stage: text(ReportOptions(showTree: true, stageID: "vendor_hardware_setup", showNoise: true))
    case .markdown: MarkdownReport.write(recording, analysis, options: ReportOptions(verbose: true, showTree: true), to: &sink)
    case .json: JSONReport.write(recording, analysis, to: &sink)
    case .html: write(HTMLReport(), to: &sink)
    // With so few calls that most are folded.
    case .foldedHTML: write(HTMLReport(calls: 500), to: &sink)
    }
  }

  private func write(_ page: HTMLReport, to sink: inout Sink) {
    var page = page
    page.write(recording, analysis, to: &sink)
    page.finish(to: &sink)
  }

  private func write(_ export: Output.Export, of trace: ExportTrace, to sink: inout Sink) -> String? {
    switch export {
    case .calls: CallsExport.write(trace.recording, to: &sink)
    case .stages: StagesExport.write(trace, path: "input", hostID: nil, to: &sink)
    case .openMetrics: OpenMetricsExport.write(trace, to: &sink)
    case .folded:
      var folded = FoldedExport()
      folded.add(trace)
      folded.write(to: &sink)
    // A trace without times has no timeline.
    case .perfetto: try? PerfettoExport.write(trace, to: &sink)
    case .chrome: try? ChromeExport.write(trace, to: &sink)
    case .speedscope: try? SpeedscopeExport.write(trace, name: "input", to: &sink)
    case .sqlite: return writeDatabase(trace)
    }
    return nil
  }

  private func writeDatabase(_ trace: ExportTrace) -> String? {
    do throws(SQLiteError) {
      // SQLite's name for a file that goes with it.
      let database = try SQLiteExport(path: "", version: "1", hostID: nil)
      try database.add(trace, path: "input")
      try database.finish()
      return nil
    } catch {
      return "no database: \(error)"
    }
  }

  // MARK: comparisons

  private static let other = {
    let calls = "do_init_module 9ms { do_one_initcall 8ms { vmx_init[kvm_intel] 7ms { kvm_x86_vendor_init[kvm] 2ms kvm_init[kvm] 4ms } } }"
    let recording = SmallTrace.recording(calls, kernel: "6.12.1")
    return digests(recording, Analyser.analyse(recording), scope: .kvm)
  }()

  private static func digests(_ recording: Recording, _ analysis: Analysis, scope: CallScope) -> [RunDigest] {
    RunDigest.digests(of: analysis.runs.filter { $0.rootRow != nil }, in: recording, path: "input", scope: scope)
  }

  private func write(_ comparison: Output.Comparison, _ format: Output.DiffFormat, to sink: inout Sink) -> String? {
    let scope = comparison == .withItself ? CallScope.all : .kvm
    let own = Self.digests(recording, analysis, scope: scope)
    let (before, after) =
      switch comparison {
      case .withItself: (own, Array(own.reversed()))
      case .withAnother: (own, Self.other)
      case .ofAnother: (Self.other, own)
      }
    guard let before = DiffSide(before), let after = DiffSide(after) else { return nil }
    let diff = RunDiff(before, after, options: DiffOptions(judgesSingleRuns: true, scope: scope))
    let options = ReportOptions(verbose: true)
    switch format {
    case .text: DiffText.write([diff], options: options, to: &sink)
    case .markdown: DiffMarkdown.write([diff], options: options, to: &sink)
    case .json: DiffJSON.write([diff], to: &sink)
    case .html: DiffHTML.write([diff], options: options, to: &sink)
    }
    return comparison == .withItself && own.count == 1 && diff.isDifferent ? "a run differs from itself" : nil
  }

  // MARK: expectations

  /// What a trace shows is made what is expected, as `check --update` does: that can be read, and the trace does not break it.
  private func writeExpectations(to sink: inout Sink) -> String? {
    let kernel = recording.source.kernel.flatMap { KernelVersion(release: $0) }
    let observed = ObservedTrace(path: "input", recording, analysis, kernel: kernel)
    let text = ExpectationsWriter.text(ExpectationUpdate([observed], slack: 2).sets(), keeping: nil, asJSON: false)
    sink.write(text)
    do throws(ExpectationsError) {
      let file = try ExpectationsFile(Array(text.utf8), path: "expected")
      let results = ExpectationJudge.judge(file.expectations, path: "input", recording, analysis, kernel: kernel)
      return results.first { $0.outcome == .fail }.map { "expectations made of it fail: \($0)\n\(text)" }
    } catch {
      return "expectations made of it cannot be read: \(error)\n\(text)"
    }
  }
}
