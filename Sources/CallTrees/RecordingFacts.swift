/// What the recorder of this project knows about a recording beside its events.
///
/// It stands as text in the file, in the place where trace-cmd stores its version, which every reader of trace-cmd files passes over.
public struct RecordingFacts: Sendable, Hashable {
  /// What was recorded: everything, only functions of KVM and their direct callees, only the catalogue's markers, or the user's choice.
  public enum Detail: String, Sendable, Hashable, CaseIterable {
    case full
    case kvm
    case stages
    case custom
  }

  /// A parameter of a module, as sysfs showed it.
  public struct Parameter: Sendable, Hashable {
    public var module: String
    public var name: String
    public var value: String

    public init(module: String, name: String, value: String) {
      self.module = module
      self.name = name
      self.value = value
    }
  }

  /// Version of the recorder.
  public var toolVersion: String
  /// The traced command with its arguments.
  public var command: [String] = []
  /// How the command ended: its exit code, or the number of the signal that ended it.
  public var exitCode: Int32?
  public var signal: Int32?
  /// How long the command ran, in nanoseconds.
  public var elapsed: UInt64?
  /// When the command was started, in nanoseconds since 1970.
  public var started: UInt64?
  /// The machine that was recorded, as `systemd-id128 machine-id` derives it for this program: the same in all its recordings, and of no
  /// use to find the machine's own id. nil: the machine has none.
  public var hostID: String?
  /// The kernel's id of the boot, which changes with every boot.
  public var bootID: String?
  /// The module whose init was to be recorded, and its vendor.
  public var module: String?
  public var vendor: String?
  public var detail: Detail?
  /// Functions below which calls were recorded.
  public var roots: [String] = []
  /// Functions that were left out.
  public var leftOut: [String] = []
  public var kernelCommandLine: String?
  public var cpuModel: String?
  public var microcode: String?
  public var parameters: [Parameter] = []
  /// Build ids in hexadecimal, by module; `kernel` is the kernel image.
  public var buildIDs: [String: String] = [:]
  /// Size of the ring buffer of each CPU, in KiB.
  public var bufferKB: UInt64?
  public var clock: String?
  /// Why the recording ended before the command did: the name of a signal, or `timeout`. nil: it did not.
  public var interrupted: String?
  /// What somebody else changed in the tracing while it was recorded, a sentence for each: events may be missing anywhere.
  public var disturbed: [String] = []
  /// Number of this recording, from 1, and of all recordings that were made in one go.
  public var repetition: Int?
  public var repetitions: Int?
  /// Events of other tasks that the recorder dropped.
  public var filteredEvents: UInt64?
  /// Events that the ring buffer lost, by CPU.
  public var lostEvents: [Int: UInt64] = [:]
  /// Modules that were loaded when the recording ended. The symbols in the file do not tell: they are only those that its events need.
  public var loadedModules: Set<String>?

  public init(toolVersion: String) { self.toolVersion = toolVersion }

  /// The command's program without its folder: `modprobe`.
  public var program: String? { command.first.map { String($0.split(separator: "/").last ?? Substring($0)) } }
}
