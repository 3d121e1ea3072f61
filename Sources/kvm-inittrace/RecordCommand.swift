import ArgumentParser
import Glibc
import KVMStages
import Reports
import Safeguards
import ToolVersion
import TraceCapture

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Loads a KVM module and records what every step of its init does, then says how it ended.",
    discussion: """
      The module is that of the CPU (kvm_intel or kvm_amd). It is unloaded first if
      it is loaded; tracefs and the modules are put back as they were. The file is
      readable for you alone: it tells where the kernel lies in memory.

      EXAMPLES
        kvm-inittrace record
            load the module, write kvm-inittrace.dat, print the verdict
        kvm-inittrace record --module kvm_intel --detail stages
            only the steps themselves: least disturbance, true times
        kvm-inittrace record --module-option nested=0 -o nested-off.dat
        kvm-inittrace record --repeat 5
            five loads: kvm-inittrace-1.dat to kvm-inittrace-5.dat
        kvm-inittrace record -- sh -c 'modprobe -r kvm_amd; modprobe kvm_amd'
            whatever a command loads
        kvm-inittrace record --wait --timeout 60s
            the next load by anybody, such as udev
        kvm-inittrace record --extract
            what is in the ring buffer now, after tracing at boot
        kvm-inittrace record --dry-run
            what would be written to tracefs; no root needed

      DETAIL
        full    every function that the load calls, but not below
                arch_static_call_transform (the kernel patches its own text
                there: four of five calls; --leave-out none records them too)
        kvm     functions of kvm and the vendor module, and what they call
        stages  the functions that the steps are known by, and those of the
                vendor module
      """
        + ExitStatus.help([
          0: "the module's init succeeded",
          1: "it failed, or the command did",
          2: "the recording lost events where the answer lies, or nothing was loaded",
          69: "this machine cannot record: the message says why",
          73: "the file cannot be written",
        ]))

  @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var output = "kvm-inittrace.dat"

  @Option(help: ArgumentHelp("The module to load; without it, that of the CPU.", valueName: "name"), completion: .modules)
  var module: String?

  @Option(help: ArgumentHelp("A parameter for the module; can be given several times.", valueName: "name=value"))
  var moduleOption: [String] = []

  @Option(help: "How much is recorded: full, kvm or stages.")
  var detail: RecordingDetail = .full

  @Option(help: ArgumentHelp("Record below this function instead of the module loader; can be given several times.", valueName: "function"))
  var root: [String] = []

  @Option(
    help: ArgumentHelp("Record nothing below this function; none: leave nothing out.", valueName: "function"),
    completion: .list(["none"]))
  var leaveOut: [String] = []

  @Option(name: [.customShort("D"), .long], help: "Levels of the call tree; 0: all.")
  var depth = 0

  @Option(
    name: [.customShort("b"), .long],
    help: ArgumentHelp("Ring buffer for each CPU: 8M, 512K; without it, from memory and detail.", valueName: "size"),
    transform: BufferSize.init)
  var bufferSize: BufferSize?

  @Option(name: [.customShort("C"), .long], help: ArgumentHelp("A clock of trace_clock.", valueName: "name"), completion: .clocks)
  var clock = "global"

  @Option(name: .customLong("repeat"), help: ArgumentHelp("Load and record this many times, each into its own file.", valueName: "n"))
  var repetitions = 1

  @Option(help: ArgumentHelp("End the recording after this time: 90s, 500ms.", valueName: "duration"), transform: TimeLimit.init(argument:))
  var timeout: TimeLimit?

  @Flag(help: "Wait for the next load by anybody.") var wait = false
  @Flag(help: "Take what is in the ring buffer now.") var extract = false
  @Flag(help: "Write version 6, which trace-cmd before 3.0 reads.") var compat = false
  @Flag(help: "Leave the modules as the load left them.") var keepLoaded = false
  @Flag(help: "Record although somebody else traces.") var force = false
  @Flag(help: "Print every write to tracefs, and make none.") var dryRun = false
  @Flag(name: .shortAndLong, help: "Do not print the verdict.") var quiet = false
  @Flag(name: .shortAndLong, help: "Say what is being done.") var verbose = false

  @Option(help: "Use colour; auto: on a terminal, unless NO_COLOR is set.")
  var color: ColorChoice = .auto

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("A command to trace, after --.", valueName: "command"), completion: .file())
  var command: [String] = []

  func validate() throws {
    if wait, extract { throw ValidationError("Choose one of --wait and --extract.") }
    if wait || extract, !command.isEmpty { throw ValidationError("A command is not started with --wait or --extract.") }
    if !command.isEmpty || wait || extract, !moduleOption.isEmpty {
      throw ValidationError("--module-option is for the modprobe that record starts itself: put the parameter into your command.")
    }
    if repetitions != 1, wait || extract || !command.isEmpty { throw ValidationError("--repeat repeats a load by record itself.") }
    if !(1...10_000).contains(repetitions) { throw ValidationError("--repeat takes a number from 1 to 10000.") }
    if depth < 0 { throw ValidationError("A depth is 0 or more.") }
    if output == "-" || output.isEmpty { throw ValidationError("A recording needs a file of its own: name it with -o.") }
    if let module, !Vendor.allCases.contains(where: { $0.module == module }) {
      throw ValidationError("'\(TerminalText.escaped(module))' is no KVM vendor module: kvm_intel or kvm_amd (kvm on other machines).")
    }
    for option in moduleOption where !KernelName.isParameter(option) {
      throw ValidationError("'\(TerminalText.escaped(option))' is no parameter: write it as name=value.")
    }
    for name in root + leaveOut where !KernelName.isFunction(name) {
      throw ValidationError("'\(TerminalText.escaped(name))' is no function name.")
    }
  }

  func run() throws {
    // A closed pipe at the other end must not end the recorder while tracefs is changed.
    signal(SIGPIPE, SIG_IGN)
    let progress = RecordProgress(isVerbose: verbose, isQuiet: quiet)
    let recorder = Recorder(options, trace: progress.step, notify: progress.notice)
    do {
      if dryRun { return try printPlan(recorder) }
      var traces: [RecordedTrace] = []
      var failure: (any Error)?
      do throws(CaptureError) {
        try recorder.run { traces.append($0) }
      } catch {
        failure = CommandFailure(error)
      }
      progress.clear()
      try summarize(traces, after: failure)
    } catch let error as CaptureError {
      throw CommandFailure(error)
    }
  }

  /// Reads the recordings back when all are made: the rights are then given up before the first one is read, and before any thread is
  /// started, each of which has its own.
  private func summarize(_ traces: [RecordedTrace], after failure: (any Error)?) throws {
    var failure = failure
    var status = ExitStatus()
    if !traces.isEmpty {
      var confinement = Confinement()
      confinement.inputs = traces.map(\.path)
      Confinement.enter(confinement)
    }
    for trace in traces {
      do { status.add(try RecordSummary(trace: trace, command: self).write()) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    try status.exit()
  }

  private func printPlan(_ recorder: Recorder) throws {
    let plan = try recorder.plan()
    var text = "# in \(recorder.tracefsPath), put back afterwards:\n"
    for line in plan.shellLines { text += TerminalText.escaped(line) + "\n" }
    if !extract { text += "echo 1 > \(TracefsFile(plan.place, "tracing_on"))\n" }
    if let words = try recorder.plannedCommand() { text += "# " + TerminalText.escaped(words.joined(separator: " ")) + "\n" }
    try OutputOptions.standard.write(text)
  }

  private var options: RecorderOptions {
    var options = RecorderOptions()
    options.request.detail = detail
    options.request.roots = root
    options.request.leftOut = leaveOut.isEmpty ? nil : leaveOut.filter { $0 != "none" }
    options.request.bufferKB = bufferSize?.kilobytes
    options.request.clock = clock
    options.request.depth = depth
    options.request.force = force
    options.trigger =
      extract ? .extract : wait ? .wait : command.isEmpty ? .module(parameters: moduleOption) : .command(command)
    options.module = module
    options.output = output
    options.repetitions = repetitions
    options.timeout = timeout?.nanoseconds
    options.isCompatible = compat
    options.keepsModules = keepLoaded
    options.toolVersion = ToolVersion.number
    return options
  }
}

extension RecordingDetail: ExpressibleByArgument {}
