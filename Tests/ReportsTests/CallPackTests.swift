import CCompression
import CallTrees
import KVMStages
import Testing

@testable import Reports

/// The calls as columns: what is packed is what was recorded.
struct CallPackTests {
  private let glyphs = Glyphs(unicode: true)

  private func sections(_ recording: Recording, _ analysis: Analysis) -> [TreeSection] {
    TreeSections(recording, analysis.runs, stageID: nil)[0]
  }

  private func pack(budget: Int = 1000, _ recording: Recording = Sample.loaded, _ analysis: Analysis = Sample.loadedAnalysis) -> CallPack {
    let sections = sections(recording, analysis)
    let path = analysis.runs[0].failure?.path.map(\.row) ?? []
    let selection = CallSelection(sections, kept: path, budget: budget, maxDepth: nil, minDuration: nil)
    return CallPack(recording, selection, stages: analysis.runs[0].stages.map(\.stage.id), path: path, glyphs: glyphs)
  }

  @Test func numbersComeBack() {
    var column = ByteColumn()
    let numbers: [UInt64] = [0, 1, 127, 128, 16_383, 16_384, 1 << 53, .max]
    for number in numbers { column.append(number) }
    var bytes = column.bytes[...]
    #expect(numbers.map { _ in Self.next(&bytes) } == numbers)
    #expect(bytes.isEmpty)
    var signed = ByteColumn()
    for number in [0, -1, 1, -300, .min, .max] as [Int64] { signed.append(signed: number) }
    var rest = signed.bytes[...]
    #expect((0..<6).map { _ in Self.signed(Self.next(&rest)) } == [0, -1, 1, -300, .min, .max])
  }

  @Test func everyCallIsThere() {
    let pack = pack()
    let trees = sections(Sample.loaded, Sample.loadedAnalysis).map(\.task.tree)
    #expect(pack.lanes.map(\.items) == trees.map(\.calls.count))
    var functions = pack.columns[CallPack.Column.function.rawValue].bytes[...]
    var durations = pack.columns[CallPack.Column.duration.rawValue].bytes[...]
    var starts = pack.columns[CallPack.Column.start.rawValue].bytes[...]
    var levels = pack.columns[CallPack.Column.level.rawValue].bytes[...]
    var start = Sample.loadedAnalysis.runs[0].startNS ?? 0
    for tree in trees {
      var level = -1
      for call in tree.calls {
        level += 1 - Int(Self.next(&levels))
        #expect(level == Int(call.depth))
        #expect(pack.functions[Int(Self.next(&functions)) - 1] == call.function)
        #expect(Self.next(&durations) == call.measuredDuration.map { $0 + 1 } ?? 0)
        start = UInt64(Int64(start) + Self.signed(Self.next(&starts)))
        #expect(start == call.start)
      }
    }
  }

  @Test func whatIsFoldedIsSaid() {
    let pack = pack()
    #expect(pack.foldLabels.contains("… interrupts, 2 calls"))
    #expect(pack.foldLabels.contains("debugfs_create_file ×4"))
    #expect(pack.foldLabels.contains("… 3 locks, allocations and the like"))
  }

  /// Neighbours that are short become one item with their number; stages and the failing call stay.
  @Test func aLargeTreeIsFolded() throws {
    let sections = sections(Sample.loaded, Sample.loadedAnalysis)
    let selection = CallSelection(sections, kept: [], budget: 14, maxDepth: nil, minDuration: nil)
    #expect(selection.shortest == 10_000)
    let items = selection.lanes.flatMap(\.items)
    #expect(items.count <= 14)
    let folded = items.filter(\.isFold).reduce(0) { $0 + $1.folded }
    #expect(folded + items.count { !$0.isFold } == sections.reduce(0) { $0 + $1.task.tree.calls.count })
    let stages = Sample.loadedAnalysis.runs[0].stages.flatMap(\.rows)
    let shown = Set(selection.lanes[0].items.filter { !$0.isFold }.map(\.row))
    #expect(stages.allSatisfy(shown.contains))
  }

  @Test func noBudgetIsTooSmall() {
    let sections = sections(Sample.failed, Sample.failedAnalysis)
    let selection = CallSelection(sections, kept: [3], budget: 1, maxDepth: nil, minDuration: nil)
    #expect(selection.shortest == .max)
    #expect(selection.lanes[0].items.contains { $0.row == 3 && !$0.isFold })
  }

  @Test func depthIsCutAndCounted() {
    let sections = sections(Sample.failed, Sample.failedAnalysis)
    let selection = CallSelection(sections, kept: [], budget: 100, maxDepth: 2, minDuration: nil)
    #expect(selection.lanes[0].items.map(\.level) == [0, 1, 2])
    #expect(selection.tooDeep == sections[0].task.tree.calls.count - 3)
  }

  @Test func packedBytesComeBack() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
    let packed = try #require(PackedBytes.deflated(bytes))
    #expect(try Self.inflated(packed, size: bytes.count) == bytes)
    #expect(try Self.inflated(try #require(PackedBytes.deflated([])), size: 0) == [])
    let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map { PackedBytes.base64(Array($0.utf8)) }
    #expect(texts == ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"])
  }

  // MARK: reading

  private static func next(_ bytes: inout ArraySlice<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = bytes.popFirst() {
      value |= UInt64(byte & 127) << shift
      shift += 7
      if byte < 128 { break }
    }
    return value
  }

  private static func signed(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }

  private static func inflated(_ packed: [UInt8], size: Int) throws -> [UInt8] {
    var stream = z_stream()
    try #require(inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { inflateEnd(&stream) }
    var packed = packed
    var bytes = [UInt8](repeating: 0, count: size + 1)
    let code = packed.withUnsafeMutableBufferPointer { input in
      bytes.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    try #require(code == Z_STREAM_END)
    return Array(bytes.prefix(Int(stream.total_out)))
  }
}
