// The initialisers of the catalogue's rows are not inlined: there are hundreds of rows, and the compiler would take minutes for them.

/// A function whose call shows that a stage ran.
public struct Marker: Hashable, Sendable {
  public enum Role: String, Sendable, Hashable {
    /// The stage's own function.
    case own = "self"
    /// A function below the stage's own.
    case child
    /// The stage's function is inlined, or is a plain assignment: this callee is what can be seen of it.
    case proxy
    /// Runs on other CPUs or in kernel threads: rarely in the trace of the modprobe task.
    case remote
  }

  public var function: String
  /// Module that holds it, or nil for the kernel image.
  public var module: String?
  public var role: Role
  /// Number of calls below which the stage cannot have run whole.
  public var minimumCalls: Int

  @inline(never)
  public init(_ function: String, in module: String? = nil, _ role: Role = .own, atLeast minimumCalls: Int = 1) {
    self.function = function
    self.module = module
    self.role = role
    self.minimumCalls = minimumCalls
  }
}

/// How a stage shows in a function_graph trace.
public enum Visibility: String, Sendable, Hashable {
  /// Its own function is a call.
  case call
  /// Only callees of an inlined function are.
  case proxy
  /// Only on other CPUs or in kernel threads.
  case otherCPUs = "other-cpus"
  /// Not at all.
  case none
}

/// Whether a run that passes the stage's place must show it.
public enum Presence: Hashable, Sendable {
  case required
  /// Only under the condition named: configuration, CPU feature, module parameter.
  case conditional(String)

  public var isRequired: Bool { self == .required }
}

/// What a stage's failure looks like.
public struct FailureFacts: Hashable, Sendable {
  /// Return values, with the case each stands for: `-EIO (PAT, 6.0+)`.
  public var returns: [String]
  /// Texts of the kernel log.
  public var logs: [String]
  /// Functions called after the failure, in order.
  public var unwind: [String]
  /// Whether the caller does not look at the result: an error is tolerated, and `returns` is empty.
  public var isIgnored: Bool

  @inline(never)
  public init(returns: [String] = [], logs: [String] = [], unwind: [String] = [], isIgnored: Bool = false) {
    self.returns = returns
    self.logs = logs
    self.unwind = unwind
    self.isIgnored = isIgnored
  }
}

/// A stage as it is in one range of kernel versions.
public struct StageForm: Hashable, Sendable {
  public var versions: VersionRange
  /// Empty: every vendor of the stage.
  public var vendors: [Vendor]
  /// Functions that call the markers; a proxy must be called directly by one of them.
  public var parents: [String]
  public var markers: [Marker]
  public var visibility: Visibility
  public var presence: Presence
  public var failure: FailureFacts
  /// A remark for the reader, or empty.
  public var note: String
  /// Where the fact was read: `arch/x86/kvm/x86.c:9995 (kvm_x86_vendor_init) in 6.18.2`.
  public var source: String

  @inline(never)
  public init(
    _ versions: VersionRange, vendors: [Vendor] = [], parents: [String], markers: [Marker], visibility: Visibility,
    presence: Presence, failure: FailureFacts = FailureFacts(), note: String = "", source: String
  ) {
    self.versions = versions
    self.vendors = vendors
    self.parents = parents
    self.markers = markers
    self.visibility = visibility
    self.presence = presence
    self.failure = failure
    self.note = note
    self.source = source
  }

  /// Whether the vendor's kernels have the form, where they have the stage.
  func fits(_ vendor: Vendor) -> Bool { vendors.isEmpty || vendors.contains(vendor) }

  /// Of which a call in its place shows the stage: its own function, and what can be seen of an inlined one.
  var showing: [Marker] { markers.filter { $0.role == .own || $0.role == .proxy } }

  /// Their functions.
  var shownBy: [String] { showing.map(\.function) }

  /// Whether a call of the traced task shows the step.
  package var isSeen: Bool { visibility == .call || visibility == .proxy }
}
