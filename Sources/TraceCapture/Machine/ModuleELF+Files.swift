import TraceFile

extension ModuleELF {
  /// Reads a module from `files`: plain, or compressed with xz, zstd or gzip.
  ///
  /// - Parameter path: as `ModuleFiles.path(of:)` gives it.
  /// - Throws: `ModuleELFError` when it cannot be read.
  public init(_ files: KernelFiles, path: String) throws(ModuleELFError) {
    guard let bytes = files.bytes(path, limit: Self.sizeLimit + 1) else {
      throw ModuleELFError(path: path, problem: "cannot be read", advice: "check that it is there and that you may read it")
    }
    try self.init(bytes: bytes, path: path)
  }
}
