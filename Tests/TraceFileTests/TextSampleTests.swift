import CallTrees
import Corruption
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
    // Some samples have few calls.
    let lines = bytes.count { $0 == UInt8(ascii: "\n") }
    #expect(recording.functions.count > min(50, lines / 20))
  }

  /// Pieces of the text, cut and changed; scripts/fuzz sweep takes whole ones.
  @Test(arguments: Sample.all) func cutAndBrokenAnywhere(_ sample: Sample) throws {
    let bytes = try sample.bytes
    var random = Corrupter(seed: 1)
    var findings: [Sweep.Finding] = []
    for round in 0..<(Samples.isThorough ? 200 : 10) {
      let start = round == 0 ? 0 : Int.random(in: 0..<max(bytes.count - 4096, 1), using: &random)
      let piece = Array(bytes[start..<min(start + 4096, bytes.count)])
      var sweep = Sweep(name: "\(sample.testDescription) from \(start)", bytes: piece, seed: UInt64(round))
      sweep.truncate(rounds: 10)
      sweep.corrupt(rounds: 20, isReported: round == 0)
      findings += sweep.count.findings
    }
    #expect(findings.isEmpty, "\(findings)")
  }
}
