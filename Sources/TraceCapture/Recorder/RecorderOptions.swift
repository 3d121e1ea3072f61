import CallTrees

/// All that the user asks of a recorder.
public struct RecorderOptions: Sendable {
  /// What starts the load.
  public enum Trigger: Sendable, Hashable {
    /// modprobe of the vendor module, with these parameters (`nested=0`).
    case module(parameters: [String])
    /// A command of the user's.
    case command([String])
    /// Somebody else: the recording waits for the next load of a vendor module.
    case wait
    /// Nothing: what is in the ring buffer is taken.
    case extract
  }

  public var request = RecordingRequest()
  public var trigger = Trigger.module(parameters: [])
  /// The module whose init is of interest; nil: by the CPU's vendor.
  public var module: String?
  /// The file to write; several recordings get a number before its ending.
  public var output = "kvm-inittrace.dat"
  /// How many times the module is loaded and recorded.
  public var repetitions = 1
  /// Nanoseconds after which a recording ends that is not done.
  public var timeout: UInt64?
  /// Writes version 6, for older readers.
  public var isCompatible = false
  /// Leaves the modules as the load left them.
  public var keepsModules = false
  /// Version of this program, for the file.
  public var toolVersion = ""

  public init() {}

  /// The file of one of several recordings: `kvm-inittrace-2.dat`.
  func path(_ repetition: Int) -> String {
    guard repetitions > 1 else { return output }
    let folder = output.lastIndex(of: "/").map { output.index(after: $0) } ?? output.startIndex
    guard let dot = output[folder...].lastIndex(of: "."), dot > folder else { return "\(output)-\(repetition)" }
    return "\(output[..<dot])-\(repetition)\(output[dot...])"
  }
}

/// What a recorder has to say of one recording.
public struct RecordedTrace: Sendable {
  public var path: String
  public var facts: RecordingFacts
  /// Size of the file.
  public var bytes: UInt64 = 0
  public var events: UInt64 = 0
  /// Why it ended.
  public var ending = RecordingSession.Ending.done
  /// KB of ring buffer for each CPU that would have held everything; nil when nothing was lost.
  public var neededKB: Int?
  /// Whether the recorded command has loaded a module; nil when that cannot be told.
  var hasLoaded: Bool?

  public init(path: String, facts: RecordingFacts) {
    self.path = path
    self.facts = facts
  }
}
