/// Lines of the kernel's log, as `printk:console` has them.
enum KernelLog {
  /// A line without the time in front that 5.10 gives the event: `[   23.285866] kvm: no hardware support`.
  static func withoutTime(_ line: String) -> String {
    guard line.hasPrefix("["), let close = line.firstIndex(of: "]") else { return line }
    let time = line[..<close].dropFirst()
    guard time.contains("."), time.allSatisfy({ $0 == " " || $0 == "." || $0.isNumber }) else { return line }
    return String(line[line.index(after: close)...].drop { $0 == " " })
  }
}
