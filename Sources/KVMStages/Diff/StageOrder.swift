/// The order of the stages on two sides, and which of them changed their place in it.
struct StageOrder {
  /// Every stage of either side.
  let ids: [String]
  /// Stages that run elsewhere among those of the same surrounding stage, each with the one that it changed places with.
  let moved: [String: String]
  private let newRows: [String: Int]

  init(_ before: DiffSide, _ after: DiffSide) {
    let old = Self.places(before)
    let new = Self.places(after)
    newRows = new.compactMapValues(\.row)
    ids = Self.merged(Self.listed(before), Self.listed(after))
    moved = Self.moves(old, new)
  }

  func isAfter(_ one: String, _ other: String) -> Bool { (newRows[one] ?? 0) > (newRows[other] ?? 0) }

  private static func places(_ side: DiffSide) -> [String: RunDigest.Place] {
    side.runs.reduce(into: [:]) { places, run in places.merge(run.places) { first, _ in first } }
  }

  /// Ids in the order of execution; stages that the kernel does not have stand at the end.
  private static func listed(_ side: DiffSide) -> [String] { side.first.run.stages.filter { $0.status != .absent }.map(\.stage.id) }

  private static func merged(_ old: [String], _ new: [String]) -> [String] {
    var ids = new
    let known = Set(new)
    for (index, id) in old.enumerated() where !known.contains(id) {
      let place = old[..<index].last.flatMap { previous in ids.firstIndex(of: previous).map { $0 + 1 } } ?? 0
      ids.insert(id, at: place)
    }
    return ids
  }

  /// Among the stages that have the same surrounding stage on both sides: those that are not in the longest part whose order stayed.
  private static func moves(_ old: [String: RunDigest.Place], _ new: [String: RunDigest.Place]) -> [String: String] {
    var groups: [String: [String]] = [:]
    for (id, place) in old {
      guard let other = new[id], place.row != nil, other.row != nil, place.host == other.host else { continue }
      groups[place.host ?? "", default: []].append(id)
    }
    var moved: [String: String] = [:]
    for group in groups.values where group.count > 1 {
      let wasOrder = sorted(group, by: old)
      let isOrder = sorted(group, by: new)
      let kept = stayed(wasOrder, isOrder)
      let wasPlace = Dictionary(wasOrder.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      for (place, id) in isOrder.enumerated() where !kept.contains(id) {
        // What it passed: the nearest that stayed and that it stood on the other side of.
        let passed = isOrder.indices.filter { other in
          kept.contains(isOrder[other]) && (other < place) != (wasPlace[isOrder[other], default: 0] < wasPlace[id, default: 0])
        }
        moved[id] = passed.min { abs($0 - place) < abs($1 - place) }.map { isOrder[$0] } ?? isOrder.first { $0 != id }
      }
    }
    return moved
  }

  private static func sorted(_ ids: [String], by places: [String: RunDigest.Place]) -> [String] {
    ids.sorted { (places[$0]?.row ?? 0, $0) < (places[$1]?.row ?? 0, $1) }
  }

  /// The ids of a longest part that is in the same order in both lists. Where there are several, the same is taken whichever comes first.
  private static func stayed(_ one: [String], _ other: [String]) -> Set<String> {
    let (first, second) = one.lexicographicallyPrecedes(other) ? (one, other) : (other, one)
    let ranks = Dictionary(first.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let numbers = second.map { ranks[$0] ?? 0 }
    var length = Array(repeating: 1, count: numbers.count)
    var previous = Array(repeating: -1, count: numbers.count)
    for end in numbers.indices {
      for start in 0..<end where numbers[start] < numbers[end] && length[start] + 1 > length[end] {
        (length[end], previous[end]) = (length[start] + 1, start)
      }
    }
    var place = length.indices.max { length[$0] < length[$1] } ?? -1
    var kept: Set<String> = []
    while place >= 0 {
      kept.insert(second[place])
      place = previous[place]
    }
    return kept
  }
}
