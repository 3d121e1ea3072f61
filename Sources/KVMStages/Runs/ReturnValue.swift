/// A function's return value, read from the register that held it.
///
/// The type is not in the trace. C's `int` leaves the upper half of the register undefined, and compilers clear it, so a negative errno comes
/// as `0xffffffea` as well as with its sign extended; every other value is taken as it is.
public struct ReturnValue: Sendable {
  public let value: Int64

  public init(_ register: Int64) {
    let low = Int64(Int32(truncatingIfNeeded: register))
    value = ErrnoName.isError(low) && (register >> 32 == 0 || register == low) ? low : register
  }

  public var isError: Bool { ErrnoName.isError(value) }
}
