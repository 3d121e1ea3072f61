import CallTrees

extension Recording {
  /// Number of the machine's CPUs; nil: not told. A text of tracefs names those that recorded something, which may be fewer.
  var machineCPUs: Int? { source.kind == .ftraceText ? nil : source.cpus }
}
