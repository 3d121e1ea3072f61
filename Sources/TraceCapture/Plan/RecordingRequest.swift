/// How much of a load is recorded.
public enum RecordingDetail: String, CaseIterable, Sendable, Hashable {
  /// Every function that the load calls.
  case full
  /// Functions of kvm and of the vendor module, and what they call directly.
  case kvm
  /// The functions that the catalogue knows the steps by.
  case stages

  /// Ring buffer that holds what a load records between two visits of the reader, in KB for each CPU.
  ///
  /// A load of kvm_amd is 1 to 8 MB of records in full detail, all on one CPU; a slow machine with many timer interrupts has four times as much.
  var bufferKB: Int {
    switch self {
    case .full: 32 << 10
    case .kvm: 8 << 10
    case .stages: 2 << 10
    }
  }
}

/// What the user asks a recording to be.
public struct RecordingRequest: Sendable {
  public var detail = RecordingDetail.full
  /// Functions at which the call tree starts; empty: the module loader and KVM's callbacks.
  public var roots: [String] = []
  /// Functions below which nothing is recorded; nil: the kernel's patching of its own text.
  public var leftOut: [String]?
  /// For each CPU; nil: from memory and detail.
  public var bufferKB: Int?
  /// A name in `trace_clock`.
  public var clock = "global"
  /// Levels of the call tree; 0: all.
  public var depth = 0
  /// Goes on although somebody else traces, and records on top of it.
  public var force = false

  public init() {}
}
