import Corruption
import Foundation

/// Truncates and corrupts every trace that is named, and reads each copy. scripts/fuzz runs it.
///
///     TraceSweep PROGRESS FOUND TRUNCATIONS CORRUPTIONS FILE…
///
/// PROGRESS is a file that names the copy under way, FOUND a directory for the copies that were not answered as they must be. Of each file
/// there are TRUNCATIONS copies besides those at its sections' borders; CORRUPTIONS are shared by all. A file larger than 200,000 bytes
/// takes a tenth of the part of a smaller one.
@main enum TraceSweep {
  private static let largeSize = 200_000

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 5, let truncations = Int(arguments[3]), let corruptions = Int(arguments[4]) else {
      FileHandle.standardError.write(Data("usage: TraceSweep PROGRESS FOUND TRUNCATIONS CORRUPTIONS FILE...\n".utf8))
      exit(64)
    }
    let progress = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let files = try arguments[5...].map { (name: name($0), bytes: [UInt8](try Data(contentsOf: URL(filePath: $0)))) }
    let shares = files.map { $0.bytes.count > largeSize ? 1 : 10 }
    let total = shares.reduce(0, +)
    var sum = Sweep.Count()
    for (index, (file, share)) in zip(files, shares).enumerated() {
      var sweep = Sweep(name: file.name, bytes: file.bytes, seed: UInt64(index)) { title in
        let line = title.padding(toLength: 120, withPad: " ", startingAt: 0) + "\n"
        _ = line.withCString { pwrite(progress, $0, strlen($0), 0) }
      }
      sweep.truncateAtBorders()
      sweep.truncate(rounds: truncations)
      sweep.corrupt(rounds: (corruptions * share + total - 1) / total, isReported: true)
      print("\(file.name): \(sweep.count.truncations) truncations, \(sweep.count.corruptions) corruptions, slowest \(sweep.count.slowest)")
      for (number, finding) in sweep.count.findings.enumerated() {
        print("  FOUND \(finding)")
        try Data(finding.bytes).write(to: URL(filePath: "\(arguments[2])/\(file.name)-\(number)"))
      }
      sum.truncations += sweep.count.truncations
      sum.corruptions += sweep.count.corruptions
      sum.slowest = max(sum.slowest, sweep.count.slowest)
      sum.findings += sweep.count.findings
    }
    print(
      "\(files.count) files, \(sum.truncations) truncations, \(sum.corruptions) corruptions, slowest \(sum.slowest), "
        + "\(sum.findings.count) findings")
    exit(sum.findings.isEmpty ? 0 : 1)
  }

  /// `6.12-kvm_amd` of `SampleTraces/6.12-kvm_amd/trace.dat`, or the file's own name.
  private static func name(_ path: String) -> String {
    let url = URL(filePath: path)
    return url.lastPathComponent.hasPrefix("trace.") ? url.deletingLastPathComponent().lastPathComponent : url.lastPathComponent
  }
}
