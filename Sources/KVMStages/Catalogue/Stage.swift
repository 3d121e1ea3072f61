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
