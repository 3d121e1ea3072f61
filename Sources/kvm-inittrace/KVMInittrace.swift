import ArgumentParser
import Glibc
import Reports
import ToolVersion

@main struct KVMInittrace: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kvm-inittrace",
    abstract: "Tells what every documented step of KVM's initialisation did, how long it took, and why a load failed.",
    discussion: """
      EXAMPLES
        kvm-inittrace record
            load the module, record its init, and say how it ended
        kvm-inittrace report trace.dat
            did the module load, what did each step do, which failed and why
        kvm-inittrace report trace.dat --tree
            and the call tree, with the steps woven in
        kvm-inittrace diff 6.1.dat 6.12.dat
            what changed between two kernels, and since which version
        kvm-inittrace check traces/ --expect expectations.yaml
            for CI: does every trace show what it must
        kvm-inittrace stages --kernel 6.12
            the steps of a kernel, in order
        sudo kvm-inittrace doctor
            can this machine record, and run KVM
      """ + ExitStatus.help(),
    version: ToolVersion.text,
    subcommands: [
      RecordCommand.self, ReportCommand.self, DiffCommand.self, CheckCommand.self, ExportCommand.self, StagesCommand.self,
      DoctorCommand.self,
    ])

  static func main() {
    do {
      var command = try parsed(Array(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch let error as CommandFailure {
      error.report()
      Glibc.exit(error.exitCode)
    } catch {
      exit(reporting: error)
    }
  }

  /// The command that the first argument names is parsed by itself: the library takes twice the time to find it in the tree of commands. What
  /// it does not take, errors and requests for help, is for the whole tree to answer.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    if let name = arguments.first, let command = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
      let parsed = try? command.parseAsRoot(Array(arguments.dropFirst())), type(of: parsed) == command
    {
      return parsed
    }
    return try parseAsRoot(arguments)
  }

  /// Help, version and completions go to standard output; unlike the library, this notices when they cannot be written.
  private static func print(_ text: String) -> Never {
    var out = OutputStream(file: STDOUT_FILENO)
    out.write(text + "\n")
    out.flush()
    guard out.error != 0 else { Glibc.exit(0) }
    let failure = CommandFailure.cannotWrite("-", errno: out.error)
    failure.report()
    Glibc.exit(failure.exitCode)
  }

  /// Help and version go to standard output as they are; errors of the command line get the tool's prefix.
  private static func exit(reporting error: any Error) -> Never {
    let prefix = "Error: "
    let text = fullMessage(for: error)
    guard text.hasPrefix(prefix) else {
      guard exitCode(for: error) == .success, !text.isEmpty else { exit(withError: error) }
      print(text)
    }
    // The text quotes arguments as they came; its own line breaks stay.
    let lines = text.dropFirst(prefix.count).split(separator: "\n", omittingEmptySubsequences: false)
    Diagnostics.write("kvm-inittrace: error: " + lines.map { TerminalText.escaped(String($0)) }.joined(separator: "\n"))
    Glibc.exit(exitCode(for: error).rawValue)
  }
}
