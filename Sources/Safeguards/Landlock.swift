import CLinux
import Glibc

/// Rules of Landlock (landlock(7)), which an ordinary process may give itself.
final class Landlock {
  private let ruleset: Int32
  /// The rights that are taken away unless a rule gives them, one bit each.
  private let handled: UInt64

  private enum Right {
    static let writeFile: UInt64 = 1 << 1
    static let readFile: UInt64 = 1 << 2
    static let readDirectory: UInt64 = 1 << 3
    static let removeFile: UInt64 = 1 << 5
    static let makeFile: UInt64 = 1 << 8
    static let truncate: UInt64 = 1 << 14
    /// Those that a file can have; others need a directory.
    static let ofFiles = writeFile | readFile | truncate
    static let ofScratch = ofFiles | makeFile | removeFile
  }

  /// Nil on a kernel without Landlock (before 5.13, or not built in or switched on).
  init?() {
    let version = kvm_inittrace_landlock_version()
    guard version >= 1 else { return nil }
    // Rights to files: 13 from the beginning, then to link elsewhere (2), and to truncate (3). Devices are left alone: a terminal is asked
    // what it is.
    handled = version >= 3 ? (1 << 15) - 1 : version == 2 ? (1 << 14) - 1 : (1 << 13) - 1
    var attributes = kvm_inittrace_landlock_attributes(files: handled, network: 0, scopes: 0)
    // TCP (4); abstract sockets and signals to others (6).
    if version >= 4 { attributes.network = 3 }
    if version >= 6 { attributes.scopes = 3 }
    ruleset = kvm_inittrace_landlock_create(&attributes, version >= 6 ? 24 : version >= 4 ? 16 : 8)
    guard ruleset >= 0 else { return nil }
  }

  deinit { close(ruleset) }

  func allowReading(_ path: String) { allow(path, Right.readFile | Right.readDirectory) }

  func allowWriting(_ path: String) { allow(path, Right.writeFile | Right.readFile) }

  /// Files in a directory may be made, written, renamed and removed; they are read only where that is said.
  func allowReplacing(in directory: Int32, isReadBack: Bool) {
    _ = kvm_inittrace_landlock_allow(ruleset, directory, (isReadBack ? Right.ofScratch : Right.ofScratch & ~Right.readFile) & handled)
  }

  func allowScratch(_ path: String) { allow(path, Right.ofScratch) }

  /// What is not there needs no rule: opening it fails, and says why.
  private func allow(_ path: String, _ rights: UInt64) {
    let place = kvm_inittrace_open_place(path, 0)
    guard place >= 0 else { return }
    defer { close(place) }
    var status = stat()
    guard fstat(place, &status) == 0 else { return }
    let isDirectory = status.st_mode & S_IFMT == S_IFDIR
    _ = kvm_inittrace_landlock_allow(ruleset, place, rights & handled & (isDirectory ? .max : Right.ofFiles))
  }

  func enter() { _ = kvm_inittrace_landlock_enter(ruleset) }
}
