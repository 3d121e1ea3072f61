import TraceFile

/// Keeps the events of the traced command's tasks, and those of tasks that served it: `cpuhp` threads, and whatever a CPU was doing
/// when a function call of KVM interrupted it.
///
/// Other tasks that load modules at the same time run below the same root; their events are left out.
struct TaskFilter: Sendable {
  /// The command's task and its descendants; nil: nobody is left out.
  let tasks: Set<Int32>?
  /// Whether one of them has loaded a module; nil when the events do not tell.
  let hasLoaded: Bool?
  private let loaders: Set<Int32>
  private let servants: Set<Int32>
  private let graphEvents: Set<UInt16>
  /// Of modules that are loaded and unloaded. A task that KVM's function interrupts may be doing that for another module.
  private let moduleEvents: Set<UInt16>
  /// Somebody else may have enabled more in the top instance, of which no format is written.
  private let knownEvents: Set<UInt16>
  private let consoleEvent: UInt16?

  /// Looks through all pages once.
  ///
  /// - Parameter command: the traced command's process, or nil when every load is to be kept.
  init(_ pages: [SpooledPages], format: RingBufferFormat, command: Int32?) throws(DatWriteError) {
    knownEvents = Set(format.events.map(\.id))
    graphEvents = Set(format.events.filter { $0.system == "ftrace" && $0.name.contains("graph") }.map(\.id))
    consoleEvent = format.events.first { $0.system == "printk" }?.id
    let loaderEvents = Set(format.events.filter { $0.name == "module_load" || $0.name.hasSuffix("init_module") }.map(\.id))
    moduleEvents = loaderEvents.union(format.events.filter { $0.name == "module_free" }.map(\.id))
    let loads = format.events.first { $0.name == "module_load" }?.id
    guard let command else {
      (tasks, hasLoaded, loaders, servants) = (nil, nil, [], [])
      return
    }
    let seen = Seen()
    let graph = graphEvents
    let scan = try PageScan(pages, format: format) { event in
      if loaderEvents.contains(event.id) { seen.loaders.insert(event.pid) }
      if event.id == loads { seen.successful.insert(event.pid) }
      if graph.contains(event.id) { seen.traced.insert(event.pid) }
      return true
    }
    let family = Self.family(of: command, scan.forks)
    tasks = family
    hasLoaded = loads == nil ? nil : !seen.successful.isDisjoint(with: family)
    loaders = seen.loaders.subtracting(family)
    servants = seen.traced.subtracting(seen.loaders)
  }

  private final class Seen: @unchecked Sendable {
    // Written by the one thread that scans.
    var loaders: Set<Int32> = []
    /// Of which the kernel has taken a module: the system call of others has failed.
    var successful: Set<Int32> = []
    var traced: Set<Int32> = []
  }

  private static func family(of command: Int32, _ forks: [PageScan.Fork]) -> Set<Int32> {
    var family: Set<Int32> = [command]
    // Pages of several CPUs are not in the order of time: go on until nobody is added.
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for fork in forks where family.contains(fork.parent) && family.insert(fork.child).inserted { isGrowing = true }
    }
    return family
  }

  func keeps(_ event: RecordedEvent) -> Bool {
    guard knownEvents.contains(event.id) else { return false }
    guard let tasks else { return true }
    if tasks.contains(event.pid) || event.id == consoleEvent { return true }
    if moduleEvents.contains(event.id) { return false }
    if let other = event.otherPID { return tasks.contains(other) }
    return graphEvents.contains(event.id) ? !loaders.contains(event.pid) : servants.contains(event.pid)
  }
}
