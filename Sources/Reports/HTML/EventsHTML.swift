import CallTrees
import KVMStages

/// The kernel's log and other events of a run, which the text report weaves into the call tree.
struct EventsHTML {
  private let lines: [(time: UInt64?, text: String)]
  private let hidden: Int
  private let origin: UInt64?
  private let glyphs: Glyphs
  private let prefix: String
  private static let mostLines = 200

  /// - Parameter events: those of all runs of the page.
  init(_ recording: Recording, _ run: Run, events: EventIndex, glyphs: Glyphs, prefix: String) {
    (self.glyphs, self.prefix, origin) = (glyphs, prefix, run.startNS)
    guard let index = run.task, let root = run.rootRow, recording.tasks.indices.contains(index),
      recording.tasks[index].tree.calls.indices.contains(root)
    else {
      (lines, hidden) = ([], 0)
      return
    }
    let task = recording.tasks[index]
    let rows = task.tree.subtree(of: root)
    let told = events.events(of: task, at: rows).compactMap { event in
      EventText.text(of: event.payload, verbose: false).map { (time: event.time, text: $0) }
    }
    lines = Array(told.prefix(Self.mostLines))
    hidden = told.count - lines.count
  }

  func write(to html: inout HTMLWriter) {
    guard !lines.isEmpty else { return }
    html.section("events", id: "\(prefix)-events", title: "Kernel log and events") { html in
      html.table("event-table", under: "\(prefix)-events") { html in
        html.element("thead") { html in
          html.element("tr") { html in
            html.element("th", ["scope": "col", "class": "number"], "@")
            html.element("th", ["scope": "col"], "event")
          }
        }
        html.element("tbody") { html in for line in lines { write(line, to: &html) } }
      }
      if hidden > 0 { html.element("p", ["class": "quiet"], "and \(Quantity.count(hidden, "more event"))") }
    }
  }

  private func write(_ line: (time: UInt64?, text: String), to html: inout HTMLWriter) {
    html.element("tr") { html in
      html.element("td", ["class": "number"], place(of: line.time))
      html.element("td", ["class": "log"], line.text)
    }
  }

  private func place(of time: UInt64?) -> String {
    guard let time, let origin else { return glyphs.dash }
    return glyphs.at(time, from: origin)
  }
}
