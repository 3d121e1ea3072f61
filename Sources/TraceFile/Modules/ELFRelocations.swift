/// The relocations of an ELF64 file: the places in its sections that refer to symbols.
struct ELFRelocations {
  /// What a place refers to.
  enum Target: Hashable {
    case name(String)
    /// A place in a section of this file, by the symbol and the addend.
    case place(section: Int, offset: UInt64)
  }

  struct Relocation {
    /// Bytes from the beginning of the section.
    var offset: UInt64
    var type: UInt32
    var target: Target
  }

  /// The section whose places are told of.
  let section: Int
  private let reader: ELFReader
  private let entries: Range<Int>
  private let symbols: Range<Int>
  private let names: Range<Int>

  private static let withAddends: UInt32 = 4
  /// Bytes of all together: a million of them. Those of the largest modules' code and data have 5 MB.
  private static let limit = 24 << 20
  private static let isAllocated: UInt64 = 2

  /// All of a file that belong to code and data of the kernel; there may be many more of debugging information.
  ///
  /// - Throws: `ModuleELFError` when they lie outside of the file, or are more than it has room for.
  static func all(_ reader: ELFReader) throws(ModuleELFError) -> [ELFRelocations] {
    var found: [ELFRelocations] = []
    // Sections that overlap could keep a reader busy for ever.
    var room = min(reader.file.count, limit)
    for (index, header) in reader.headers.enumerated() where header.type == withAddends && header.size > 0 {
      if reader.headers.indices.contains(Int(header.info)), reader.headers[Int(header.info)].flags & isAllocated == 0 { continue }
      let entries = try reader.contents(of: index, offset: header.offset, what: "relocations")
      let (table, section) = (Int(header.link), Int(header.info))
      room -= entries.count
      guard room >= 0, reader.headers.indices.contains(table), section > 0, reader.headers.indices.contains(section) else {
        throw reader.damage("a table of relocations has no section", at: header.offset)
      }
      let symbols = try reader.contents(of: table, offset: header.offset, what: "symbols of relocations")
      let names = try reader.contents(of: Int(reader.headers[table].link), offset: header.offset, what: "names of symbols")
      found.append(ELFRelocations(section: section, reader: reader, entries: entries, symbols: symbols, names: names))
    }
    return found
  }

  /// Hands over those that refer to a name or to a place in the file.
  func visit(_ body: (Relocation) -> Void) throws(ModuleELFError) {
    var imported: [UInt64: String] = [:]
    for at in stride(from: UInt64(entries.lowerBound), to: UInt64(entries.upperBound), by: 24) {
      guard let offset = reader.file.u64(at: at), let info = reader.file.u64(at: at + 8), let addend = reader.file.u64(at: at + 16) else {
        break
      }
      let symbol = info >> 32
      guard symbol > 0, symbol < UInt64(symbols.count / 24) else { continue }
      let place = UInt64(symbols.lowerBound) + symbol * 24
      guard let name = reader.file.u32(at: place), let section = reader.file.u16(at: place + 6), let value = reader.file.u64(at: place + 8)
      else { continue }
      if section == 0 {
        if imported[symbol] == nil { imported[symbol] = try reader.text(name, in: names) }
        guard let text = imported[symbol] else { continue }
        body(Relocation(offset: offset, type: UInt32(truncatingIfNeeded: info), target: .name(text)))
      } else if section < ELFReader.reserved {
        let target = Target.place(section: Int(section), offset: value &+ addend)
        body(Relocation(offset: offset, type: UInt32(truncatingIfNeeded: info), target: target))
      }
    }
  }
}
