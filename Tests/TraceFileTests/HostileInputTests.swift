import CallTrees
import Corruption
import Foundation
import Testing

@testable import TraceFile

/// No bytes may crash the reader, and none that are missing may go unnoticed.
@Suite struct HostileInputTests {
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

  /// scripts/fuzz sweep takes more lengths.
  @Test(arguments: Samples.recordings)
  func noMissingByteOfASampleGoesUnnoticed(path: String) throws {
    var sweep = Sweep(name: path, bytes: try Samples.bytes(path), seed: 1)
    sweep.truncateAtBorders()
    sweep.truncate(rounds: Samples.isThorough ? 200 : 2)
    #expect(sweep.count.findings.isEmpty, "\(sweep.count.findings)")
  }

  @Test(arguments: [DatWriter.Version.v6, .v7], [Compression.none, .zstd])
  func corruptedBytesDoNotCrash(version: DatWriter.Version, compression: Compression) {
    let (bytes, _) = DatReaderTests.writer(version, compression).file()
    var sweep = Sweep(name: "\(version) \(compression)", bytes: bytes, seed: 3)
    sweep.corrupt(rounds: Samples.isThorough ? 20_000 : 100, isReported: Samples.isThorough)
    #expect(sweep.count.findings.isEmpty, "\(sweep.count.findings)")
  }

  @Test(arguments: Samples.recordings)
  func corruptedSamplesDoNotCrash(path: String) throws {
    var sweep = Sweep(name: path, bytes: try Samples.bytes(path), seed: 2)
    sweep.corrupt(rounds: Samples.isThorough ? 500 : 1, isReported: false)
    #expect(sweep.count.findings.isEmpty, "\(sweep.count.findings)")
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
