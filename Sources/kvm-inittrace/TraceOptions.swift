import ArgumentParser
import CallTrees
import KVMStages
import TraceFile

/// Options of every command that reads a trace.
struct TraceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Trace files: trace-cmd .dat, tracefs text, trace-cmd report text; - is standard input.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  @Option(
    name: [.customShort("i"), .long], help: ArgumentHelp("Another way to name a trace, as in trace-cmd.", valueName: "file"),
    completion: .file())
  var input: [String] = []

  @Option(help: ArgumentHelp("Kernel of a text trace, which names none, such as 6.12.", valueName: "version"), completion: .kernels)
  var kernel: String?

  @Option(help: "Vendor of a failed load whose names are gone: intel, amd, arm64 or riscv.", completion: .vendors)
  var vendor: String?

  @Option(help: ArgumentHelp("Names for addresses: a copy of /proc/kallsyms.", valueName: "file"), completion: .file())
  var kallsyms: String?

  @Option(help: ArgumentHelp("Names for addresses: a System.map of the recorded kernel.", valueName: "file"), completion: .file())
  var systemMap: String?

  @OptionGroup var modules: ModuleOptions

  func validate() throws {
    if files.isEmpty && input.isEmpty { throw ValidationError("Name a trace file, or - for standard input.") }
    if paths.count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input can be one of the traces only.") }
    try Self.check(kernel: kernel)
    if let vendor, Vendor(rawValue: vendor) == nil {
      throw ValidationError("'\(vendor)' is no vendor: intel, amd, arm64 or riscv.")
    }
  }

  /// - Throws: `ValidationError` for an option that names no kernel version.
  static func check(kernel: String?) throws {
    guard let kernel, KernelVersion(release: kernel) == nil else { return }
    throw ValidationError("'\(kernel)' is no kernel version: write it as 6.12 or 6.1.20.")
  }

  var paths: [String] { files + input }

  /// What is read, the traces by `paths`: no output may replace it.
  func roles(of paths: [String]) -> FileRoles {
    var roles = FileRoles()
    roles.reads(paths, as: "the trace")
    roles.reads([kallsyms, systemMap].compactMap(\.self), as: "the file of symbols")
    roles.reads(modules.moduleFile, as: "the module")
    return roles
  }

  var hints: AnalysisHints {
    AnalysisHints(kernel: kernel.flatMap { KernelVersion(release: $0) }, vendor: vendor.flatMap(Vendor.init(rawValue:)))
  }

  /// - Throws: `CommandFailure` when a module's file cannot be read.
  func readOptions() throws(CommandFailure) -> ReadOptions {
    var options = ReadOptions(kallsyms: kallsyms, systemMap: systemMap)
    options.kernel = kernel
    options.modules = try modules.set()
    return options
  }

  /// Reads one trace, and marks the names that its calls contradict.
  ///
  /// - Throws: `CommandFailure` when it cannot be read.
  static func read(_ path: String, _ options: ReadOptions = ReadOptions()) throws(CommandFailure) -> Recording {
    var recording: Recording
    do {
      recording = try TraceReader.read(path: path, options: options)
    } catch {
      throw CommandFailure(error)
    }
    NameChecks.apply(to: &recording)
    return recording
  }

  /// Reads each trace and lets `body` write what is to be said of it.
  ///
  /// A trace that cannot be read is reported, and the others are still written; when none could be read, an output file stays as it was.
  /// - Parameters:
  ///   - body: gives the exit status of one trace; damage makes it 65.
  ///   - finish: writes what comes after the last trace.
  /// - Throws: `ExitCode` with the worst of the traces' statuses.
  func write(
    to output: OutputOptions, _ body: (Recording, String, inout OutputStream) throws -> Int32,
    finish: (inout OutputStream) -> Void = { _ in }
  ) throws {
    var status = ExitStatus()
    try output.write { out in
      status = try readEach { try body($0, $1, &out) }
      finish(&out)
    }
    try status.exit()
  }

  /// Reads each trace for `body`, with the same rules.
  ///
  /// - Returns: the worst of the traces' statuses.
  /// - Throws: `ExitCode` with it when no trace could be read.
  func readEach(_ body: (Recording, String) throws -> Int32) throws -> ExitStatus {
    var status = ExitStatus()
    var isDone = false
    let options = try readOptions()
    for path in paths {
      do {
        let recording = try Self.read(path, options)
        let code = try body(recording, path)
        status.add(recording.damage.isEmpty ? code : 65)
        isDone = true
      } catch let failure as CommandFailure {
        failure.report()
        status.add(failure.exitCode)
      }
    }
    if !isDone { try status.exit() }
    return status
  }
}
