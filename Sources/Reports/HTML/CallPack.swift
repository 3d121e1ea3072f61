import CallTrees
import KVMStages

/// The calls of a run as columns, and the tables that they point into: what `web/data.js` unpacks.
struct CallPack {
  /// One per kind of fact; facts that few calls have are stored with their places.
  enum Column: Int, CaseIterable {
    case level, function, start, duration, flags, result, cpu, fold, stage, path, noise
  }

  private(set) var columns = Array(repeating: ByteColumn(), count: Column.allCases.count)
  private(set) var lanes: [(name: String, items: Int)] = []
  /// By number; 0 stands for a fold.
  private(set) var functions: [FunctionID] = []
  private(set) var results: [ReturnValue] = []
  private(set) var foldLabels: [String] = []
  private(set) var count = 0

  private let recording: Recording
  private let selection: CallSelection
  private let stageNumbers: [String: Int]
  private var numbers: [UInt32: Int] = [:]
  private var resultNumbers: [String: Int] = [:]
  private var labelNumbers: [String: Int] = [:]
  private var lastStart: UInt64
  private var lastCPU: UInt16?
  private static let unnumbered = 0

  /// - Parameters:
  ///   - stages: ids by number.
  ///   - path: rows of the first lane, from the root to the failing call.
  init(_ recording: Recording, _ selection: CallSelection, stages: [String], path: [Int], glyphs: Glyphs) {
    self.recording = recording
    self.selection = selection
    stageNumbers = Dictionary(stages.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    lastStart = selection.lanes.first?.section.origin ?? 0
    numberFunctions()
    for (index, lane) in selection.lanes.enumerated() {
      add(
        lane, path: index == 0 ? Set(path) : [],
        folds: CallFolds(lane.section, of: recording, glyphs: glyphs, maxDepth: selection.maxDepth).folds)
    }
  }

  /// The functions that are called most have the smallest numbers.
  private mutating func numberFunctions() {
    var calls: [UInt32: Int] = [:]
    for lane in selection.lanes {
      for item in lane.items where !item.isFold { calls[lane.section.task.tree.calls[item.row].function.index, default: 0] += 1 }
    }
    let sorted = calls.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    functions = sorted.map { FunctionID(index: $0.key) }
    for (number, function) in functions.enumerated() { numbers[function.index] = number + 1 }
  }

  // MARK: rows

  private mutating func add(_ lane: CallSelection.Lane, path: Set<Int>, folds: [CallFolds.Fold]) {
    let first = count
    var level = -1
    for item in lane.items {
      append(level + 1 - item.level, to: .level)
      level = item.level
      if item.isFold { add(fold: item, lane.section.task.tree) } else { add(call: item, lane, isOnPath: path.contains(item.row)) }
      count += 1
    }
    lanes.append((lane.section.heading, lane.items.count))
    for fold in folds { add(fold, lane.items, first: first) }
  }

  private mutating func add(call item: CallSelection.Item, _ lane: CallSelection.Lane, isOnPath: Bool) {
    let tree = lane.section.task.tree
    let call = tree.calls[item.row]
    append(numbers[call.function.index] ?? Self.unnumbered, to: .function)
    add(start: call.knownStart)
    columns[Column.duration.rawValue].append(call.measuredDuration.map { $0 &+ 1 } ?? 0)
    if !call.flags.isEmpty { add(.flags, UInt64(call.flags.rawValue)) }
    if let value = tree.returnValues[UInt32(truncatingIfNeeded: item.row)] { add(.result, UInt64(number(of: ReturnValue(value)))) }
    if tree.cpus.indices.contains(item.row), tree.cpus[item.row] != lastCPU {
      lastCPU = tree.cpus[item.row]
      add(.cpu, UInt64(tree.cpus[item.row]))
    }
    for mark in lane.section.marks(in: item.row..<item.row + 1) {
      if let stage = stageNumbers[mark.stage.stage.id] { add(.stage, UInt64(stage)) }
    }
    if isOnPath { columns[Column.path.rawValue].append(place: count) }
  }

  /// Of the calls that a fold stands for, only their sum is told, and how many of them are not measured.
  private mutating func add(fold item: CallSelection.Item, _ tree: CallTree) {
    var time = TimeSum()
    var row = item.row
    while row < item.end {
      time.add(tree.calls[row].measuredDuration)
      row = tree.subtree(of: row).upperBound
    }
    append(Self.unnumbered, to: .function)
    add(start: tree.calls[item.row].knownStart)
    columns[Column.duration.rawValue].append(time.measured > 0 ? time.nanoseconds &+ 1 : 0)
    add(.fold, UInt64(item.folded))
    append(time.unmeasured, to: .fold)
  }

  private mutating func add(start: UInt64?) {
    guard recording.hasTimes else { return }
    let start = start ?? lastStart
    columns[Column.start.rawValue].append(signed: Int64(bitPattern: start &- lastStart))
    lastStart = start
  }

  /// A fact of this item in a column that few items have a place in.
  private mutating func add(_ column: Column, _ value: UInt64) {
    columns[column.rawValue].append(place: count)
    columns[column.rawValue].append(value)
  }

  private mutating func append(_ value: Int, to column: Column) { columns[column.rawValue].append(value) }

  // MARK: tables

  private mutating func number(of result: ReturnValue) -> Int {
    if let number = resultNumbers[result.text] { return number }
    results.append(result)
    resultNumbers[result.text] = results.count - 1
    return results.count - 1
  }

  /// A fold of the tree, where the items keep its bounds.
  private mutating func add(_ fold: CallFolds.Fold, _ items: [CallSelection.Item], first: Int) {
    let low = items.partitionPoint { $0.row >= fold.rows.lowerBound }
    let high = items.partitionPoint { $0.row >= fold.rows.upperBound }
    guard low < high, items[low].row == fold.rows.lowerBound, items[high - 1].end <= fold.rows.upperBound else { return }
    let number = labelNumbers[fold.label] ?? foldLabels.count
    if number == foldLabels.count {
      foldLabels.append(fold.label)
      labelNumbers[fold.label] = number
    }
    columns[Column.noise.rawValue].append(place: first + low)
    append(high - low, to: .noise)
    append(number, to: .noise)
  }
}
