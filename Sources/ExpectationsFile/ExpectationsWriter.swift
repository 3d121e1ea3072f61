import KVMStages

/// Writes expectations that were made of traces.
public enum ExpectationsWriter {
  /// The content of an expectations file: the sets of `file` that are not marked `generated`, as they were, then `sets`, marked so.
  ///
  /// - Parameter asJSON: JSON instead of YAML. Neither can keep the comments of `file`.
  public static func text(_ sets: [ExpectationSet], keeping file: ExpectationsFile?, asJSON: Bool) -> String {
    let kept = file?.handWritten ?? []
    let root = DocumentNode.map([
      ("schema", .text(ExpectationsReader.schema)), ("version", .plain("\(ExpectationsReader.version)")),
      ("expect", .list(kept + sets.map(node))),
    ])
    if asJSON { return DocumentWriter.json(root) }
    var writer = DocumentWriter()
    writer.writeYAML(root)
    return Comments.heading + "\n" + writer.text
  }

  private static func node(_ set: ExpectationSet) -> DocumentNode {
    var entries: [(String, DocumentNode)] = []
    if let name = set.name { entries.append(("name", .text(name))) }
    entries.append(("generated", .plain("true")))
    if !set.modules.isEmpty { entries.append(("module", .oneOrMore(set.modules))) }
    if !set.kernels.isEmpty { entries.append(("kernel", .oneOrMore(set.kernels.map(\.description)))) }
    if !set.traces.isEmpty { entries.append(("traces", .list(set.traces.texts.map { .text($0) }))) }
    if !set.verdicts.isEmpty { entries.append(("verdict", .oneOrMore(set.verdicts.map(\.rawValue)))) }
    if let failure = set.failure {
      let parts = [("stage", failure.stage), ("errno", failure.errno), ("function", failure.function?.description)]
      entries.append(("failure", .map(parts.compactMap { key, value in value.map { (key, .text($0)) } })))
    }
    if let limit = set.maxLostEvents { entries.append(("lost_events", .plain("\(limit)"))) }
    if let limit = set.maxDuration { entries.append(("duration", .text(limit.description))) }
    if !set.stages.isEmpty { entries.append(("stages", .map(set.stages.map { ($0.stage, stage($0)) }))) }
    let tolerated = set.toleratedStatuses.map(\.rawValue).sorted() + set.toleratedStages.sorted()
    if !tolerated.isEmpty { entries.append(("tolerate", .oneOrMore(tolerated))) }
    return .map(entries)
  }

  private static func stage(_ stage: StageExpectation) -> DocumentNode {
    let statuses = DocumentNode.oneOrMore(stage.statuses.map(\.rawValue))
    guard let limit = stage.maxDuration else { return statuses }
    return .map([("status", statuses), ("max", .text(limit.description))])
  }
}

extension ExpectationsFile {
  /// The sets that `--update` has not written.
  var handWritten: [DocumentNode] {
    guard case .list(let sets)? = document["expect"]?.content else { return [] }
    return sets.filter { $0["generated"]?.text != "true" }
  }
}
