import Corruption
import TraceFile

/// The trace of a load of a module, of which only the loader's functions have names: its init function calls what the file says that it calls.
struct LoadOfModule {
  private let file: ModuleFile
  private let hasKernel: Bool
  private var writer = DatWriter()
  private var events: [UInt8] = []
  private var time: UInt64 = 1000
  /// Functions of the kernel and of kvm that the file refers to, by name.
  private var imports: [String: UInt64] = [:]
  private var room = 100

  private static let loader: [UInt64] = [0xffff_ffff_8100_0000, 0xffff_ffff_8100_0100]
  private static let bases: [ModuleLayout.Area: UInt64] = [.core: 0xffff_ffff_c020_0000, .initial: 0xffff_ffff_c010_0000]

  /// - Parameters:
  ///   - isNamed: the recorded symbols have some of the functions that stay.
  ///   - hasKernel: the trace tells the release that the file is for.
  init(_ file: ModuleFile, isNamed: Bool, hasKernel: Bool) {
    self.file = file
    self.hasKernel = hasKernel
    writer.pageSize = 1 << 16
    writer.formats = [("ftrace", [DatWriter.entryFormat(), DatWriter.exitFormat()])]
    var symbols = ["ffffffff81000000 T do_init_module", "ffffffff81000100 T do_one_initcall"]
    for (index, name) in file.code.elf.imports.prefix(50).enumerated() {
      let address = 0xffff_ffff_8200_0000 + UInt64(index) << 8
      imports[name] = address
      symbols.append("\(String(address, radix: 16)) T \(name)" + (name.hasPrefix("kvm") ? "\t[kvm]" : ""))
    }
    for index in file.code.functions.indices.prefix(200) where isNamed && index % 3 == 0 {
      guard let place = file.entry(of: index), place.area == .core, let address = address(of: index) else { continue }
      symbols.append("\(String(address, radix: 16)) t \(file.code.functions[index].name)\t[\(file.name)]")
    }
    writer.kallsyms = symbols.sorted().joined(separator: "\n") + "\n"
  }

  var trace: [UInt8] {
    var copy = self
    copy.call(Self.loader[0], depth: 0) {
      $0.call(Self.loader[1], depth: 1) { load in
        if let start = load.file.code.initFunction { load.call(start, depth: 2) }
      }
    }
    copy.writer.buffers = [(name: "", cpus: [(cpu: 0, pages: [copy.writer.page(time: 1000, events: copy.events)])])]
    if hasKernel, let release = file.release { copy.writer.options = [(id: 5, data: DatWriter.string("Linux host \(release) x86_64"))] }
    return copy.writer.file().bytes
  }

  private func address(of function: Int) -> UInt64? {
    file.entry(of: function).flatMap { place in Self.bases[place.area].map { $0 &+ place.offset } }
  }

  /// A function of the module, and below it what it reaches.
  private mutating func call(_ function: Int, depth: UInt32) {
    guard room > 0, depth < 8, let address = address(of: function) else { return }
    room -= 1
    call(address, depth: depth) { load in
      let reach = load.file.code.reach(function)
      for callee in reach.functions.sorted() { load.call(callee, depth: depth + 1) }
      for name in reach.imports.sorted().prefix(5) {
        if let address = load.imports[name] { load.call(address, depth: depth + 1) { _ in } }
      }
    }
  }

  private mutating func call(_ address: UInt64, depth: UInt32, _ below: (inout LoadOfModule) -> Void) {
    let start = time
    events += writer.event(delta: 10, writer.enter(address, depth: depth))
    time += 10
    below(&self)
    events += writer.event(delta: 10, writer.leave(address, depth: depth, from: start, to: time))
    time += 10
  }
}
