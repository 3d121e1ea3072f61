import Foundation
import KVMStages
import Testing

/// What `diff` says of two kernels, against the table of changes in Docs/KernelChanges.md, which was read from the kernels' sources.
@Suite struct KernelChangesTests {
  struct Row {
    var version: KernelVersion
    var vendors: [String]
    var stage: String
    var change: String
    /// Stable releases that the text names.
    var early: [KernelVersion]
  }

  struct Pair: Sendable, CustomStringConvertible {
    var before: String
    var after: String
    var vendor: String
    /// Of the kernels whose sources these are: Debian's file names hide the sublevel of older ones.
    var low: KernelVersion
    var high: KernelVersion

    var description: String { "\(before), \(after)" }
  }

  static let pairs: [Pair] = [
    Pair(before: "5.10-kvm_amd", after: "6.12-kvm_amd", vendor: "AMD", low: KernelVersion(5, 10, 262), high: KernelVersion(6, 12, 117)),
    Pair(before: "6.1-kvm_amd", after: "6.18-kvm_amd", vendor: "AMD", low: KernelVersion(6, 1, 192), high: KernelVersion(6, 18, 15)),
    Pair(before: "6.12-kvm_amd", after: "7.3-kvm_amd", vendor: "AMD", low: KernelVersion(6, 12, 117), high: KernelVersion(7, 3, 4)),
    Pair(
      before: "5.10-kvm_intel", after: "7.3-kvm_intel", vendor: "Intel", low: KernelVersion(5, 10, 262), high: KernelVersion(7, 3, 4)),
  ]

  private static func rows() throws -> [Row] {
    let text = try String(contentsOf: Sample.root.appending(path: "Docs/KernelChanges.md"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 8, let version = KernelVersion(release: cells[1]) else { return nil }
      return Row(
        version: version, vendors: cells[2].components(separatedBy: ", "), stage: cells[3].trimmingCharacters(in: ["`"]), change: cells[4],
        early: cells[5].split(separator: " ").compactMap { KernelVersion(release: $0) }.filter { $0.sublevel > 0 })
    }
  }

  /// The table's rows between two kernels, without those that the older one's stable line got early.
  private static func rows(for pair: Pair) throws -> [Row] {
    let vendor: Vendor = pair.vendor == "AMD" ? .amd : .intel
    return try rows().filter { row in
      guard row.vendors.contains(pair.vendor), row.version > pair.low, row.version <= pair.high else { return false }
      let forms = Catalogue.stage(row.stage)?.forms(for: vendor) ?? []
      let early = forms.map(\.versions).filter { $0.contains(pair.low) }.map(\.since) + row.early
      return !early.contains { $0.sublevel > 0 && ($0.major, $0.minor) == (pair.low.major, pair.low.minor) && $0 <= pair.low }
    }
  }

  @Test func theTableNamesStages() throws {
    let rows = try Self.rows()
    #expect(rows.count > 50)
    for row in rows {
      #expect(Catalogue.stage(row.stage) != nil, "\(row.stage)")
      #expect(["appeared", "gone", "moved", "order", "condition"].contains(row.change), "\(row.change)")
    }
  }

  /// Each change that is printed stands in the table.
  @Test(arguments: pairs) func whatIsSaidIsInTheSources(_ pair: Pair) throws {
    let diff = try #require(SampleDiffs.diff(pair.before, pair.after))
    let rows = try Self.rows().filter { $0.vendors.contains(pair.vendor) && $0.version > pair.low && $0.version <= pair.high }
    let known = Dictionary(grouping: rows, by: \.stage)
    for change in diff.stages where change.isDifference {
      let words: Set<String> =
        switch change.kind {
        case .appeared, .gone: ["appeared", "gone", "condition"]
        case .moved: ["moved", "order"]
        default: []
        }
      let row = known[change.stage.id]?.first { words.contains($0.change) }
      #expect(row != nil, "\(change.stage.id) \(change.kind): \(change.reasons)")
      // The version that is told is the table's.
      let versions = known[change.stage.id]?.map { "\($0.version)" } ?? []
      #expect(
        versions.contains { version in change.reasons.contains { $0.contains(version) } },
        "\(change.stage.id): \(change.reasons), \(versions)")
    }
  }

  /// Each change in the table is printed.
  @Test(arguments: pairs) func nothingThatTheSourcesMovedIsLeftOut(_ pair: Pair) throws {
    let diff = try #require(SampleDiffs.diff(pair.before, pair.after))
    let said = Dictionary(uniqueKeysWithValues: diff.stages.map { ($0.stage.id, $0) })
    for row in try Self.rows(for: pair) {
      guard row.change != "condition" else { continue }
      let change = said[row.stage]
      let both = try Self.rows(for: pair).filter { $0.stage == row.stage && ["appeared", "gone"].contains($0.change) }.map(\.change)
      // In between and gone again, or the other way round.
      if Set(both).count == 2 { continue }
      #expect(change?.isDifference ?? false, "\(row.version) \(row.stage) \(row.change): \(change.map { "\($0.kind)" } ?? "not there")")
    }
  }

  @Test func virtualizationIsEnabledAtLoadSince612() throws {
    let diff = try #require(SampleDiffs.diff("6.1-kvm_amd", "6.12-kvm_amd"))
    let change = try #require(diff.stages.first { $0.stage.id == "virtualization_enable" })
    #expect(change.kind == .appeared && change.reasons == ["new in 6.12"])
    let perCPU = try #require(diff.stages.first { $0.stage.id == "hardware_enable_cpu" })
    #expect(perCPU.kind == .appeared)
  }
}
