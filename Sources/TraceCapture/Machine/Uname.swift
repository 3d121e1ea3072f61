import Glibc

/// What the kernel calls itself and its machine, as uname(2) tells it.
public struct Uname: Sendable, Hashable {
  /// `Linux`.
  public var system = ""
  /// The host's name.
  public var node = ""
  /// `uname -r`, such as `6.12.107+deb13-amd64`.
  public var release = ""
  /// `uname -v`: number and date of the build.
  public var version = ""
  /// `uname -m`: `x86_64`, `aarch64`, `riscv64`.
  public var machine = ""

  /// Reads `/proc/sys/kernel`. The machine stands there since 6.1 only: before that it is asked from the kernel, unless `files` have another root.
  public init(_ files: KernelFiles) {
    func text(_ name: String) -> String { files.text("/proc/sys/kernel/" + name) ?? "" }
    system = text("ostype")
    node = text("hostname")
    release = text("osrelease")
    version = text("version")
    machine = text("arch")
    if files.root.isEmpty { complete() }
  }

  private mutating func complete() {
    var names = utsname()
    guard uname(&names) == 0 else { return }
    if system.isEmpty { system = Self.text(names.sysname) }
    if node.isEmpty { node = Self.text(names.nodename) }
    if release.isEmpty { release = Self.text(names.release) }
    if version.isEmpty { version = Self.text(names.version) }
    if machine.isEmpty { machine = Self.text(names.machine) }
  }

  private static func text<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// `Linux host 6.12.107+deb13-amd64 x86_64`, as trace-cmd stores it in a recording.
  public var line: String { "\(system) \(node) \(release) \(machine)" }
}
