import KVMStages

/// Colours of a run's stages, the same in timeline, table and tree. Neighbours differ; no meaning is carried by a colour.
struct StageColours {
  /// Colours that the page's style has.
  static let count = 7
  private var byStage: [String: Int] = [:]

  init(_ stages: [StageResult]) {
    var above: [Int] = []
    var previous: Int?
    for result in stages where result.calls > 0 || result.durationNS != nil {
      while above.count > result.level { previous = above.popLast() }
      var colour = byStage.count % Self.count
      while colour == above.last || colour == previous { colour = (colour + 1) % Self.count }
      byStage[result.stage.id] = colour
      // A level that is left out above is filled, so that the depth stays that of the stage.
      while above.count <= result.level { above.append(colour) }
      previous = nil
    }
  }

  /// nil for a stage of which nothing is in the trace.
  subscript(_ stage: Stage) -> Int? { byStage[stage.id] }
}
