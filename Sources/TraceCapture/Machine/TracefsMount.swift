import CTrace

/// Where tracefs is mounted.
public enum TracefsMount {
  /// Where the kernel's documentation says it is, and where it was before 4.1.
  static let usual = "/sys/kernel/tracing"
  private static let old = "/sys/kernel/debug/tracing"

  /// Whether a directory is on a tracefs: only the kernel has its files.
  public static func isTracefs(_ path: String) -> Bool {
    path.hasPrefix("/") && kvm_inittrace_is_tracefs(path) != 0
  }

  /// Whether the kernel has tracefs (CONFIG_TRACING).
  static func isSupported(_ files: KernelFiles) -> Bool {
    (files.lines("/proc/filesystems") ?? []).contains { $0.split { $0 == "\t" || $0 == " " }.last == "tracefs" }
  }

  /// The directory, or nil when tracefs is mounted nowhere.
  static func directory(_ files: KernelFiles) -> String? {
    let mounts = (files.lines("/proc/mounts") ?? []).map { $0.split(separator: " ") }
    let places = mounts.filter { $0.count > 2 && $0[2] == "tracefs" }.map { unescaped($0[1]) }
    if let place = places.first(where: { $0 == usual }) ?? places.first { return place }
    // debugfs mounts it below itself when somebody looks.
    return [usual, old].first { files.exists($0 + "/current_tracer") }
  }

  /// A path of `/proc/mounts`, in which white space and `\` are written as three octal digits.
  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(3), as: UTF8.self)
      if byte == UInt8(ascii: "\\"), digits.utf8.count == 3, let code = UInt8(digits, radix: 8) {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
