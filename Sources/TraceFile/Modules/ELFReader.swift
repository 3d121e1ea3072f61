/// Walks over the tables of an ELF64 file: the header, the sections, the symbols. See elf(5).
struct ELFReader {
  let architecture: ModuleELF.Architecture
  let file: LittleEndianBytes
  private let path: String
  let headers: [SectionHeader]

  struct SectionHeader {
    var name: UInt32
    var type: UInt32
    var flags: UInt64
    var offset: UInt64
    var size: UInt64
    var link: UInt32
    /// Of relocations: the section that they are of.
    var info: UInt32
    var alignment: UInt64
  }

  static let symbolTable: UInt32 = 2
  private static let noteSection: UInt32 = 7
  static let noBits: UInt32 = 8
  /// A kernel's names have at most 511 bytes (KSYM_NAME_LEN).
  private static let nameLimit = 511
  /// Symbols that a file may have: kvm.ko has some 10,000.
  private static let symbolLimit = 1 << 16
  /// Bytes of a module's description and of its notes: they have some KB.
  private static let textLimit = 1 << 20
  /// From here on a symbol's section is no index but a special value (SHN_LORESERVE).
  static let reserved: UInt16 = 0xff00

  /// - Throws: `ModuleELFError` when the bytes are no ELF64 file of a kernel module.
  init(bytes: [UInt8], path: String) throws(ModuleELFError) {
    file = LittleEndianBytes(bytes)
    self.path = path
    guard bytes.starts(with: FileKind.elfMagic) else {
      throw ModuleELFError(path: path, problem: "is no ELF file", advice: "name a kernel module, such as kvm-intel.ko")
    }
    guard file.u8(at: 4) == 2, file.u8(at: 5) == 1 else {
      throw ModuleELFError(path: path, problem: "is no 64-bit little-endian ELF file", advice: Self.supported)
    }
    guard file.u16(at: 16) == 1 else {
      throw ModuleELFError(
        path: path, problem: "is a program or a library, not a module", advice: "name a kernel module, such as kvm-intel.ko")
    }
    architecture = try Self.architecture(file.u16(at: 18), path: path)
    headers = try Self.headers(file, path: path)
  }

  private static let supported = "modules of x86-64, arm64 and riscv64 are understood"

  private static func architecture(_ machine: UInt16?, path: String) throws(ModuleELFError) -> ModuleELF.Architecture {
    switch machine {
    case 62: return .x86
    case 183: return .arm64
    case 243: return .riscv64
    default:
      let name = machine.map { "of machine \($0)" } ?? "cut off"
      throw ModuleELFError(path: path, offset: 18, problem: "is an ELF file \(name)", advice: supported)
    }
  }

  private static func headers(_ file: LittleEndianBytes, path: String) throws(ModuleELFError) -> [SectionHeader] {
    guard let start = file.u64(at: 40), let size = file.u16(at: 58), let count = file.u16(at: 60), size >= 64, count > 0 else {
      throw ModuleELFError(path: path, offset: 40, problem: "has no table of sections", advice: ModuleELFError.reinstall)
    }
    guard file.range(at: start, count: UInt64(size) * UInt64(count)) != nil else {
      throw ModuleELFError(path: path, offset: start, problem: "ends before its table of sections", advice: ModuleELFError.reinstall)
    }
    return (0..<UInt64(count)).compactMap { index in
      let at = start + index * UInt64(size)
      guard let name = file.u32(at: at), let type = file.u32(at: at + 4), let flags = file.u64(at: at + 8),
        let offset = file.u64(at: at + 24), let size = file.u64(at: at + 32), let link = file.u32(at: at + 40),
        let info = file.u32(at: at + 44), let alignment = file.u64(at: at + 48)
      else { return nil }
      return SectionHeader(name: name, type: type, flags: flags, offset: offset, size: size, link: link, info: info, alignment: alignment)
    }
  }

  /// The sections with their names.
  func sections() throws(ModuleELFError) -> [ModuleELF.Section] {
    let names = try contents(of: Int(file.u16(at: 62) ?? 0), offset: 62, what: "names of sections")
    var sections: [ModuleELF.Section] = []
    for header in headers {
      let name = try text(header.name, in: names)
      let alignment = max(1, header.alignment)
      guard alignment & (alignment - 1) == 0 else {
        throw damage("section \(name) has the alignment \(alignment)", at: header.offset)
      }
      sections.append(
        ModuleELF.Section(
          name: name, size: header.size, alignment: alignment, isAllocated: header.flags & 2 != 0, isExecutable: header.flags & 4 != 0))
    }
    return sections
  }

  /// The bytes of the section that holds the build id.
  func notes(_ sections: [ModuleELF.Section]) -> [UInt8]? {
    guard let index = sections.firstIndex(where: { $0.name == ".note.gnu.build-id" }), headers[index].type == Self.noteSection,
      headers[index].size <= Self.textLimit, let range = file.range(at: headers[index].offset, count: headers[index].size)
    else { return nil }
    return Array(file.bytes[range])
  }

  /// What follows `key=` in the module's description.
  func description(_ key: String, _ sections: [ModuleELF.Section]) -> String? {
    guard let index = sections.firstIndex(where: { $0.name == ".modinfo" }), headers[index].type != Self.noBits,
      headers[index].size <= Self.textLimit, let range = file.range(at: headers[index].offset, count: headers[index].size)
    else { return nil }
    let start = Array((key + "=").utf8)
    let line = file.bytes[range].split(separator: 0).first { $0.starts(with: start) }
    return line.map { String(decoding: $0.dropFirst(start.count), as: UTF8.self) }
  }

  /// The functions that the file defines, and the names that it does not.
  ///
  /// - Throws: `ModuleELFError` when there is no symbol table or it is damaged.
  func symbols() throws(ModuleELFError) -> (functions: [ModuleELF.Function], imports: [String]) {
    guard let index = headers.firstIndex(where: { $0.type == Self.symbolTable }) else {
      throw ModuleELFError(path: path, problem: "has no symbols", advice: ModuleELFError.reinstall)
    }
    let table = try contents(of: index, offset: headers[index].offset, what: "symbols")
    let names = try contents(of: Int(headers[index].link), offset: headers[index].offset, what: "names of symbols")
    guard table.count / 24 <= Self.symbolLimit else { throw damage("\(table.count / 24) symbols", at: UInt64(table.lowerBound)) }
    guard table.count % 24 == 0 else { throw damage("the table of symbols has \(table.count) bytes", at: UInt64(table.lowerBound)) }
    var functions: [ModuleELF.Function] = []
    var imports: [String] = []
    // The first symbol is empty.
    for at in stride(from: UInt64(table.lowerBound), to: UInt64(table.upperBound), by: 24).dropFirst() {
      guard let name = file.u32(at: at), let info = file.u8(at: at + 4), let section = file.u16(at: at + 6),
        let value = file.u64(at: at + 8),
        let size = file.u64(at: at + 16), name != 0
      else { continue }
      if section == 0 {
        imports.append(try text(name, in: names))
      } else if info & 15 == 2, section < Self.reserved {
        functions.append(try function(text(name, in: names), section: Int(section), offset: value, size: size, at: at))
      }
    }
    functions.sort { ($0.section, $0.offset, $0.name) < ($1.section, $1.offset, $1.name) }
    return (functions, Set(imports).sorted())
  }

  private func function(
    _ name: String, section: Int, offset: UInt64, size: UInt64, at: UInt64
  ) throws(ModuleELFError) -> ModuleELF.Function {
    guard section < headers.count, headers[section].type != Self.noBits, offset <= headers[section].size,
      size <= headers[section].size - offset
    else { throw damage("the function \(name) lies outside of its section", at: at) }
    return ModuleELF.Function(name: name, section: section, offset: offset, size: size)
  }

  /// Where the bytes of a section lie.
  func contents(of section: Int, offset: UInt64, what: String) throws(ModuleELFError) -> Range<Int> {
    guard section > 0, section < headers.count, headers[section].type != Self.noBits,
      let range = file.range(at: headers[section].offset, count: headers[section].size)
    else { throw damage("the \(what) lie outside of the file", at: offset) }
    return range
  }

  func text(_ name: UInt32, in table: Range<Int>) throws(ModuleELFError) -> String {
    let offset = UInt64(table.lowerBound) + UInt64(name)
    guard let text = file.name(at: offset, before: table.upperBound, limit: Self.nameLimit) else {
      throw damage("a name lies outside of its table or does not end", at: offset)
    }
    return text
  }

  func damage(_ what: String, at offset: UInt64) -> ModuleELFError {
    ModuleELFError(path: path, offset: offset, problem: "is damaged: \(what)", advice: ModuleELFError.reinstall)
  }
}
