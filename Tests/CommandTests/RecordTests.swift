import Foundation
import Testing

/// `record` where it changes nothing: its help, wrong uses, the plan, and machines that cannot record.
@Suite struct RecordTests {
  private func run(_ arguments: [String]) throws -> Command.Outcome {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(["record"] + arguments)
    let left = try FileManager.default.contentsOfDirectory(atPath: command.folder.path)
    #expect(left.sorted() == [".errors", ".output"])
    return outcome
  }

  @Test func theHelpBeginsWithOneSentence() throws {
    let outcome = try run(["--help"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let first = outcome.output.prefix(while: { $0 != "\n" })
    #expect(first == "OVERVIEW: Loads a KVM module and records what every step of its init does, then says how it ended.")
    #expect(outcome.output.contains("EXAMPLES") && outcome.output.contains("kvm-inittrace record --repeat 5"))
  }

  private static let wrong: [(arguments: [String], message: String)] = [
    (["--wait", "--extract"], "Choose one of --wait and --extract."),
    (["--wait", "--", "true"], "A command is not started with --wait or --extract."),
    (["--extract", "--", "true"], "A command is not started with --wait or --extract."),
    (["--module-option", "nested=0", "--wait"], "--module-option is for the modprobe that record starts itself"),
    (["--module-option", "nested=0", "--", "true"], "--module-option is for the modprobe that record starts itself"),
    (["--repeat", "2", "--wait"], "--repeat repeats a load by record itself."),
    (["--repeat", "2", "--", "true"], "--repeat repeats a load by record itself."),
    (["--repeat", "0"], "--repeat takes a number from 1 to 10000."), (["--repeat", "10001"], "--repeat takes a number from 1 to 10000."),
    (["--repeat", "x"], "'x'"), (["--depth=-1"], "A depth is 0 or more."), (["--depth", "x"], "'x'"),
    (["-o", "-"], "A recording needs a file of its own: name it with -o."), (["-o", ""], "A recording needs a file of its own"),
    (["--module", "ext4"], "'ext4' is no KVM vendor module: kvm_intel or kvm_amd"), (["--module", ""], "'' is no KVM vendor module"),
    (["--module-option", "nested"], "'nested' is no parameter: write it as name=value."),
    (["--module-option", "=1"], "'=1' is no parameter"), (["--module-option", "a=1 b=2"], "'a=1 b=2' is no parameter"),
    (["--module-option=-C=/tmp"], "'-C=/tmp' is no parameter"), (["--module-option", "a=1\n-r"], #"'a=1\n-r' is no parameter"#),
    (["--module-option", "/x=1"], "'/x=1' is no parameter"), (["--module=-r"], "'-r' is no KVM vendor module"),
    (["--module", "kvm_intel; rm"], "'kvm_intel; rm' is no KVM vendor module"),
    (["--root", "a b"], "'a b' is no function name."), (["--root", ""], "'' is no function name."),
    (["--root", "*"], "'*' is no function name."), (["--root", "vfs\nread"], #"'vfs\nread' is no function name."#),
    (["--leave-out", "a;b"], "'a;b' is no function name."), (["--root", "ü"], "is no function name."),
    (["-b", "foo"], "'foo' is no buffer size: write it as 8M or 512K, for each CPU."), (["-b", "0"], "'0' is no buffer size"),
    (["--buffer-size=-1M"], "'-1M' is no buffer size"), (["-b", "8MB"], "'8MB' is no buffer size"),
    (["-b", "99999999999G"], "no buffer size"),
    (["-b", "M"], "'M' is no buffer size"), (["-b", ""], "'' is no buffer size"), (["-b", "1.5M"], "'1.5M' is no buffer size"),
    (["--timeout", "5"], "'5' is no duration: write a number with its unit"), (["--timeout", "x"], "'x' is no duration"),
    (["--detail", "all"], "'all'"), (["--color", "x"], "'x'"), (["modprobe", "kvm"], "unexpected arguments: 'modprobe', 'kvm'"),
    (["--bogus"], "--bogus"),
  ]

  @Test(arguments: wrong.indices) func wrongUses(_ index: Int) throws {
    let (arguments, message) = Self.wrong[index]
    let outcome = try run(arguments)
    #expect(outcome.status == 64, "\(arguments)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("kvm-inittrace: error: ") && outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
    #expect(!outcome.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  // MARK: the plan

  private func plan(_ arguments: String...) throws -> [String] {
    let outcome = try run(["--dry-run"] + arguments)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test func thePlanIsPrinted() throws {
    let lines = try plan("--module", "kvm_amd", "--module-option", "nested=0", "--module-option", "npt=1")
    #expect(lines.first?.hasPrefix("# in /") == true && lines.first?.hasSuffix(", put back afterwards:") == true)
    #expect(lines.last?.hasPrefix("# ") == true && lines.last?.hasSuffix("modprobe -- kvm_amd nested=0 npt=1") == true)
    #expect(lines.contains("echo 'do_init_module' > set_graph_function"))
    #expect(lines.contains { $0.hasPrefix("echo 'function_graph' > ") && $0.hasSuffix("current_tracer") })
    // Tracing is switched on when all else is ready.
    #expect(lines.dropLast().last?.hasPrefix("echo 1 > ") == true && lines.dropLast().last?.hasSuffix("tracing_on") == true)
    #expect(lines.allSatisfy { line in ["# ", "echo ", "mkdir "].contains { line.hasPrefix($0) } })
  }

  @Test(arguments: [("8M", 8192), ("512K", 512), ("512k", 512), ("700", 700), ("1g", 1_048_576)]) func bufferSizes(
    _ text: String, _ size: Int
  ) throws {
    #expect(try plan("-b", text).contains { $0.hasPrefix("echo '\(size)' > ") && $0.hasSuffix("buffer_size_kb") })
  }

  @Test func whatIsAskedForIsInThePlan() throws {
    let lines = try plan("-D", "3", "-C", "mono", "--leave-out", "none", "--timeout", "5s", "--", "sh", "-c", "modprobe kvm_amd")
    #expect(lines.contains("echo '3' > max_graph_depth"))
    #expect(lines.contains { $0.hasPrefix("echo 'mono' > ") && $0.hasSuffix("trace_clock") })
    #expect(!lines.contains { $0.contains("arch_static_call_transform") })
    #expect(lines.last == "# sh -c modprobe kvm_amd")
    #expect(try plan("--wait", "--module", "kvm_intel").last?.hasSuffix("tracing_on") == true)
  }

  /// A plan is shown on a terminal.
  @Test func thePlanIsEscaped() throws {
    for arguments in [["--", "x\u{1b}[31m\ny"], ["-C", "x\u{1b}[31m\ny"]] {
      let outcome = try run(["--dry-run"] + arguments)
      #expect(outcome.status == 0 && outcome.output.contains(#"x\x1b[31m\ny"#), "\(outcome.output)")
      #expect(!outcome.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  // MARK: machines that cannot record

  private var canAdminister: Bool {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    return line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }.map { $0 >> 21 & 1 == 1 } ?? (getuid() == 0)
  }

  private var hasTracefs: Bool {
    let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? " tracefs "
    return mounts.contains(" tracefs ") || mounts.contains(" debugfs ")
      || access("/sys/kernel/tracing/current_tracer", F_OK) == 0
  }

  @Test(arguments: [[], ["--wait"], ["--extract"], ["--", "true"]]) func thisMachineCannotRecord(_ arguments: [String]) throws {
    if canAdminister, hasTracefs { return print("skipped: this would load a module and record") }
    let outcome = try run(arguments)
    #expect(outcome.output.isEmpty)
    let expected =
      canAdminister
      ? "kvm-inittrace: error: tracefs is not mounted; mount -t tracefs tracefs /sys/kernel/tracing\n"
      : "kvm-inittrace: error: recording needs root; run it with sudo; --dry-run shows what it would do\n"
    #expect(outcome.errors == expected && outcome.status == (canAdminister ? 69 : 77))
  }

  @Test func withoutRoot() throws {
    guard getuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
      return print("skipped: only root can give its rights up, with setpriv")
    }
    let command = try Command()
    defer { command.remove() }
    let drop = #"exec setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all "$0" record "$@""#
    // The built command may lie where nobody else may go.
    guard try command.run(shell: drop.replacing(" record ", with: " "), arguments: ["--version"]).status == 0 else {
      return print("skipped: other users may not run the built command")
    }
    var outcome = try command.run(shell: drop)
    #expect(outcome.status == 77)
    #expect(outcome.errors == "kvm-inittrace: error: recording needs root; run it with sudo; --dry-run shows what it would do\n")
    outcome = try command.run(shell: drop, arguments: ["--dry-run", "--module", "kvm_intel"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.hasSuffix("modprobe -- kvm_intel\n"))
  }
}
