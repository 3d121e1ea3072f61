import CallTrees
import Foundation
import Testing

@testable import TraceFile

/// No bytes may crash the reader, and none that are missing may go unnoticed.
@Suite struct HostileInputTests {
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  /// Whether a file ends in an error, or in a recording that says that it is damaged.
  private func isNoticed(_ bytes: ArraySlice<UInt8>) -> Bool {
    do {
      return try !TraceReader.read(Array(bytes)).damage.isEmpty
    } catch {
      return !"\(error)".isEmpty
    }
  }

  @Test(arguments: [DatWriter.Version.v6, .v7], [Compression.none, .zlib, .zstd])
  func noMissingByteGoesUnnoticed(version: DatWriter.Version, compression: Compression) {
    let (bytes, borders) = DatReaderTests.writer(version, compression).file()
    let lengths = Set(borders + Array(stride(from: 0, to: bytes.count, by: bytes.count > 6000 ? 7 : 1)) + [bytes.count - 1])
    for length in lengths where length < bytes.count {
      #expect(isNoticed(bytes[..<length]), "\(length) of \(bytes.count) bytes")
    }
  }

  @Test(arguments: Samples.recordings)
  func noMissingByteOfASampleGoesUnnoticed(path: String) throws {
    let bytes = try Samples.bytes(path)
    var random = Random(state: UInt64(bytes.count))
    for _ in 0..<(Samples.isThorough ? 200 : 12) {
      let length = Int.random(in: 0..<bytes.count, using: &random)
      #expect(isNoticed(bytes[..<length]), "\(length) of \(bytes.count) bytes")
    }
    for border in Self.borders(bytes) where border < bytes.count {
      #expect(isNoticed(bytes[..<border]), "\(border) of \(bytes.count) bytes")
    }
  }

  /// Where the sections of a little-endian version 7 file begin.
  private static func borders(_ bytes: [UInt8]) -> [Int] {
    func number(_ at: Int) -> Int { (0..<8).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    guard bytes.count > 18, bytes[10] == UInt8(ascii: "7") else { return [] }
    var at = 18
    for _ in 0..<2 { at = (bytes[at...].firstIndex(of: 0) ?? at) + 1 }
    at += 8
    var borders: [Int] = []
    while at + 16 <= bytes.count {
      borders.append(at)
      at += 16 + number(at + 8)
    }
    return borders
  }

  @Test(arguments: [DatWriter.Version.v6, .v7], [Compression.none, .zstd])
  func corruptedBytesDoNotCrash(version: DatWriter.Version, compression: Compression) {
    let (bytes, _) = DatReaderTests.writer(version, compression).file()
    corrupt(bytes, rounds: Samples.isThorough ? 20_000 : 500)
  }

  @Test(arguments: Samples.recordings)
  func corruptedSamplesDoNotCrash(path: String) throws {
    corrupt(try Samples.bytes(path), rounds: Samples.isThorough ? 500 : 3)
  }

  /// Reads copies of a file in which some bytes were changed: single bits, bytes, and words with telling values.
  private func corrupt(_ bytes: [UInt8], rounds: Int) {
    var random = Random(state: 4711)
    let words: [[UInt8]] = [[0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0x80], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0x7f], [1, 0, 0, 0]]
    for _ in 0..<rounds {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let at = Int.random(in: 10..<changed.count, using: &random)
        switch UInt8.random(in: 0...2, using: &random) {
        case 0: changed[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 1: changed[at] = UInt8.random(in: 0...255, using: &random)
        default:
          let word = words[Int.random(in: 0..<words.count, using: &random)]
          for (index, byte) in word.enumerated() where at + index < changed.count { changed[at + index] = byte }
        }
      }
      _ = isNoticed(changed[...])
    }
  }

  @Test func wrongFilesAreNamed() {
    let cases: [(bytes: [UInt8], kind: TraceReadError.Kind, code: Int32)] = [
      ([], .empty, 65), (Array("PERFILE2xxxxx".utf8), .notATrace(.perfData), 65), ([0x7f] + Array("ELF".utf8), .notATrace(.elf), 65),
      ([1, 2, 0, 3], .notATrace(.binary), 65), ([0x17, 8], .cutOff, 65),
      (FileKind.traceCmdMagic + DatWriter.string("9"), .unsupportedVersion("9"), 65),
    ]
    for (bytes, kind, code) in cases {
      #expect { try TraceReader.read(bytes) } throws: { error in
        let error = error as? TraceReadError
        return error?.kind == kind && error?.exitCode == code && "\(error.map(\.description) ?? "")".contains(";")
      }
    }
    #expect(throws: TraceReadError(.cannotOpen(errno: ENOENT), path: "/nowhere")) { try TraceReader.read(path: "/nowhere") }
    #expect(throws: TraceReadError(.isDirectory, path: "/")) { try TraceReader.read(path: "/") }
    #expect(TraceReadError(.cannotOpen(errno: EACCES), path: "x").exitCode == 77)
    #expect(TraceReadError(.isDirectory, path: "x").exitCode == 66)
  }
}
