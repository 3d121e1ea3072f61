import KVMStages

/// Finding a stage by what a person types.
public enum StagesSearch {
  /// The stages with the id or section number `text`.
  public static func find(_ text: String) -> [Stage] {
    if let stage = Catalogue.stage(text) { return [stage] }
    return Catalogue.stages.filter { $0.section == text }
  }

  /// Ids that may have been meant: near misses, stages that have `text` in their id or title, and stages of a function of that name.
  public static func suggestions(for text: String, limit: Int = 4) -> [String] {
    let wanted = words(text)
    var ranked: [(distance: Int, id: String)] = []
    for stage in Catalogue.stages {
      if let distance = distance(from: stage, to: wanted) { ranked.append((distance, stage.id)) }
    }
    // Swift's sort is stable: equal distances keep the order of the documentation.
    return ranked.sorted { $0.distance < $1.distance }.prefix(limit).map(\.id)
  }

  /// Lower case, with underscores between the words, as ids are written.
  private static func words(_ text: String) -> String {
    String(text.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
  }

  private static func distance(from stage: Stage, to text: String) -> Int? {
    if stage.forms.contains(where: { $0.markers.contains { $0.role == .own && $0.function == text } }) { return 0 }
    let edits = editDistance(Array(stage.id.utf8), Array(text.utf8))
    if edits <= max(2, text.utf8.count / 4) { return edits }
    if text.utf8.count >= 3, stage.id.contains(text) || words(stage.title).contains(text) { return 10 }
    if stage.forms.contains(where: { $0.markers.contains { $0.function == text } }) { return 20 }
    return nil
  }

  /// The number of characters to insert, delete or replace to turn one text into the other.
  public static func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (i, byte) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, candidate) in other.enumerated() {
        let replaced = diagonal + (byte == candidate ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[other.count]
  }
}
