import CallTrees
import KVMStages
import TraceFile

/// Finds on this machine the functions that a recording is about.
public struct TargetFinder {
  /// What is recorded, and how.
  public var request: RecordingRequest
  public var version: KernelVersion
  /// Vendor modules that the command may load.
  public var vendors: [Vendor]
  /// The files of the vendor modules that are not loaded yet: their functions are known from there.
  public var moduleFiles: [String: ModuleELF] = [:]
  /// Imports of kvm, which are direct callees of its functions.
  public var kvmFile: ModuleELF?
  /// Somebody else loads the module: the probe on its init function tells when a load has failed.
  public var awaitsLoad = false

  public init(_ request: RecordingRequest, version: KernelVersion, vendors: [Vendor]) {
    self.request = request
    self.version = version
    self.vendors = vendors
  }

  /// Names to look for in `available_filter_functions`.
  private var wanted: Set<String> {
    var names = Set(request.roots + (request.leftOut ?? [Catalogue.textPatching]) + Catalogue.probeHandlers + [Catalogue.loaderRoot])
    names.formUnion(Catalogue.callbackRoots)
    for vendor in vendors {
      names.formUnion(Catalogue.returningFunctions(of: vendor, on: version).map(\.function))
      if request.detail != .full { names.formUnion(Catalogue.functionsOfInterest(for: vendor)) }
    }
    if request.detail != .full { names.formUnion(Catalogue.interruptFunctions) }
    if request.detail == .kvm {
      for file in [kvmFile].compactMap({ $0 }) + moduleFiles.values {
        names.formUnion(file.imports.filter { FunctionKind(name: $0) == .ordinary })
      }
    }
    return names
  }

  /// - Parameter list: the text of `available_filter_functions`.
  /// - Throws: `unavailable` when a function that the user named cannot be traced now.
  public func find(in list: String) throws(CaptureError) -> RecordingTargets {
    let modules: Set<String> = request.detail == .kvm ? ["kvm"] : []
    let functions = TraceableFunctions(list, wanted: wanted, modules: modules)
    var targets = RecordingTargets()
    targets.roots = try roots(functions)
    targets.leftOut = try leftOut(functions)
    targets.probes = probes(functions)
    if request.detail != .full {
      if version >= KernelVersion(5, 0) { targets.hiddenLines = functions.otherLines } else { targets.filter = filter(functions) }
    }
    return targets
  }

  private func roots(_ functions: TraceableFunctions) throws(CaptureError) -> [String] {
    for root in request.roots { try check(root, functions) }
    if !request.roots.isEmpty { return request.roots }
    guard functions.contains(Catalogue.loaderRoot) else {
      throw CaptureError(
        .unavailable, "this kernel cannot trace \(Catalogue.loaderRoot), which loads modules",
        remedy: "name another function with --root, or boot a kernel with loadable modules and function tracing")
    }
    return [Catalogue.loaderRoot] + Catalogue.callbackRoots.filter(functions.contains)
  }

  private func leftOut(_ functions: TraceableFunctions) throws(CaptureError) -> [String] {
    let names = request.leftOut ?? [Catalogue.textPatching].filter(functions.contains)
    for name in names { try check(name, functions) }
    return names + Catalogue.probeHandlers.filter { functions.contains($0) && request.detail == .full }
  }

  private func check(_ name: String, _ functions: TraceableFunctions) throws(CaptureError) {
    guard !functions.contains(name) else { return }
    throw CaptureError(
      .unavailable, "'\(name)' is no function that this kernel can trace now",
      remedy: "available_filter_functions in tracefs lists those that it can; a function of a module is there while the module is loaded")
  }

  /// Probes on functions that exist: in the kernel and in loaded modules by the list, in others by their files.
  private func probes(_ functions: TraceableFunctions) -> [RecordingTargets.Probe] {
    var known: Set<RecordingTargets.Probe> = []
    for entry in functions.entries { known.insert(RecordingTargets.Probe(entry.name, in: entry.module)) }
    for (module, file) in moduleFiles {
      for function in file.functions { known.insert(RecordingTargets.Probe(function.name, in: module)) }
    }
    var probes: [RecordingTargets.Probe] = []
    for vendor in vendors {
      for function in Catalogue.returningFunctions(of: vendor, on: version) {
        let probe = RecordingTargets.Probe(function.function, in: function.module)
        // A probe in a module to come is armed while the module loads, which takes time that the stages' times would show.
        let isNeeded = awaitsLoad && Catalogue.initFunctions.contains(function.function)
        if request.detail == .stages, function.module == vendor.module, !isNeeded { continue }
        // The kernel takes any name of a module that is not loaded.
        let isOpen = function.module == vendor.module && moduleFiles[vendor.module] == nil
        if (known.contains(probe) || isOpen) && !probes.contains(probe) { probes.append(probe) }
      }
    }
    return probes
  }

  /// For kernels before 5.0, which take no lines of the list.
  private func filter(_ functions: TraceableFunctions) -> [String] {
    let names = functions.entries.filter { request.detail == .stages || $0.module != "kvm" }.map(\.name)
    return names + (request.detail == .kvm ? ["*:mod:kvm"] : []) + vendors.map { "*:mod:\($0.module)" }
  }
}
