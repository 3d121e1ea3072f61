/// What stands in front of a name in a call tree: `@start  +time  │ │ `.
struct TreeLead {
  private let layout: Layout
  private let origin: UInt64?
  private let guide: [UInt8]
  private static let timeColumns = 10

  init(_ layout: Layout, origin: UInt64?) {
    self.layout = layout
    self.origin = origin
    guide = Array(layout.glyphs.guide.utf8)
  }

  /// The two pieces: the start, and the duration with the guides; `unknown` stands for times that are not known.
  func add(start: UInt64?, duration: UInt64?, unknown: String, level: Int, to line: inout LineText) {
    line.add(.faint) { bytes in
      guard hasStart else { return }
      bytes.append(right: Self.timeColumns) { bytes in
        if let start, let origin {
          layout.glyphs.append(at: start, from: origin, to: &bytes)
        } else {
          bytes.append(contentsOf: unknown.utf8)
        }
      }
      bytes.append(UInt8(ascii: " "))
    }
    line.add(.plain) { bytes in
      bytes.append(right: Self.timeColumns) { bytes in
        if let duration {
          bytes.append(UInt8(ascii: "+"))
          Quantity.append(time: duration, unicode: layout.glyphs.unicode, to: &bytes)
        } else {
          bytes.append(contentsOf: unknown.utf8)
        }
      }
      bytes.append(contentsOf: "  ".utf8)
      append(guides: level, to: &bytes)
    }
  }

  /// One piece without times.
  func addBlank(level: Int, to line: inout LineText) {
    line.add(.faint) { bytes in
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: columns))
      append(guides: level, to: &bytes)
    }
  }

  /// Narrow pages show no start.
  private var hasStart: Bool { layout.columns >= 80 }

  private var columns: Int { Self.timeColumns + 2 + (hasStart ? Self.timeColumns + 1 : 0) }

  /// Guides for the levels that fit; of deeper calls the level is told instead.
  private func append(guides level: Int, to bytes: inout [UInt8]) {
    let most = (layout.columns - columns - 30) / 2
    for _ in 0..<max(0, min(level, most)) { bytes.append(contentsOf: guide) }
    if level > most { bytes.append(contentsOf: "[\(level + 1)] ".utf8) }
  }
}
