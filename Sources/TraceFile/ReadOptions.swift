/// What a reader uses beside the trace.
public struct ReadOptions: Sendable {
  /// A copy of `/proc/kallsyms`: names what the symbols in the trace do not.
  public var kallsyms: String?
  /// A `System.map`: names what no other source does. It has no modules, and fits only a kernel whose addresses are not randomised.
  public var systemMap: String?
  /// Threads that decode beside the caller's; nil: as many as there are other processors, up to 7.
  public var threads: Int?
  /// Bytes that are read at most where the size is not known beforehand, as from standard input.
  public var inputLimit: Int

  public init(kallsyms: String? = nil, systemMap: String? = nil, threads: Int? = nil, inputLimit: Int = 4 << 30) {
    self.kallsyms = kallsyms
    self.systemMap = systemMap
    self.threads = threads
    self.inputLimit = inputLimit
  }
}
