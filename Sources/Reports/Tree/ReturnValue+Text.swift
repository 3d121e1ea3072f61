import CallTrees
import KVMStages

extension ReturnValue {
  /// `0`, `-EOPNOTSUPP`, `0xffff888003a1c000`.
  public var text: String {
    if isError { return Quantity.result(value) }
    if (0..<4096).contains(value) { return String(value) }
    return UInt64(bitPattern: value).hex
  }
}
