import CallTrees

/// Finds the parts of a version 7 file: sections, which the options point to.
struct DatReaderV7 {
  /// The header of a section.
  private struct Section {
    var id: UInt16
    var isCompressed: Bool
    /// Offset of the section's name in the strings.
    var name: UInt32
    /// Where its data is.
    var start: UInt64
    var size: UInt64

    static let headerSize: UInt64 = 16
  }

  static let chunkCountSize: UInt64 = 4
  /// Bytes of all options together: the statistics and places of 8,000 CPUs take 2 MB.
  private static let optionLimit = 4 << 20

  private let file: ByteBlock
  private let header: DatHeader
  private let decompressor: Decompressor
  private var contents: DatContents

  static func read(_ file: ByteBlock, header: DatHeader, path: String) throws(TraceReadError) -> DatContents {
    var reader = DatReaderV7(file: file, header: header)
    try reader.readOptions(path: path)
    reader.readSections()
    reader.readBuffers()
    if reader.contents.buffers.isEmpty {
      if reader.contents.holdsLatencyText { throw TraceReadError(.latencyText, path: path) }
      throw TraceReadError(.cutOff, path: path, offset: UInt64(file.bytes.count))
    }
    reader.checkSections()
    return reader.contents
  }

  private init(file: ByteBlock, header: DatHeader) {
    self.file = file
    self.header = header
    decompressor = Decompressor(header.compression)
    contents = DatContents(header: header, fileSize: file.bytes.count)
  }

  // MARK: sections

  private func section(at offset: UInt64) throws(CutOff) -> Section {
    var cursor = file.cursor(order: header.order)
    _ = try cursor.take(offset)
    let id = try cursor.u16()
    let flags = try cursor.u16()
    let name = try cursor.u32()
    let size = try cursor.u64()
    return Section(id: id, isCompressed: flags & 1 != 0, name: name, start: cursor.offset, size: size)
  }

  /// The data of a section, decompressed.
  private static func data(
    _ section: Section, file: ByteBlock, order: ByteOrder, decompressor: Decompressor, limit: Int
  ) throws(SectionDamage) -> ByteBlock {
    guard let block = ByteBlock(of: file, offset: section.start, count: section.size) else {
      throw SectionDamage(offset: section.start, message: "section \(section.id) is cut off")
    }
    guard section.isCompressed else { return block }
    var cursor = block.cursor(order: order)
    return try decompressor.section(&cursor, limit: limit)
  }

  /// The data of a section, which go off what the file may grow to.
  private func data(_ section: Section) throws(SectionDamage) -> ByteBlock {
    let budget = contents.budget
    let block = try Self.data(section, file: file, order: header.order, decompressor: decompressor, limit: budget.bytes)
    if section.isCompressed { _ = budget.take(bytes: block.bytes.count) }
    return block
  }

  /// Goes from section to section to the end of the file: a file that was cut off between two sections is complete in itself.
  private mutating func checkSections() {
    let total = UInt64(file.bytes.count)
    var offset = header.end
    var names: UInt64 = 0
    var needsNames: UInt64 = 0
    while offset < total {
      guard let section = try? section(at: offset), section.size <= total - section.start else {
        contents.note(offset, "the last section is cut off")
        return
      }
      if section.id == DatOptions.ID.strings {
        names &+= (try? data(section)).map { UInt64($0.bytes.count) } ?? 0
      } else {
        needsNames = max(needsNames, UInt64(section.name) + 1)
      }
      offset = section.start + section.size
    }
    if names < needsNames { contents.note(total, "the section names, which come last, are missing") }
  }

  // MARK: options

  /// Reads the options sections, each of which tells where the next one is.
  private mutating func readOptions(path: String) throws(TraceReadError) {
    var next = header.firstOptions
    var seen: Set<UInt64> = []
    var optionBytes = 0
    while next != 0 {
      guard seen.insert(next).inserted else {
        contents.note(next, "the options point back to themselves")
        return
      }
      do {
        let section = try section(at: next)
        guard section.id == DatOptions.ID.done else {
          throw SectionDamage(offset: next, message: "no options where they must be")
        }
        let block = try data(section)
        optionBytes += block.bytes.count
        guard optionBytes <= Self.optionLimit else {
          throw TraceReadError(.damaged("its options have more than \(Self.optionLimit) bytes"), path: path, offset: next)
        }
        contents.optionBlocks.append(block)
        next = try takeOptions(block.cursor(order: header.order))
      } catch let error as TraceReadError {
        throw error
      } catch let error as SectionDamage {
        contents.note(error.offset, error.message)
        return
      } catch {
        contents.note(UInt64(file.bytes.count), "the options are cut off")
        return
      }
    }
  }

  /// Takes the options of one section and returns where the next section of options is, or 0.
  private mutating func takeOptions(_ section: ByteCursor) throws(CutOff) -> UInt64 {
    var cursor = section
    while true {
      let id = try cursor.u16()
      var option = try DatOptions.next(&cursor)
      if id == DatOptions.ID.done { return try option.u64() }
      contents.take(id, option)
    }
  }

  // MARK: parts

  private mutating func readSections() {
    readPart(DatOptions.ID.headerInfo, "the page format") { contents, cursor, block throws(CutOff) in
      if !(try contents.readHeaderInfo(&cursor, block: block)) { throw CutOff(offset: cursor.offset) }
    }
    readPart(DatOptions.ID.ftraceFormats, "the formats of ftrace's own events") { contents, cursor, block throws(CutOff) in
      try contents.readFtraceFormats(&cursor, block: block)
    }
    readPart(DatOptions.ID.eventFormats, "the formats of the events") { contents, cursor, block throws(CutOff) in
      try contents.readEventFormats(&cursor, block: block)
    }
    readPart(DatOptions.ID.printkFormats, "the formats of trace_printk", isNeeded: false) { contents, cursor, block throws(CutOff) in
      try contents.readPrintkFormats(&cursor, block: block)
    }
    readPart(DatOptions.ID.commandLines, "the names of the tasks", isNeeded: false) { contents, cursor, block throws(CutOff) in
      try contents.readCommandLines(&cursor, block: block)
    }
    findSymbols()
  }

  /// Reads the section with the given id. One that is missing is damage only when nothing can be decoded without it.
  private mutating func readPart(
    _ id: UInt16, _ what: String, isNeeded: Bool = true,
    _ read: (inout DatContents, inout ByteCursor, ByteBlock) throws(CutOff) -> Void
  ) {
    guard let offset = contents.options.sections[id] else {
      if isNeeded { contents.note(nil, "\(what) are missing") }
      return
    }
    do {
      let section = try section(at: offset)
      guard section.id == id else { throw SectionDamage(offset: offset, message: "another section in the place of \(what)") }
      let block = try data(section)
      var cursor = block.cursor(order: header.order)
      try read(&contents, &cursor, block)
    } catch let error as SectionDamage {
      contents.note(error.offset, error.message)
    } catch {
      contents.note(offset, "\(what) cannot be read to the end")
    }
  }

  /// The symbols are decompressed later, on another thread.
  private mutating func findSymbols() {
    guard let offset = contents.options.sections[DatOptions.ID.kallsyms] else { return }
    guard let section = try? section(at: offset), section.id == DatOptions.ID.kallsyms,
      ByteBlock(of: file, offset: section.start, count: section.size) != nil
    else {
      contents.note(offset, "the symbols are cut off")
      return
    }
    // The events may take what is left; what the symbols take is not known before they are decompressed.
    contents.kallsyms = { [file, header, limit = contents.budget.bytes] in
      do throws(SectionDamage) {
        let block = try Self.data(
          section, file: file, order: header.order, decompressor: Decompressor(header.compression), limit: limit)
        var cursor = block.cursor(order: header.order)
        do throws(CutOff) {
          return .success(try DatContents.part(&cursor, count: UInt64(try cursor.u32()), block: block))
        } catch {
          return .failure(SectionDamage(offset: section.start, message: "the symbols are cut off"))
        }
      } catch {
        return .failure(error)
      }
    }
  }

  // MARK: buffers

  private mutating func readBuffers() {
    for raw in contents.options.buffers {
      if raw.isText {
        contents.holdsLatencyText = true
        continue
      }
      do {
        try readBuffer(raw.cursor)
      } catch {
        contents.note(raw.cursor.origin, "the description of a ring buffer cannot be read")
      }
    }
    // The order of the options is that of the instances; the top buffer's events come first among equals.
    contents.buffers.sort { $0.name.isEmpty && !$1.name.isEmpty }
  }

  private mutating func readBuffer(_ option: ByteCursor) throws(CutOff) {
    var cursor = option
    let offset = try cursor.u64()
    let name = try cursor.cString()
    let clock = try cursor.cString()
    let pageSize = Int(try cursor.u32())
    let cpus = try cursor.u32()
    guard DatHeader.isPlausible(pageSize: pageSize) else { throw CutOff(offset: cursor.offset) }
    let section = try section(at: offset)
    guard section.id == DatOptions.ID.buffer else { throw CutOff(offset: offset) }
    var buffer = DatContents.Buffer(
      name: name, clock: clock.isEmpty ? nil : clock, pageSize: pageSize, isCompressed: section.isCompressed)
    defer { contents.buffers.append(buffer) }
    var index: UInt32 = 0
    while index < cpus {
      let cpu = Int(try cursor.u32())
      let start = try cursor.u64()
      let size = try cursor.u64()
      guard cpu <= Int(UInt16.max) else { throw CutOff(offset: cursor.offset) }
      // trace-cmd does not count the number of chunks, which comes first.
      let all = section.isCompressed ? size.addingReportingOverflow(Self.chunkCountSize).partialValue : size
      if size > 0, let data = contents.cpuData(file, offset: start, size: all, cpu: cpu) {
        buffer.cpus.append(DatContents.CPU(cpu: cpu, data: data))
      }
      index += 1
    }
  }
}
