/// Where the kernel puts the sections of a module.
///
/// Code that is freed after the init lies in an area of its own. In each area the executable sections come first, in the order of the file,
/// each at the next place that its alignment allows; an area begins at a page (kernel/module.c `layout_sections`, `get_offset`; since 6.4
/// kernel/module/main.c `__layout_sections`, with the memory types MOD_TEXT and MOD_INIT_TEXT).
package struct ModuleLayout: Sendable {
  package enum Area: Sendable, Hashable {
    /// What stays as long as the module does.
    case core
    /// The sections whose names begin with `.init`.
    case initial
  }

  package struct Place: Sendable, Hashable {
    package var area: Area
    /// Bytes from the beginning of the area.
    package var offset: UInt64
  }

  /// Bytes of code in each area.
  private(set) var sizes: [Area: UInt64] = [:]
  private var sections: [Int: Place] = [:]

  /// The kernel's pages.
  static let pageSize: UInt64 = 4096
  /// No area is larger: the kernel maps modules within 2 GB.
  private static let limit: UInt64 = 1 << 31

  init(_ elf: ModuleELF) {
    var isKnown: [Area: Bool] = [:]
    for (index, section) in elf.sections.enumerated() where section.isAllocated && section.isExecutable {
      let area: Area = section.name.hasPrefix(".init") ? .initial : .core
      guard isKnown[area] != false else { continue }
      // The loader makes these as large as the relocations ask for: where those behind them lie, the file does not tell.
      if elf.architecture != .x86, Self.isSizedByLoader(section.name) {
        isKnown[area] = false
        continue
      }
      let size = sizes[area] ?? 0
      guard section.alignment <= Self.limit, section.size <= Self.limit, size <= Self.limit else {
        isKnown[area] = false
        continue
      }
      let start = (size + section.alignment - 1) & ~(section.alignment - 1)
      sections[index] = Place(area: area, offset: start)
      sizes[area] = start + section.size
    }
  }

  /// arm64 and riscv: `module_frob_arch_sections`.
  private static func isSizedByLoader(_ name: String) -> Bool {
    [".plt", ".init.plt", ".got", ".got.plt", ".text.ftrace_trampoline"].contains(name)
  }

  /// Where a place in a section lies; nil for one that holds no code, or whose place is not told.
  func place(section: Int, offset: UInt64) -> Place? {
    guard var place = sections[section], offset <= Self.limit else { return nil }
    place.offset += offset
    return place
  }
}
