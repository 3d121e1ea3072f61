import CallTrees
import KVMStages

/// The call tree of a run: the data that the page's script draws, and what is to be said of it.
struct CallsHTML {
  private let recording: Recording
  private let run: Run
  private let sections: [TreeSection]
  private let colours: StageColours
  private let links: SourceLinks
  private let prefix: String
  private let options: ReportOptions
  private let glyphs = Glyphs(unicode: true)

  /// - Parameters:
  ///   - sections: what is shown of the run's calls.
  ///   - prefix: of ids on the page, for this run.
  init(
    _ recording: Recording, _ run: Run, sections: [TreeSection], colours: StageColours, links: SourceLinks, prefix: String,
    options: ReportOptions
  ) {
    (self.recording, self.run, self.sections, self.colours) = (recording, run, sections, colours)
    (self.links, self.prefix, self.options) = (links, prefix, options)
  }

  /// - Parameter budget: calls and folds that are held, at most.
  func write(budget: Int, to html: inout HTMLWriter) {
    let path = run.failure?.path.map(\.row) ?? []
    let selection = CallSelection(
      sections, kept: path, budget: budget, maxDepth: options.maxDepth, minDuration: options.minDuration)
    let stages = run.stages.filter { !$0.rows.isEmpty }
    let pack = CallPack(recording, selection, stages: stages.map(\.stage.id), path: path, glyphs: glyphs)
    guard pack.count > 0 else { return }
    let bytes = pack.columns.flatMap(\.bytes)
    guard let packed = PackedBytes.deflated(bytes) else { return }
    html.element("section", ["class": "calls", "id": "\(prefix)-calls-section", "aria-labelledby": "\(prefix)-calls-title"]) { html in
      html.element("h3", ["id": "\(prefix)-calls-title"], "Call tree")
      for remark in remarks(on: selection, items: pack.count) { html.element("p", ["class": "quiet"], remark) }
      html.element("p", ["class": "needs-script"], Self.needsScript)
      html.json(id: "\(prefix)-calls", class: "calls-data") { json in
        json.object { write(pack, stages: stages, bytes: bytes.count, to: &$0) }
      }
      html.element("script", ["type": "text/plain", "id": "\(prefix)-calls-bytes"]) { $0.raw(PackedBytes.base64(packed)) }
    }
  }

  private static let needsScript =
    "The call tree is drawn by the script in this page, which has not run. 'kvm-inittrace report --tree' prints it as text."

  private func remarks(on selection: CallSelection, items: Int) -> [String] {
    var remarks: [String] = []
    if let shortest = selection.shortest {
      let calls = selection.lanes.reduce(0) { $0 + $1.section.ranges.reduce(0) { $0 + $1.count } }
      let which =
        shortest == .max ? "all but the calls that begin a stage or lead to the failure" : "calls shorter than \(glyphs.time(shortest))"
      remarks.append(
        "Of \(Quantity.count(calls, "call")), this page holds \(Quantity.count(items, "place")): \(which) are folded into "
          + "\(glyphs.gap("short calls")), with their number and the sum of their times.")
    }
    if selection.tooDeep > 0 {
      remarks.append("Not shown: \(Quantity.count(selection.tooDeep, "call")) deeper than \(options.maxDepth ?? 0).")
    }
    if selection.hiddenTasks > 0 { remarks.append("\(Quantity.count(selection.hiddenTasks, "more task")) without a lane.") }
    if !recording.hasTimes {
      remarks.append("The trace has no times of its calls' starts: calls stand in their order, one beside the other.")
    }
    return remarks
  }

  // MARK: data

  private func write(_ pack: CallPack, stages: [StageResult], bytes: Int, to json: inout JSONWriter) {
    json.field("items", pack.count)
    json.field("bytes", bytes)
    json.field("columns", pack.columns.map(\.bytes.count))
    json.field("hasTimes", recording.hasTimes)
    json.field("foldsNoise", !options.showNoise)
    json.field("link", links.base)
    json.array("lanes") { json in
      for lane in pack.lanes {
        json.object { json in
          json.field("name", lane.name)
          json.field("items", lane.items)
        }
      }
    }
    json.array("functions") { json in for id in pack.functions { write(recording.function(id), to: &json) } }
    json.array("results") { json in
      for result in pack.results {
        json.array { json in
          json.string(result.text)
          json.integer(result.isError ? 1 : 0)
        }
      }
    }
    json.field("folds", pack.foldLabels)
    json.array("stages") { json in
      for result in stages {
        json.object { json in
          json.field("id", result.stage.id)
          json.field("title", result.stage.fullTitle)
          json.field("colour", colours[result.stage])
          json.field("failed", run.failure?.stage.id == result.stage.id)
        }
      }
    }
    writeWords(to: &json)
  }

  /// A name as displayed; with what it is called in the sources, where that is another text, and what kind it is, where it is not ordinary.
  private func write(_ function: Function, to json: inout JSONWriter) {
    let shown = function.displayName
    let identifier = SourceLinks.identifier(shown)
    let kind = function.kind == .ordinary ? 0 : function.kind.rawValue
    json.array { json in
      json.string(shown)
      if identifier != shown || kind != 0 {
        if let identifier { json.string(identifier) } else { json.null() }
      }
      if kind != 0 { json.integer(kind) }
    }
  }

  /// What the script says, in the words of the other reports.
  private func writeWords(to json: inout JSONWriter) {
    json.array("remarks") { json in
      for remark in TreeWording.remarks {
        json.array { json in
          json.integer(remark.flag.rawValue)
          json.string(glyphs.gap(remark.text))
        }
      }
    }
    json.object("flags") { json in
      json.field("interrupt", CallFlags.interrupt.rawValue)
      json.field("sleep", CallFlags.sleep.rawValue)
      json.field("unknownStart", CallFlags([.startUnknown, .entryMissing]).rawValue)
    }
  }
}
