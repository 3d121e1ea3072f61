import KVMStages

/// What of the catalogue is asked for.
public struct StagesQuery: Sendable {
  /// Stages to show in full; empty: the list.
  public var stages: [Stage]
  public var kernel: KernelVersion?
  public var vendor: Vendor?

  public init(stages: [Stage] = [], kernel: KernelVersion? = nil, vendor: Vendor? = nil) {
    self.stages = stages
    self.kernel = kernel
    self.vendor = vendor
  }

  /// The forms of `stage` that the query is about.
  func forms(of stage: Stage) -> [StageForm] {
    guard let kernel else { return vendor.map(stage.forms) ?? stage.forms }
    let vendors = vendor.map { [$0] } ?? stage.vendors
    var forms: [StageForm] = []
    for form in vendors.compactMap({ stage.form(on: kernel, for: $0) }) where !forms.contains(form) { forms.append(form) }
    return forms
  }

  /// The causes of `stage` that the query is about.
  func causes(of stage: Stage) -> [Cause] { stage.causes.filter { cause in vendor.map(cause.fits) ?? true } }

  /// The stages of a list that is not about one kernel.
  var listed: [Stage] {
    if !stages.isEmpty { return stages }
    guard let vendor else { return Catalogue.stages }
    return Catalogue.stages.filter { !$0.forms(for: vendor).isEmpty }
  }
}

/// A kernel's stages in the order in which it runs them, and those that it does not have.
public struct KernelStages: Sendable {
  public var kernel: KernelVersion
  public var vendor: Vendor
  public var flow: Flow
  public var present: [Stage]
  /// Stages of the vendor that this kernel lacks.
  public var absent: [Stage]

  /// nil when no flow is known for the kernel: it is older than KVM on this vendor, or than the catalogue.
  public init?(_ kernel: KernelVersion, for vendor: Vendor) {
    guard let flow = Catalogue.flow(on: kernel, for: vendor) else { return nil }
    self.kernel = kernel
    self.vendor = vendor
    self.flow = flow
    present = flow.stages(on: kernel, for: vendor)
    absent = Catalogue.stages.filter { !$0.forms(for: vendor).isEmpty && $0.form(on: kernel, for: vendor) == nil }
  }

  /// The first kernel that the catalogue knows for `vendor`.
  public static func firstKernel(for vendor: Vendor) -> KernelVersion? {
    Catalogue.flows.filter { $0.order[vendor] != nil }.flatMap(\.ranges).map(\.since).min()
  }
}
