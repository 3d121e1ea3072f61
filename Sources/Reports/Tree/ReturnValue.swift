import KVMStages

/// A function's return value as the register held it: C's `int` leaves the upper half undefined.
public struct ReturnValue: Sendable {
  public let value: Int64

  public init(_ register: Int64) {
    let low = Int64(Int32(truncatingIfNeeded: register))
    value = ErrnoName.isError(low) && (register >> 32 == 0 || register == low) ? low : register
  }

  public var isError: Bool { ErrnoName.isError(value) }

  /// `0`, `-EOPNOTSUPP`, `0xffff888003a1c000`.
  public var text: String {
    if isError { return Quantity.result(value) }
    if (0..<4096).contains(value) { return String(value) }
    return "0x" + String(UInt64(bitPattern: value), radix: 16)
  }
}
