import CallTrees

/// Which machine is recorded, and in which of its boots.
///
/// The machine's own id is to be kept secret (machine-id(5)): what goes into a recording is derived from it by a keyed hash, so that it
/// cannot be turned back. It is what `systemd-id128 machine-id --app-specific=…` prints for the id of this program.
public struct HostIdentity: Sendable, Hashable {
  /// 32 hexadecimal digits, or nil on a machine without an id.
  public var host: String?
  /// `/proc/sys/kernel/random/boot_id`, or nil when it cannot be read.
  public var boot: String?

  /// The id of this program: 6813f02a-dc28-4000-b398-6a083be5cd5d.
  static let application: [UInt8] = [0x68, 0x13, 0xf0, 0x2a, 0xdc, 0x28, 0x40, 0x00, 0xb3, 0x98, 0x6a, 0x08, 0x3b, 0xe5, 0xcd, 0x5d]

  public init(_ files: KernelFiles) {
    host = files.text("/etc/machine-id", limit: 4096).flatMap(Self.derived)
    boot = files.text("/proc/sys/kernel/random/boot_id", limit: 4096)
  }

  /// The id that `machineID` gives for this program, or nil when it is no id (`uninitialized` in an image).
  static func derived(_ machineID: String) -> String? {
    guard let key = bytes(machineID), key.contains(where: { $0 != 0 }) else { return nil }
    var id = Array(SHA256.authenticationCode(of: application, key: key).prefix(16))
    // The form of a random UUID, as systemd gives it.
    id[6] = id[6] & 0x0f | 0x40
    id[8] = id[8] & 0x3f | 0x80
    return id.hexadecimalDigits
  }

  private static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard text.utf8.count == 32, digits.count == 32 else { return nil }
    return stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
