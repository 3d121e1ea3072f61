/// What a reader uses beside the trace.
public struct ReadOptions: Sendable {
  /// A copy of `/proc/kallsyms`: names what the symbols in the trace do not.
  public var kallsyms: String?
  /// A `System.map`: names what the symbol lists do not. It has no modules; the distance of its addresses from those of the recorded kernel
  /// is found by the recorded symbols.
  public var systemMap: String?
  /// Files of modules: name what no symbol list does.
  public var modules = ModuleSet()
  /// `uname -r` of the recorded kernel, or its beginning, for a trace that does not tell it.
  public var kernel: String?
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
