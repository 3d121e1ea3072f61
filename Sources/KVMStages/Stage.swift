/// Who provides the hardware virtualization: each has its own init path.
public enum Vendor: String, CaseIterable, Sendable, Hashable {
  case intel, amd, arm64, riscv

  /// The module whose init is the run (`kvm_intel`, `kvm_amd`; `kvm` on the others).
  public var module: String {
    switch self {
    case .intel: "kvm_intel"
    case .amd: "kvm_amd"
    case .arm64, .riscv: "kvm"
    }
  }
}

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

  /// The functions of which a call in its place shows the stage: its own, and what can be seen of an inlined one.
  var shownBy: [String] { markers.filter { $0.role == .own || $0.role == .proxy }.map(\.function) }
}

/// Why a stage fails, and what to do about it.
public struct Cause: Hashable, Sendable {
  public var cause: String
  public var remedy: String
  /// Errno names that this cause gives, empty: any.
  public var errnos: [String]
  /// Pieces of kernel-log text that point to this cause, empty: none known.
  public var logPieces: [String]
  /// Whose modules fail so, empty: every vendor of the stage.
  public var vendors: [Vendor]

  @inline(never)
  public init(_ cause: String, remedy: String, errnos: [String] = [], logPieces: [String] = [], vendors: [Vendor] = []) {
    self.cause = cause
    self.remedy = remedy
    self.errnos = errnos
    self.logPieces = logPieces
    self.vendors = vendors
  }

  public func fits(_ vendor: Vendor) -> Bool { vendors.isEmpty || vendors.contains(vendor) }
}

/// A documented step of KVM's initialisation.
public struct Stage: Hashable, Sendable, Identifiable {
  /// Stable across kernels: `cpu_feature_check`.
  public var id: String
  /// Number in the init documentation (`5.1.1`), or nil for a stage that newer kernels added.
  public var section: String?
  public var title: String
  public var summary: String
  public var vendors: [Vendor]
  /// What took the stage's place when kernels dropped it, worded to follow "since 6.3 ": `part of vendor_support_check`.
  public var successor: String?
  public var forms: [StageForm]
  public var causes: [Cause]

  @inline(never)
  public init(
    _ id: String, section: String?, title: String, summary: String, vendors: [Vendor], successor: String? = nil,
    forms: [StageForm], causes: [Cause] = []
  ) {
    self.id = id
    self.section = section
    self.title = title
    self.summary = summary
    self.vendors = vendors
    self.successor = successor
    self.forms = forms
    self.causes = causes
  }

  /// The title with its section: `5.1.1 CPU feature support checks`.
  public var fullTitle: String { section.map { "\($0) \(title)" } ?? title }

  /// The stage's form on `version` for `vendor`, or nil when that kernel does not have the step.
  public func form(on version: KernelVersion, for vendor: Vendor) -> StageForm? {
    guard vendors.contains(vendor) else { return nil }
    return forms.first { $0.versions.contains(version) && $0.fits(vendor) }
  }
}

/// The documented stages and flows, as data. Rows are in the `Catalogue+….swift` files.
public enum Catalogue {
  /// The stage with `id`, or nil.
  public static func stage(_ id: String) -> Stage? { stagesByID[id] }

  /// The flow with `id`, or nil.
  public static func flow(_ id: String) -> Flow? { flows.first { $0.id == id } }

  /// The flow of a kernel version for a vendor, by version alone.
  public static func flow(on version: KernelVersion, for vendor: Vendor) -> Flow? {
    flows.first { flow in flow.order[vendor] != nil && flow.ranges.contains { $0.contains(version) } }
  }

  private static let stagesByID = Dictionary(stages.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}
