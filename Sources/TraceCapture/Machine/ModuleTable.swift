import TraceFile

/// The modules of the running kernel, from `/proc/modules` and `/sys/module`.
public struct ModuleTable: Sendable, Hashable {
  /// A loaded module.
  public struct Module: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
      case live = "Live"
      case loading = "Loading"
      case unloading = "Unloading"
    }

    /// With `_`, never `-`.
    public var name: String
    /// How many use it; nil on a kernel that cannot unload modules (CONFIG_MODULE_UNLOAD).
    public var references: Int?
    /// Loaded modules that use it.
    public var holders: [String]
    /// It has no exit function, and stays loaded.
    public var isPermanent: Bool
    public var state: State

    /// References by others than modules: open files, virtual machines.
    public var otherReferences: Int { max(0, (references ?? 0) - holders.count) }
  }

  /// How a kernel has a module.
  public enum Presence: Sendable, Hashable {
    case loaded(Module)
    case builtIn
    case notLoaded
  }

  /// Loaded modules by name.
  public var modules: [String: Module] = [:]
  private let files: KernelFiles

  public init(_ files: KernelFiles) {
    self.files = files
    for line in files.lines("/proc/modules", limit: 16 << 20) ?? [] {
      guard let module = Module(line: line) else { continue }
      modules[module.name] = module
    }
  }

  public static func == (left: ModuleTable, right: ModuleTable) -> Bool { left.modules == right.modules }
  public func hash(into hasher: inout Hasher) { hasher.combine(modules) }

  /// Whether a module is loaded, built in, or neither.
  ///
  /// - Parameter moduleFiles: know what is built in; `/sys/module` alone shows only built-in modules that have parameters.
  public func presence(of name: String, _ moduleFiles: ModuleFiles) -> Presence {
    let name = ModuleFiles.canonical(name)
    if let module = modules[name] { return .loaded(module) }
    if moduleFiles.builtIn.contains(name) { return .builtIn }
    return files.exists("/sys/module/\(name)") ? .builtIn : .notLoaded
  }

  /// The parameters of a loaded or built-in module by name. Those that may not be read are left out.
  public func parameters(of name: String) -> [String: String] {
    let directory = "/sys/module/\(ModuleFiles.canonical(name))/parameters"
    var values: [String: String] = [:]
    for parameter in files.names(in: directory) ?? [] {
      values[parameter] = files.text(directory + "/" + parameter, limit: 4096)
    }
    return values
  }

  /// The build id of a loaded module.
  public func buildID(of name: String) -> BuildID? {
    files.bytes("/sys/module/\(ModuleFiles.canonical(name))/notes/.note.gnu.build-id").flatMap(BuildID.init(notes:))
  }

  /// The build id of the running kernel.
  public var kernelBuildID: BuildID? { files.bytes("/sys/kernel/notes").flatMap(BuildID.init(notes:)) }
}

extension ModuleTable.Module {
  /// `kvm 1396736 1 kvm_amd, Live 0xffffffffc0a00000 (E)`; `- -` in the place of the users where modules cannot be unloaded.
  init?(line: Substring) {
    let fields = line.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count >= 5, UInt64(fields[1]) != nil, let state = State(rawValue: String(fields[4])) else { return nil }
    name = String(fields[0])
    references = Int(fields[2])
    let users = fields[3] == "-" ? [] : fields[3].split(separator: ",").map(String.init)
    holders = users.filter { !$0.hasPrefix("[") }
    isPermanent = users.contains("[permanent]")
    self.state = state
  }
}
