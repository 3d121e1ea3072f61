import CallTrees
import KVMStages

/// The call trees of a report as text, with those of other tasks that ran parts of a run.
struct RunTrees {
  private let recording: Recording
  private let options: ReportOptions
  private let sections: TreeSections
  private let events: EventIndex

  init(_ recording: Recording, _ runs: [Run], options: ReportOptions) {
    (self.recording, self.options) = (recording, options)
    sections = TreeSections(recording, runs, stageID: options.stageID)
    events = EventIndex(recording, verbose: options.verbose)
  }

  /// Writes those of the run with this number, from 0, piece by piece: they can be far larger than memory should hold as text.
  func write(_ number: Int, on page: inout Page, to output: inout some TextOutputStream) {
    for section in sections[number] {
      var tree = TreeText(recording, section, events: events, options: options)
      tree.writeHeading(to: &page)
      while tree.writeNext(to: &page) {
        if page.isFull { page.drain(into: &output) }
      }
      tree.writeEnd(to: &page)
    }
  }
}
