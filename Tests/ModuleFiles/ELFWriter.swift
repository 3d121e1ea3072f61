/// Writes a small relocatable ELF64 file, for tests.
public struct ELFWriter: Sendable {
  public struct Section: Sendable {
    public var name: String
    public var type: UInt32
    public var flags: UInt64
    public var content: [UInt8]
    public var link: UInt32
    public var info: UInt32
    public var alignment: UInt64

    public init(
      name: String, type: UInt32, flags: UInt64 = 0, content: [UInt8] = [], link: UInt32 = 0, info: UInt32 = 0, alignment: UInt64 = 1
    ) {
      self.name = name
      self.type = type
      self.flags = flags
      self.content = content
      self.link = link
      self.info = info
      self.alignment = alignment
    }
  }

  /// A place that refers to a symbol; R_X86_64_PLT32 is that of calls.
  public struct Relocation: Sendable {
    /// Number of the section with the place, from 1.
    public var section: Int
    public var offset: UInt64
    public var symbol: String
    public var type: UInt32
    public var addend: Int64

    /// A call of `symbol`, whose operand lies at `offset`.
    public static func call(_ symbol: String, section: Int, at offset: UInt64) -> Relocation {
      Relocation(section: section, offset: offset, symbol: symbol, type: 4, addend: -4)
    }

    /// The address of `symbol`, as data hold it.
    public static func pointer(_ symbol: String, section: Int, at offset: UInt64, addend: Int64 = 0) -> Relocation {
      Relocation(section: section, offset: offset, symbol: symbol, type: 1, addend: addend)
    }
  }

  public struct Symbol: Sendable {
    public var name: String
    public var section: UInt16
    public var offset: UInt64
    public var size: UInt64
    /// STT_FUNC.
    public var type: UInt8

    public init(name: String, section: UInt16, offset: UInt64 = 0, size: UInt64 = 0, type: UInt8 = 2) {
      self.name = name
      self.section = section
      self.offset = offset
      self.size = size
      self.type = type
    }
  }

  public var machine: UInt16 = 62
  /// Sections 1, 2, …; those of relocations, of the names and of the symbols come after them.
  public var sections: [Section]
  public var symbols: [Symbol]
  public var relocations: [Relocation] = []

  public init(sections: [Section], symbols: [Symbol], relocations: [Relocation] = []) {
    self.sections = sections
    self.symbols = symbols
    self.relocations = relocations
  }

  /// A module with two sections of code.
  public static var sample: ELFWriter {
    ELFWriter(
      sections: [
        Section(name: ".text", type: 1, flags: 6, content: [UInt8](repeating: 0xcc, count: 64), alignment: 16),
        Section(name: ".init.text", type: 1, flags: 6, content: [UInt8](repeating: 0xcc, count: 32), alignment: 16),
        Section(name: ".note.gnu.build-id", type: 7, flags: 2, content: note(type: 3, Array(1...20)), alignment: 4),
      ],
      symbols: [
        Symbol(name: "kvm_init", section: 0, type: 0), Symbol(name: "__fentry__", section: 0, type: 0),
        Symbol(name: "vmx_init", section: 2, offset: 16, size: 16), Symbol(name: "init_module", section: 2, offset: 16, size: 16),
        Symbol(name: "vmx_vcpu_run", section: 1, size: 40), Symbol(name: "enable_ept", section: 1, offset: 4, type: 1),
        Symbol(name: "absolute", section: 0xfff1, offset: 1),
      ])
  }

  public var bytes: [UInt8] {
    var names: [UInt8] = [0]
    var table = [UInt8](repeating: 0, count: 24)
    for symbol in symbols {
      table += little(UInt32(names.count)) + [0x10 | symbol.type, 0] + little(symbol.section) + little(symbol.offset) + little(symbol.size)
      names += Array(symbol.name.utf8) + [0]
    }
    var all = [Section(name: "", type: 0)] + sections
    let tables = Dictionary(grouping: relocations, by: \.section).sorted { $0.key < $1.key }
    let count = UInt32(all.count + tables.count)
    for (section, entries) in tables {
      let content = entries.flatMap { entry -> [UInt8] in
        let symbol = UInt64((symbols.firstIndex { $0.name == entry.symbol } ?? -1) + 1)
        return little(entry.offset) + little(symbol << 32 | UInt64(entry.type)) + little(entry.addend)
      }
      all.append(
        Section(name: ".rela" + all[section].name, type: 4, content: content, link: count, info: UInt32(section), alignment: 8))
    }
    all.append(Section(name: ".symtab", type: 2, content: table, link: count + 1, alignment: 8))
    all.append(Section(name: ".strtab", type: 3, content: names))
    all.append(Section(name: ".shstrtab", type: 3))
    var sectionNames: [UInt8] = []
    var places: [UInt32] = []
    for section in all {
      places.append(UInt32(sectionNames.count))
      sectionNames += Array(section.name.utf8) + [0]
    }
    all[all.count - 1].content = sectionNames
    var body: [UInt8] = []
    var headers: [UInt8] = []
    for (section, place) in zip(all, places) {
      headers += little(place) + little(section.type) + little(section.flags) + little(UInt64(0)) + little(UInt64(64 + body.count))
      headers +=
        little(UInt64(section.content.count)) + little(section.link) + little(section.info) + little(section.alignment) + little(UInt64(0))
      body += section.content
    }
    var header: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    header +=
      little(UInt16(1)) + little(machine) + little(UInt32(1)) + little(UInt64(0)) + little(UInt64(0)) + little(UInt64(64 + body.count))
    header += little(UInt32(0)) + little(UInt16(64)) + little(UInt16(0)) + little(UInt16(0)) + little(UInt16(64))
    header += little(UInt16(all.count)) + little(UInt16(all.count - 1))
    return header + body + headers
  }

  private func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}

/// An ELF note.
public func note(type: UInt8, _ content: [UInt8], owner: String = "GNU") -> [UInt8] {
  func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4) }
  let name = Array(owner.utf8) + [0]
  return [UInt8(name.count), 0, 0, 0, UInt8(content.count), 0, 0, 0, type, 0, 0, 0] + padded(name) + padded(content)
}
