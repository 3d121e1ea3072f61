import CLinux
import Glibc

/// What happens when a file is cut off that is mapped: the kernel ends who reads behind its new end with SIGBUS.
public enum BusErrors {
  private static let message: StaticString =
    "kvm-inittrace: error: a file was cut off while it was read; nothing is told of it: try again when nobody writes to it\n"

  /// From now on that ends the program with one clear line and the status of damaged input.
  public static func endClearly() {
    message.withUTF8Buffer { bytes in
      guard let base = bytes.baseAddress else { return }
      _ = base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { kvm_inittrace_end_on_bus_error($0, bytes.count) }
    }
  }

  /// The unfinished file that is to go then; an empty name for none.
  static func remove(_ name: String, in directory: Int32) { kvm_inittrace_remove_on_bus_error(directory, name) }
}
