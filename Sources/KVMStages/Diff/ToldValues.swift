/// Compares what the runs of two sides say of one thing, where some runs cannot tell.
enum ToldValues {
  /// Whether the sides differ: one has a value that no run of the other has, nor may have without telling it.
  static func differ<Value: Hashable>(_ old: [Value], _ new: [Value], isTold: (Value) -> Bool) -> Bool {
    func hasMore(_ one: [Value], than other: [Value]) -> Bool {
      other.allSatisfy(isTold) && !Set(one.filter(isTold)).isSubset(of: other)
    }
    return hasMore(old, than: new) || hasMore(new, than: old)
  }
}
