/// The module files of a kernel release, from the lists that depmod makes below `/lib/modules/RELEASE`.
public struct ModuleFiles: Sendable, Hashable {
  public var release: String
  /// `/lib/modules/RELEASE`.
  public var directory: String
  /// Whether there is such a directory.
  public var hasDirectory: Bool
  /// Whether depmod has made `modules.dep` there, without which modprobe finds nothing.
  public var hasDependencies: Bool
  /// Names of the modules that are built into the kernel.
  public var builtIn: Set<String> = []
  /// Releases that have a directory, in the order of their names: what the machine could boot.
  public var installedReleases: [String]
  /// Path of each module's file by name.
  private var paths: [String: String] = [:]
  /// Names that a module needs, those of its line in modules.dep.
  private var needs: [String: [String]] = [:]

  private static let listLimit = 32 << 20

  public init(_ files: KernelFiles, release: String) {
    self.release = release
    directory = "/lib/modules/" + release
    // A release is one component of a path.
    let isName = !release.isEmpty && !release.contains("/") && release != "." && release != ".."
    hasDirectory = isName && files.names(in: directory) != nil
    installedReleases = (files.names(in: "/lib/modules") ?? []).filter { files.names(in: "/lib/modules/" + $0) != nil }
    let dependencies = hasDirectory ? files.lines(directory + "/modules.dep", limit: Self.listLimit) : nil
    hasDependencies = dependencies != nil
    for line in dependencies ?? [] {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let path = line[..<colon]
      let name = Self.name(ofFile: path)
      paths[name] = path.hasPrefix("/") ? String(path) : directory + "/" + path
      needs[name] = line[line.index(after: colon)...].split(separator: " ").map { Self.name(ofFile: $0) }
    }
    guard hasDirectory else { return }
    for line in files.lines(directory + "/modules.builtin", limit: Self.listLimit) ?? [] { builtIn.insert(Self.name(ofFile: line)) }
  }

  /// Where a module's file is, or nil when the release has none. The path is one of the machine: read it through `KernelFiles`.
  public func path(of name: String) -> String? { paths[Self.canonical(name)] }

  /// The names of the modules that must be loaded before `name`, in the order in which modprobe loads them: the last of a line in
  /// modules.dep comes first (kmod, `kmod_module_parse_depline`). Nil when the release has no such module.
  public func dependencies(of name: String) -> [String]? { needs[Self.canonical(name)].map { $0.reversed() } }

  /// `-` and `_` are the same in names of modules; the kernel's own form has `_`.
  public static func canonical(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }

  /// `kvm_intel` for `kernel/arch/x86/kvm/kvm-intel.ko.xz`.
  public static func name(ofFile path: Substring) -> String {
    let file = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path
    return canonical(String(file.prefix { $0 != "." }))
  }
}
