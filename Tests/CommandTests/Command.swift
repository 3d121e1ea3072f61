import Foundation

/// The built command, run in a folder of its own.
struct Command {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A small recording of a load that failed, and its bytes.
  static let sample = "\(root)/SampleTraces/6.12-kvm_amd-fail/trace.dat"

  /// The command lies beside the tests.
  private static let tool = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/kvm-inittrace"

  let folder: URL

  /// Makes the folder.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: folder.appending(path: name)) }

  /// Runs the command without an input, with its output in memory.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  func run(_ arguments: [String]) throws -> Outcome { try run(shell: #"exec "$0" "$@""#, arguments: arguments) }

  /// Runs a line of shell in which `"$0"` is the command, and `"$@"` are the arguments.
  func run(shell line: String, arguments: [String] = []) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line, Self.tool] + arguments
    process.currentDirectoryURL = folder
    // A process that has confined itself lets no sanitizer trace it for leaks, nor start a program that names addresses.
    process.environment = [
      "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no", "COLUMNS": "100", "ASAN_OPTIONS": "detect_leaks=0",
      "TSAN_OPTIONS": "symbolize=0",
    ]
    // Files rather than pipes: nothing has to read while the command runs.
    let paths = [folder.appending(path: ".output"), folder.appending(path: ".errors")]
    for path in paths { try Data().write(to: path) }
    let handles = try paths.map { try FileHandle(forWritingTo: $0) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    try process.run()
    process.waitUntilExit()
    let texts = try paths.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    let isSignal = process.terminationReason == .uncaughtSignal
    return Outcome(status: isSignal ? 128 + process.terminationStatus : process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
