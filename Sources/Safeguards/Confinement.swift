import CLinux
import Glibc

/// Gives up what a process does not need to read traces and write reports, before it looks at the first byte that somebody else has made.
///
/// Afterwards it can read the files and directories that were named, write beside its outputs, and use what it has open. It can start no
/// program, open no socket, see no other process, and change no mode or owner by a path; of root's capabilities it keeps those that let root
/// read and replace files of others. What a kernel lacks is left out: an old one gives less.
public struct Confinement {
  /// Files and directories that are read, with all below them.
  public var inputs: [String] = []
  /// Files, and directories in which links are followed, as traces are looked for.
  public var traces: [String] = []
  /// Directories of modules, in which only links to a module are followed.
  public var moduleDirectories: [String] = []
  /// Files that are written.
  public var outputs: [String] = []
  /// Whether they are read again while they are written, as databases are.
  public var readsOutputs = false
  /// Directories for temporary files, which are also read again.
  public var scratch: [String] = []

  /// Whether `/proc/kallsyms` is to show its addresses, for which root needs CAP_SYSLOG when it is opened.
  public var readsKernelAddresses = false

  public init() {}

  /// Capabilities that stay, if there are any: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER.
  static let keptCapabilities: UInt64 = 1 << 1 | 1 << 2 | 1 << 3

  /// What the libraries read: the number of CPUs, and how the process's threads do, without which Dispatch ends the program. Of other
  /// processes `/proc` shows what it shows to everybody: Landlock keeps the rest from a confined process.
  private static let system = ["/sys/devices/system/cpu", "/proc"]

  /// Confines this thread, and those that it starts.
  public func enter() {
    guard kvm_inittrace_refuse_new_privileges() == 0 else { return }
    if let rules = Landlock() {
      let links = LinkedPaths.all(in: traces) + LinkedPaths.links(in: moduleDirectories, named: ".ko")
      for path in inputs + traces + moduleDirectories + links + Self.system { rules.allowReading(path) }
      for path in outputs { allow(path, rules) }
      for path in scratch { rules.allowScratch(path) }
      rules.enter()
    }
    _ = kvm_inittrace_keep_capabilities(Self.keptCapabilities | (readsKernelAddresses ? 1 << 34 : 0))
    _ = kvm_inittrace_refuse_system_calls()
  }

  /// A device or pipe is written to as it is; of a file the directory is needed.
  private func allow(_ output: String, _ rules: Landlock) {
    var status = stat()
    if stat(output, &status) == 0, status.st_mode & S_IFMT != S_IFREG { return rules.allowWriting(output) }
    if let place = try? FilePlace(output) { rules.allowReplacing(in: place.directory, isReadBack: readsOutputs) }
  }
}
