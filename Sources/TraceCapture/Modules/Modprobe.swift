/// The system's program that loads modules, as the recorder runs it.
struct Modprobe {
  var program: String
  /// The recorder's lock: nobody undoes what a killed recorder did while its modprobe is still at work.
  var lock: RunLock?
  /// Nanoseconds that one run may take.
  var limit: UInt64

  /// - Parameter timeout: of the recording. A load by itself needs up to half a minute on slow machines, and two minutes on none.
  init(program: String, lock: RunLock? = nil, timeout: UInt64? = nil) {
    (self.program, self.lock) = (program, lock)
    limit = timeout.map { max($0, 30_000_000_000) } ?? 120_000_000_000
  }

  /// Loads a module with these parameters, and what it needs.
  func load(_ arguments: [String]) throws(CaptureError) {
    let run = try HelperProgram.run([program, "--"] + arguments, lock: lock, limit: limit)
    guard run.status != 0 else { return }
    throw CaptureError(
      .unavailable, "modprobe \(arguments.joined(separator: " ")) failed: \(run.output.isEmpty ? "exit code \(run.status)" : run.output)",
      remedy: "see the kernel log (dmesg); kvm-inittrace doctor checks the machine")
  }
}
