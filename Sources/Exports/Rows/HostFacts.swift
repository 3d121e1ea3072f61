import CallTrees

/// What a trace knows of the machine that it was recorded on. nil: it does not tell.
struct HostFacts {
  /// As the user tells it, or as the recorder stored it; never that of the machine which exports.
  var hostID: String?
  var host: String?
  var bootID: String?
  /// When the recording was started, in nanoseconds since 1970.
  var recorded: UInt64?
  var cpuModel: String?
  var microcode: String?
  /// `kvm.nested=Y kvm_intel.ept=Y`, by name.
  var parameters: String?
  var detail: String?
  private let buildIDs: [String: String]

  init(_ source: TraceSource, hostID: String?) {
    let recorder = source.recorder
    self.hostID = hostID ?? recorder?.hostID
    host = source.host
    bootID = recorder?.bootID
    recorded = recorder?.started
    cpuModel = recorder?.cpuModel
    microcode = recorder?.microcode
    detail = recorder?.detail?.rawValue
    buildIDs = recorder?.buildIDs ?? [:]
    let settings = (recorder?.parameters ?? []).map { "\($0.module).\($0.name)=\($0.value)" }
    parameters = settings.isEmpty ? nil : settings.sorted().joined(separator: " ")
  }

  func buildID(_ module: String?) -> String? { module.flatMap { buildIDs[$0] } }
}
