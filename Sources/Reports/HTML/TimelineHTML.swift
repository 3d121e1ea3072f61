import CallTrees
import KVMStages

/// The stages of a run over its time, drawn to scale. Everything that it shows stands in the stage table, too.
struct TimelineHTML {
  private let timeline: Timeline
  private let run: Run
  private let colours: StageColours
  private let glyphs: Glyphs
  private let prefix: String
  private static let row = 20
  private static let gap = 8
  private static let axis = 22

  /// - Parameter prefix: of ids on the page, for this run.
  init(_ timeline: Timeline, run: Run, colours: StageColours, glyphs: Glyphs, prefix: String) {
    (self.timeline, self.run, self.colours, self.glyphs, self.prefix) = (timeline, run, colours, glyphs, prefix)
  }

  func write(to html: inout HTMLWriter) {
    html.section("timeline", id: "\(prefix)-timeline", title: "Timeline") { html in
      html.element("div", ["class": "lanes"]) { html in
        writeLabels(to: &html)
        writeDrawing(to: &html)
      }
      writeLegend(to: &html)
    }
  }

  // MARK: lanes

  private func height(_ lane: Timeline.Lane) -> Int { max(1, lane.levels.count) * Self.row + Self.gap }

  private var height: Int { Self.axis + timeline.lanes.reduce(0) { $0 + height($1) } }

  /// Beside the drawing, so that they keep their width when it grows and shrinks.
  private func writeLabels(to html: inout HTMLWriter) {
    html.element("svg", ["class": "lane-names", "width": "112", "height": "\(height)", "aria-hidden": "true"]) { html in
      var y = Self.axis
      for lane in timeline.lanes {
        html.element("text", ["x": "0", "y": "\(y + 14)"], Columns.clipped(lane.label, to: 17, ellipsis: glyphs.ellipsis))
        y += height(lane)
      }
    }
  }

  private func writeDrawing(to html: inout HTMLWriter) {
    let name = "Stages of \(glyphs.time(timeline.scale.length)) in order of time, to scale; the stage table has the same as numbers"
    html.element("svg", ["class": "drawing", "width": "100%", "height": "\(height)", "role": "img", "aria-label": name]) { html in
      writeShades(to: &html)
      writeAxis(to: &html)
      var y = Self.axis
      for lane in timeline.lanes {
        for (level, bars) in lane.levels.enumerated() {
          for bar in bars { write(bar, y: y + level * Self.row, to: &html) }
        }
        y += height(lane)
      }
    }
  }

  private func write(_ bar: Timeline.Bar, y: Int, to html: inout HTMLWriter) {
    let stage = bar.stage.stage
    let isMarked = bar.isRefusal ?? (bar.stage.status == .failed && !bar.stage.tolerated)
    let isCulprit = bar.isRefusal ?? (run.failure?.stage.id == stage.id)
    let title = stage.fullTitle
    let sign = isCulprit ? StatusSign(result: bar.stage, unicode: true).sign + " " : ""
    let colour = colours[stage].map { "s\($0)" } ?? "s-none"
    let calls = bar.calls > 1 ? ", \(Quantity.count(bar.calls, "call"))" : ""
    html.element(
      "svg",
      [
        "class": "span \(colour)\(isCulprit ? " culprit" : isMarked ? " on-path" : "")", "data-stage": stage.id,
        "x": timeline.scale.percent(bar.start),
        "y": "\(y)", "width": timeline.scale.width(from: bar.start, for: bar.duration), "height": "\(Self.row - 2)",
      ]
    ) { html in
      html.element("title", "\(sign)\(title): \(glyphs.at(bar.start, from: timeline.scale.start)), +\(glyphs.time(bar.duration))\(calls)")
      html.element("rect", ["width": "100%", "height": "100%"])
      html.element("text", ["x": "4", "y": "13"], sign + title)
    }
  }

  // MARK: beside the bars

  private func writeShades(to html: inout HTMLWriter) {
    html.element(
      "svg",
      [
        "y": "\(Self.axis)", "width": "100%", "height": "\(height - Self.axis)", "viewBox": "0 0 10000 1", "preserveAspectRatio": "none",
      ]
    ) { html in
      for (spans, name) in [(timeline.sleep, "asleep"), (timeline.interrupts, "interrupts"), (timeline.lost, "lost")]
      where !spans.spans.isEmpty {
        html.element("path", ["class": name, "d": spans.path])
      }
    }
  }

  private func writeAxis(to html: inout HTMLWriter) {
    let start = timeline.scale.start
    for mark in timeline.scale.marks(most: 6) {
      let x = timeline.scale.percent(start &+ mark)
      html.element("line", ["class": "mark", "x1": x, "x2": x, "y1": "\(Self.axis - 4)", "y2": "\(height)"])
      // The last text would stand beyond the edge.
      let isLast = timeline.scale.place(start &+ mark, units: 100) > 92
      html.element("text", ["class": isLast ? "axis last" : "axis", "x": x, "y": "12"], mark == 0 ? "0" : glyphs.time(mark, digits: 3))
    }
  }

  private func writeLegend(to html: inout HTMLWriter) {
    html.element("ul", ["class": "legend"]) { html in
      for (name, text, isThere) in [
        ("interrupts", "in interrupts: \(glyphs.time(run.interruptNS))", run.interruptNS > 0),
        ("asleep", "asleep: \(glyphs.time(run.sleepNS))", run.sleepNS > 0),
        ("lost", "events lost", !timeline.lost.spans.isEmpty),
      ] where isThere {
        html.element("li") { html in
          html.element("span", ["class": "key \(name)", "aria-hidden": "true"])
          html.text(text)
        }
      }
      if timeline.hiddenCPUs > 0 { html.element("li", "\(Quantity.count(timeline.hiddenCPUs, "more CPU")) in the stage table") }
    }
  }
}
