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
  /// `uname -r` of the kernel that it was built for, where the file tells it (`vermagic`).
  public var release: String?
  /// All sections, in the order of the file. The first one is empty.
  public var sections: [Section]
  /// By section, then offset, then name.
  public var functions: [Function]
  /// Names of the kernel and of other modules that the module uses, in the order of their bytes.
  public var imports: [String]

  /// - Parameter path: for messages.
  /// - Throws: `ModuleELFError` when the bytes are no module.
  public init(bytes: [UInt8], path: String) throws(ModuleELFError) {
    try self.init(ELFReader(bytes: Self.plain(bytes, path: path), path: path))
  }

  init(_ reader: ELFReader) throws(ModuleELFError) {
    architecture = reader.architecture
    sections = try reader.sections()
    buildID = reader.notes(sections).flatMap(BuildID.init(notes:))
    release = reader.description("vermagic", sections).map { String($0.prefix { $0 != " " }) }
    (functions, imports) = try reader.symbols()
  }

  /// The bytes of the file, unpacked where it is compressed.
  static func plain(_ bytes: [UInt8], path: String) throws(ModuleELFError) -> [UInt8] {
    var bytes = bytes
    do {
      if let plain = try CompressedFile.contents(of: bytes, limit: sizeLimit) { bytes = plain }
    } catch {
      throw ModuleELFError(path: path, problem: "cannot be unpacked: \(error)", advice: ModuleELFError.reinstall)
    }
    guard bytes.count <= sizeLimit else {
      throw ModuleELFError(path: path, problem: "is larger than \(sizeLimit >> 20) MiB", advice: ModuleELFError.reinstall)
    }
    return bytes
  }

  /// Greatest size in bytes, unpacked: kvm.ko has 2 MB, and some dozens with debugging information.
  public static let sizeLimit = 256 << 20
}

/// Why a module's file cannot be used.
public struct ModuleELFError: Error, Sendable, Hashable, CustomStringConvertible {
  public var path: String
  /// Byte offset in the (unpacked) file, where there is such a place.
  public var offset: UInt64?
  public var problem: String
  public var advice: String

  public init(path: String, offset: UInt64? = nil, problem: String, advice: String) {
    self.path = path
    self.offset = offset
    self.problem = problem
    self.advice = advice
  }

  static let reinstall = "install the kernel's package again, or name another file"

  /// What is wrong, where, and what to do next.
  public var description: String { "\(path): \(problem)\(offset.map { " (at byte \($0))" } ?? ""); \(advice)" }
}
