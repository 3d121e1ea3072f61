import KVMStages

/// Tells when a vendor module that somebody loads has been initialised, or has failed to be.
///
/// A failed load leaves no module behind: the counters of the kretprobes on the init functions tell of it.
struct LoadWatch {
  private let top: TracefsDirectory
  private let modules: Set<String>
  private let before: UInt64
  private let loadedBefore: Set<String>
  private let files: KernelFiles
  /// When it was first seen, on CLOCK_MONOTONIC: the loader still has some steps to do.
  private var seen: UInt64?
  private var lastLook: UInt64 = 0

  init(_ vendors: [Vendor], top: TracefsDirectory, files: KernelFiles) {
    self.top = top
    self.files = files
    modules = Set(vendors.map(\.module))
    before = Self.hits(top)
    loadedBefore = Set(ModuleTable(files).modules.keys)
  }

  /// Probes on the init functions of the vendor modules.
  private static let initEvents = Set(Catalogue.initFunctions.map { RecordingTargets.Probe($0, in: nil).event })

  /// Lines of `kprobe_profile`: an event, its hits, its misses.
  private static func hits(_ top: TracefsDirectory) -> UInt64 {
    var total: UInt64 = 0
    for line in ((try? top.read("kprobe_profile")) ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count >= 2, initEvents.contains(String(fields[0])), let count = UInt64(fields[1]) { total &+= count }
    }
    return total
  }

  /// Looks ten times a second; true half a second after the init function has returned.
  mutating func isDone() -> Bool {
    let now = MonotonicClock.now()
    if let seen { return now &- seen > 500_000_000 }
    guard now &- lastLook > 100_000_000 else { return false }
    lastLook = now
    let isNew = ModuleTable(files).modules.values.contains {
      modules.contains($0.name) && !loadedBefore.contains($0.name) && $0.state == .live
    }
    if isNew || Self.hits(top) > before { seen = now }
    return false
  }
}
