import CallTrees

/// What `report --tree` folds of a section, for a page that can do the same: locks, interrupts, repetitions, what runs while the task sleeps.
struct CallFolds {
  struct Fold {
    /// Rows of the tree.
    var rows: Range<Int>
    var label: String
  }

  private(set) var folds: [Fold] = []
  private let section: TreeSection
  private let recording: Recording
  private let glyphs: Glyphs
  private let maxDepth: Int
  private var tree: CallTree { section.task.tree }

  /// - Parameter maxDepth: levels that are looked at.
  init(_ section: TreeSection, of recording: Recording, glyphs: Glyphs, maxDepth: Int?) {
    (self.section, self.recording, self.glyphs, self.maxDepth) = (section, recording, glyphs, maxDepth ?? .max)
    for range in section.ranges { find(in: range) }
  }

  private mutating func find(in range: Range<Int>) {
    let folder = TreeFolder(section: section, functions: recording.functions)
    var ends: [Int] = []
    /// Folds that follow a call shown in full, by their first row.
    var pending: [Int: TreeFold] = [:]
    var row = range.lowerBound
    while row < range.upperBound {
      while let end = ends.last, row >= end { ends.removeLast() }
      let siblingsEnd = ends.last ?? range.upperBound
      if let fold = pending.removeValue(forKey: row) ?? folder.fold(at: row, end: siblingsEnd) {
        if fold.rows.lowerBound == row {
          add(fold)
          row = max(fold.rows.upperBound, row + 1)
          continue
        }
        pending[fold.rows.lowerBound] = fold
      }
      let subtree = tree.subtree(of: row)
      if tree.calls[row].flags.contains(.sleep), subtree.count > 1, section.marks(in: subtree).isEmpty {
        let below = row + 1..<min(subtree.upperBound, siblingsEnd)
        if !below.isEmpty { folds.append(Fold(rows: below, label: TreeWording.asleep(hides: below.count, glyphs: glyphs))) }
        row = max(below.upperBound, row + 1)
        continue
      }
      if ends.count >= maxDepth {
        row = min(subtree.upperBound, siblingsEnd)
      } else {
        ends.append(min(subtree.upperBound, siblingsEnd))
        row += 1
      }
    }
  }

  private mutating func add(_ fold: TreeFold) {
    let name = recording.function(tree.calls[fold.first].function).displayName
    folds.append(Fold(rows: fold.rows, label: TreeWording.text(of: fold, name: name, glyphs: glyphs)))
  }
}
