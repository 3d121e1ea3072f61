import TraceFile

/// A module's file (`.ko`): which functions it has and where they lie in their sections, what it imports, and its build id.
///
/// Reads the relocatable ELF64 files of x86-64, arm64 and riscv64. Any bytes give a module or an error.
public struct ModuleELF: Sendable, Hashable {
  public enum Architecture: String, Sendable, Hashable {
    case x86 = "x86_64"
    case arm64, riscv64
  }

  public struct Section: Sendable, Hashable {
    public var name: String
    /// Bytes.
    public var size: UInt64
    /// A power of two, at least 1.
    public var alignment: UInt64
    /// It takes memory in the kernel (SHF_ALLOC).
    public var isAllocated: Bool
    /// It holds code (SHF_EXECINSTR).
    public var isExecutable: Bool
  }

  /// A function that the module defines. Aliases (`init_module` of `vmx_init`) are functions of their own.
  public struct Function: Sendable, Hashable {
    public var name: String
    /// Index in `sections`.
    public var section: Int
    /// Bytes from the beginning of the section.
    public var offset: UInt64
    /// Bytes; 0 where the file does not say.
    public var size: UInt64
  }

  public var architecture: Architecture
  public var buildID: BuildID?
  /// All sections, in the order of the file. The first one is empty.
  public var sections: [Section]
  /// By section, then offset, then name.
  public var functions: [Function]
  /// Names of the kernel and of other modules that the module uses, in the order of their bytes.
  public var imports: [String]

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

  /// - Parameter path: for messages.
  /// - Throws: `ModuleELFError` when the bytes are no module.
  public init(bytes: [UInt8], path: String) throws(ModuleELFError) {
    var bytes = bytes
    do {
      if let plain = try CompressedFile.contents(of: bytes, limit: Self.sizeLimit) { bytes = plain }
    } catch {
      throw ModuleELFError(path: path, problem: "cannot be unpacked: \(error)", advice: ModuleELFError.reinstall)
    }
    guard bytes.count <= Self.sizeLimit else {
      throw ModuleELFError(path: path, problem: "is larger than \(Self.sizeLimit >> 20) MiB", advice: ModuleELFError.reinstall)
    }
    let reader = try ELFReader(bytes: bytes, path: path)
    architecture = reader.architecture
    sections = try reader.sections()
    buildID = reader.notes(sections).flatMap(BuildID.init(notes:))
    (functions, imports) = try reader.symbols()
  }

  /// kvm.ko has 2 MB, and some dozens with debugging information.
  private static let sizeLimit = 256 << 20
}

/// Why a module's file cannot be used.
public struct ModuleELFError: Error, Sendable, Hashable, CustomStringConvertible {
  public var path: String
  /// Byte offset in the (unpacked) file, where there is such a place.
  public var offset: UInt64?
  public var problem: String
  public var advice: String

  static let reinstall = "install the kernel's package again, or name another file"

  /// What is wrong, where, and what to do next.
  public var description: String { "\(path): \(problem)\(offset.map { " (at byte \($0))" } ?? ""); \(advice)" }
}
