/// Writes a small relocatable ELF64 file, for tests.
struct ELFWriter {
  struct Section {
    var name: String
    var type: UInt32
    var flags: UInt64 = 0
    var content: [UInt8] = []
    var link: UInt32 = 0
    var alignment: UInt64 = 1
  }

  struct Symbol {
    var name: String
    var section: UInt16
    var offset: UInt64 = 0
    var size: UInt64 = 0
    /// STT_FUNC.
    var type: UInt8 = 2
  }

  var machine: UInt16 = 62
  /// Sections 1, 2, …; the names' and symbols' come after them.
  var sections: [Section]
  var symbols: [Symbol]

  /// A module with two sections of code.
  static var sample: ELFWriter {
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

  var bytes: [UInt8] {
    var names: [UInt8] = [0]
    var table = [UInt8](repeating: 0, count: 24)
    for symbol in symbols {
      table += little(UInt32(names.count)) + [0x10 | symbol.type, 0] + little(symbol.section) + little(symbol.offset) + little(symbol.size)
      names += Array(symbol.name.utf8) + [0]
    }
    var all = [Section(name: "", type: 0)] + sections
    let count = UInt32(all.count)
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
        little(UInt64(section.content.count)) + little(section.link) + little(UInt32(0)) + little(section.alignment) + little(UInt64(0))
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
