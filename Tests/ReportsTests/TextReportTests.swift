import CallTrees
import KVMStages
import Testing

@testable import Reports

struct TextReportTests {
  @Test func demo() {
    print(text(Sample.loaded, Sample.loadedAnalysis, ReportOptions(showTree: true)))
    print(text(Sample.failed, Sample.failedAnalysis, ReportOptions(width: 60, unicode: false, showTree: true)))
    print(text(Sample.failed, Sample.failedAnalysis, ReportOptions(color: true, verbose: true, showTree: true, showNoise: true)))
  }
}
