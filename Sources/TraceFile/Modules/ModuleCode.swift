import CallTrees

/// The functions of a module as a tracer meets them: where they are entered, what they call, and which of them are called by a pointer.
package struct ModuleCode: Sendable {
  package struct Function: Sendable {
    /// The name that is shown, of all that the place has.
    package var name: String
    var aliases: [String]
    /// Index of the section, and bytes from its beginning.
    var section: Int
    var offset: UInt64
    var size: UInt64
    /// Where ftrace's call lies, in bytes from the beginning of the section: nil for a function that cannot be traced.
    package var entry: UInt64?
    /// Indices of the module's functions that it refers to.
    var callees: Set<Int> = []
    /// Names of others that it refers to.
    var imports: Set<String> = []
    var callsPointers = false
    /// Data of the module hold its address, or its code takes it: other modules can call it.
    var isPointedTo = false
  }

  /// What a function calls directly, or through functions that cannot be traced.
  package struct Reach: Sendable {
    package var functions: Set<Int> = []
    package var imports: Set<String> = []
    /// It also calls what pointers tell.
    var callsPointers = false
    /// Functions and names that were gone through to find it.
    var steps = 0
  }

  package let elf: ModuleELF
  /// By section, then offset.
  package private(set) var functions: [Function] = []
  /// Whether the file tells where ftrace's calls lie.
  private(set) var tellsEntries = false
  private var bySection: [Int: Range<Int>] = [:]
  /// Functions by their names; negative for a name that stands twice.
  private var byName: [String: Int] = [:]

  /// - Parameter path: for messages.
  /// - Throws: `ModuleELFError` when the bytes are no module.
  init(bytes: [UInt8], path: String) throws(ModuleELFError) {
    let reader = try ELFReader(bytes: ModuleELF.plain(bytes, path: path), path: path)
    elf = try ModuleELF(reader)
    gatherFunctions()
    let relocations = try ELFRelocations.all(reader)
    for table in relocations { try take(table) }
    takeDirectCalls(reader)
    // Without return-speculation thunks any indirect call may be one that the bytes do not show.
    if !elf.imports.contains(where: { $0.hasPrefix(Self.thunk) }) {
      for index in functions.indices { functions[index].callsPointers = true }
    }
  }

  private static let thunk = "__x86_indirect_thunk"
  /// Call targets that are patched at run time: `static_call`.
  private static let staticCall = "__SCT__"

  // MARK: looking up

  /// The function whose code holds a place.
  func index(section: Int, offset: UInt64) -> Int? {
    guard let range = bySection[section] else { return nil }
    let next = functions[range].partitionPoint { $0.offset > offset }
    guard next > range.lowerBound else { return nil }
    let function = functions[next - 1]
    return offset - function.offset < max(1, function.size) ? next - 1 : nil
  }

  /// The only function with a name.
  func index(of name: String) -> Int? { byName[name].flatMap { $0 >= 0 ? $0 : nil } }

  /// The function that the loader calls.
  package var initFunction: Int? { index(of: "init_module") }

  /// What a function can call, as the trace shows it: functions that cannot be traced are passed through.
  package func reach(_ start: Int) -> Reach {
    var reach = Reach()
    var seen: Set<Int> = []
    var rest = [start]
    while let index = rest.popLast() {
      guard functions.indices.contains(index), seen.insert(index).inserted else { continue }
      let function = functions[index]
      reach.steps += 1 + function.callees.count + function.imports.count
      reach.imports.formUnion(function.imports)
      reach.callsPointers = reach.callsPointers || function.callsPointers
      for callee in function.callees {
        if functions[callee].entry == nil { rest.append(callee) } else { reach.functions.insert(callee) }
      }
    }
    return reach
  }

  /// The same module for a machine whose file does not tell where the calls of ftrace lie: all so far behind their symbols.
  func entered(behind distance: UInt64) -> ModuleCode {
    var copy = self
    for index in functions.indices { copy.functions[index].entry = functions[index].offset &+ distance }
    return copy
  }

  // MARK: reading

  private mutating func gatherFunctions() {
    for function in elf.functions where elf.sections.indices.contains(function.section) && elf.sections[function.section].isExecutable {
      if function.name.hasPrefix("__pfx_") || function.name.hasPrefix("__cfi_") { continue }
      // Changed where it stands: a copy of it would make each further name copy those before it.
      if let last = functions.indices.last, functions[last].section == function.section, functions[last].offset == function.offset {
        functions[last].aliases.append(function.name)
        functions[last].size = max(functions[last].size, function.size)
        // The second names that every module's init and exit functions have say least.
        if ["init_module", "cleanup_module"].contains(functions[last].name) { functions[last].name = function.name }
      } else {
        functions.append(
          Function(
            name: function.name, aliases: [function.name], section: function.section, offset: function.offset, size: function.size))
      }
    }
    for (index, function) in functions.enumerated() {
      bySection[function.section] = (bySection[function.section]?.lowerBound ?? index)..<(index + 1)
      for name in function.aliases { byName[name] = byName[name] == nil ? index : -1 }
    }
  }

  private mutating func take(_ table: ELFRelocations) throws(ModuleELFError) {
    guard elf.sections.indices.contains(table.section) else { return }
    let section = elf.sections[table.section]
    if section.name == "__mcount_loc" {
      tellsEntries = true
      try table.visit { relocation in takeEntry(relocation.target) }
    } else if section.isExecutable {
      try table.visit { relocation in takeReference(relocation, in: table.section) }
    } else if section.isAllocated, !Self.tables.contains(section.name) {
      try table.visit { relocation in takePointer(relocation.target) }
    }
  }

  /// Sections of data that tell of places in the code, and are no pointers to functions for anyone to call.
  private static let tables: Set<String> = [
    ".ibt_endbr_seal", "__patchable_function_entries", ".orc_unwind_ip", ".orc_unwind", ".call_sites", ".return_sites", ".cfi_sites",
    ".retpoline_sites", "__jump_table", ".altinstructions", ".static_call_sites", "__bug_table", ".smp_locks", "__ex_table",
    ".parainstructions", ".eh_frame", "__dyndbg",
  ]

  private mutating func takeEntry(_ target: ELFRelocations.Target) {
    guard case .place(let section, let offset) = target, let index = index(section: section, offset: offset) else { return }
    if offset - functions[index].offset <= CallTrees.Function.entryReach { functions[index].entry = offset }
  }

  private mutating func takePointer(_ target: ELFRelocations.Target) {
    guard case .place(let section, let offset) = target, let index = index(section: section, offset: offset) else { return }
    if offset - functions[index].offset <= CallTrees.Function.entryReach { functions[index].isPointedTo = true }
  }

  /// R_X86_64_PC32 and R_X86_64_PLT32: relative to the end of a field of four bytes. The latter is that of calls and jumps.
  private static let relative: UInt32 = 2
  private static let branch: UInt32 = 4

  private mutating func takeReference(_ relocation: ELFRelocations.Relocation, in section: Int) {
    let caller = index(section: section, offset: relocation.offset)
    switch relocation.target {
    case .name(let name):
      guard let caller else { return }
      functions[caller].imports.insert(name)
      if name.hasPrefix(Self.thunk) || name.hasPrefix(Self.staticCall) { functions[caller].callsPointers = true }
    case .place(let target, let offset):
      let isX86 = elf.architecture == .x86
      let isBranch = isX86 && relocation.type == Self.branch
      let place = isX86 && (isBranch || relocation.type == Self.relative) ? offset &+ 4 : offset
      guard let callee = index(section: target, offset: place) else { return }
      if let caller { functions[caller].callees.insert(callee) }
      // What no function's code refers to is text that is patched in.
      if !isBranch || caller == nil { takePointer(.place(section: target, offset: place)) }
    }
  }

  /// Bytes of code that are looked through for calls: kvm.ko has 1 MB of code.
  private static let codeLimit = 4 << 20

  /// Calls and jumps within a section, which the assembler resolves: any bytes that look like one, and lead to a function.
  private mutating func takeDirectCalls(_ reader: ELFReader) {
    guard elf.architecture == .x86 else { return }
    var room = min(reader.file.count, Self.codeLimit)
    for (section, range) in bySection {
      let header = reader.headers[section]
      guard header.type != ELFReader.noBits, reader.file.range(at: header.offset, count: header.size) != nil else { continue }
      for index in range {
        let end = min(functions[index].offset &+ functions[index].size, header.size)
        guard functions[index].offset < end else { continue }
        // Functions that overlap could keep a reader busy for ever.
        room -= Int(end - functions[index].offset)
        guard room >= 0 else { return }
        takeDirectCalls(from: index, at: functions[index].offset..<end, header: header, reader: reader)
      }
    }
  }

  private mutating func takeDirectCalls(
    from caller: Int, at range: Range<UInt64>, header: ELFReader.SectionHeader, reader: ELFReader
  ) {
    let code = reader.file.bytes
    let start = Int(header.offset)
    for offset in range {
      let at = start + Int(offset)
      let opcode = code[at]
      // `call`, `jmp`, and with 0x0f in front the conditional jumps.
      let isLong = opcode == 0xe8 || opcode == 0xe9 || (opcode & 0xf0 == 0x80 && offset > range.lowerBound && code[at - 1] == 0x0f)
      let isShort = opcode == 0xeb || opcode & 0xf0 == 0x70
      let distance: Int64
      if isLong, range.upperBound - offset >= 5, let field = reader.file.u32(at: UInt64(at) + 1) {
        distance = 5 + Int64(Int32(bitPattern: field))
      } else if isShort, range.upperBound - offset >= 2 {
        distance = 2 + Int64(Int8(bitPattern: code[at + 1]))
      } else {
        continue
      }
      let target = UInt64(bitPattern: Int64(bitPattern: offset) &+ distance)
      guard let callee = index(section: functions[caller].section, offset: target), callee != caller else { continue }
      if target == functions[callee].offset || functions[callee].entry == nil { functions[caller].callees.insert(callee) }
    }
  }
}
