import Glibc

/// A module's file, laid out as the kernel lays it out.
public struct ModuleFile: Sendable {
  /// As the kernel calls the module: `kvm_intel`.
  public let name: String
  public let path: String
  package let code: ModuleCode
  let layout: ModuleLayout
  /// The functions that can be traced, by the place of ftrace's call in each area.
  private let entries: [ModuleLayout.Area: [UInt64: Int]]
  /// The distance that lies between the places that its functions begin at, as far as the file tells: 16, or 1.
  private let grains: [ModuleLayout.Area: UInt64]

  /// Reads a file that may be compressed.
  ///
  /// - Throws: `ModuleELFError` when the bytes are no module.
  public init(bytes: [UInt8], path: String) throws(ModuleELFError) {
    self.init(try ModuleCode(bytes: bytes, path: path), path: path)
  }

  private init(_ code: ModuleCode, path: String) {
    let file = path.split(separator: "/").last ?? ""
    name = String(file.prefix { $0 != "." }.map { $0 == "-" ? "_" : $0 })
    self.path = path
    self.code = code
    let layout = ModuleLayout(code.elf)
    self.layout = layout
    var entries: [ModuleLayout.Area: [UInt64: Int]] = [:]
    var offsets: [ModuleLayout.Area: UInt64] = [:]
    for (index, function) in code.functions.enumerated() {
      guard let entry = function.entry, let place = layout.place(section: function.section, offset: entry) else { continue }
      entries[place.area, default: [:]][place.offset] = index
      offsets[place.area, default: 0] |= place.offset ^ (function.entry ?? 0) ^ function.offset
    }
    self.entries = entries
    grains = offsets.mapValues { $0 & 15 == 0 ? 16 : 1 }
  }

  /// `uname -r` of the kernel that the file is for, and its build id.
  public var release: String? { code.elf.release }
  public var buildID: BuildID? { code.elf.buildID }

  /// The ways in which its functions may be entered: one where the file tells it, as on x86.
  var variants: [ModuleFile] { code.tellsEntries ? [self] : [0, 4, 8].map { ModuleFile(code.entered(behind: $0), path: path) } }

  /// The function that is entered at a place, and the place at which a function is entered.
  func function(at offset: UInt64, in area: ModuleLayout.Area) -> Int? { entries[area]?[offset] }
  package func entry(of index: Int) -> ModuleLayout.Place? {
    let function = code.functions[index]
    return function.entry.flatMap { layout.place(section: function.section, offset: $0) }
  }

  /// The functions of an area that can be traced, with their places.
  func entries(in area: ModuleLayout.Area) -> [UInt64: Int] { entries[area] ?? [:] }

  func size(of area: ModuleLayout.Area) -> UInt64 { layout.sizes[area] ?? 0 }

  /// How many bits the place in its page says about a function.
  ///
  /// The first function of its area lies there in many a module: mostly the init function, which has an area for itself.
  func bits(of index: Int) -> Double {
    guard let place = entry(of: index) else { return 0 }
    let isFirst = entries(in: place.area).keys.min() == place.offset
    return isFirst ? 2 : log2(places(inPageOf: place.area))
  }

  /// The number of places at which a function of an area can begin, in a page and in all.
  func places(inPageOf area: ModuleLayout.Area) -> Double { Double(ModuleLayout.pageSize / (grains[area] ?? 1)) }
  func places(in area: ModuleLayout.Area) -> Double { max(1, Double(size(of: area) / (grains[area] ?? 1))) }
}
