import CallTrees
import Glibc
import Testing

@testable import TraceFile

/// The text traces of real kernels in `SampleTraces`.
@Suite struct TextSampleTests {
  /// A text of the repository, unpacked.
  struct Sample: CustomTestStringConvertible {
    var path: String
    var testDescription: String { path.split(separator: "/").suffix(2).joined(separator: "/") }

    var bytes: [UInt8] {
      get throws {
        let content = try #require(Sample.content(of: path))
        return try content.withUnsafeBytes { bytes in
          guard CompressedInput.format(bytes) != nil else { return content }
          let unpacked = try CompressedInput.decompress(bytes)
          #expect(unpacked.damage == nil)
          return unpacked.bytes
        }
      }
    }

    static let all: [Sample] = {
      let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
      let folders = names(in: root + "/SampleTraces").map { root + "/SampleTraces/" + $0 }
      let paths = folders.flatMap { folder in
        names(in: folder).filter { $0.hasPrefix("trace") && $0.contains(".txt") }.map { folder + "/" + $0 }
      }
      if paths.isEmpty { print("no text traces in \(root)/SampleTraces: the tests of real texts are skipped") }
      return paths.sorted().map(Sample.init(path:))
    }()

    private static func names(in folder: String) -> [String] {
      guard let directory = opendir(folder) else { return [] }
      defer { closedir(directory) }
      var names: [String] = []
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if !name.hasPrefix(".") { names.append(name) }
      }
      return names
    }

    private static func content(of path: String) -> [UInt8]? {
      guard let file = fopen(path, "r") else { return nil }
      defer { fclose(file) }
      var content: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { content.append(contentsOf: chunk[..<count]) }
      return content
    }
  }

  @Test(arguments: Sample.all) func everyLineIsUnderstood(_ sample: Sample) throws {
    let bytes = try sample.bytes
    let recording = try recording(bytes)
    #expect(recording.damage.isEmpty, "\(recording.damage.prefix(3))")
    #expect(!recording.tasks.isEmpty)
    #expect(recording.functions.count > 50)
  }

  @Test(arguments: Sample.all) func cutAnywhere(_ sample: Sample) throws {
    let bytes = try sample.bytes
    var random = SeededRandom(seed: 1)
    for _ in 0..<200 {
      let end = Int.random(in: 0..<min(bytes.count, 1 << 15), using: &random)
      _ = try? recording(Array(bytes[..<end]))
    }
  }

  @Test(arguments: Sample.all) func brokenAnywhere(_ sample: Sample) throws {
    let bytes = try sample.bytes
    var random = SeededRandom(seed: 2)
    for _ in 0..<2000 {
      let start = Int.random(in: 0..<max(bytes.count - 2048, 1), using: &random)
      var broken = Array(bytes[start..<min(start + 2048, bytes.count)])
      for _ in 0..<Int.random(in: 1...20, using: &random) {
        let place = Int.random(in: 0..<broken.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: broken[place] = UInt8.random(in: 0...255, using: &random)
        case 1: broken[place] = [UInt8](" \n{}();|-=>/*[]0x".utf8).randomElement(using: &random) ?? 0
        default: broken.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &random), broken.count))
        }
        if broken.isEmpty { break }
      }
      _ = try? recording(broken)
    }
  }
}

/// The same sequence on every run (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
