/// Finds the parts of a version 6 file: they follow one another, and the CPUs' pages come last.
enum DatReaderV6 {
  private enum Tag {
    case options
    case latency
    case flyrecord
    case unknown
  }

  static func read(_ file: ByteBlock, header: DatHeader, path: String) throws(TraceReadError) -> DatContents {
    var contents = DatContents(header: header, fileSize: file.bytes.count)
    var cursor = file.cursor(order: header.order)
    do {
      _ = try cursor.take(header.end)
      guard try contents.readHeaderInfo(&cursor, block: file) else {
        throw TraceReadError(.damaged("no header_page where it must be"), path: path, offset: cursor.offset)
      }
      try contents.readFtraceFormats(&cursor, block: file)
      try contents.readEventFormats(&cursor, block: file)
      let symbols = try DatContents.part(&cursor, count: UInt64(try cursor.u32()), block: file)
      contents.kallsyms = { .success(symbols) }
      try contents.readPrintkFormats(&cursor, block: file)
      try contents.readCommandLines(&cursor, block: file)
      let cpus = try cursor.u32()
      var tag = try readTag(&cursor)
      if tag == .options {
        while case let id = try cursor.u16(), id != DatOptions.ID.done { contents.take(id, try DatOptions.next(&cursor)) }
        tag = try readTag(&cursor)
      }
      if tag == .latency { throw TraceReadError(.latencyText, path: path, offset: cursor.offset) }
      guard tag == .flyrecord else {
        throw TraceReadError(.damaged("no events where they must be"), path: path, offset: cursor.offset)
      }
      // An option may give another number of CPUs; a file with instances only has an empty CPU in the place of the top buffer.
      let count = contents.options.cpuCount ?? Int(cpus)
      // The tables of two buffers do not overlap: a small file whose instances all point to one could keep a reader busy for ever.
      var room = file.bytes.count
      readBuffer(&cursor, name: "", cpus: count, room: &room, file: file, into: &contents)
      readClock(&cursor, contents: &contents)
      readInstances(cpus: count, room: &room, file: file, into: &contents)
    } catch let error as TraceReadError {
      throw error
    } catch let error as CutOff {
      throw TraceReadError(.cutOff, path: path, offset: error.offset)
    } catch {
      throw TraceReadError(.damaged("\(error)"), path: path)
    }
    return contents
  }

  private static func readTag(_ cursor: inout ByteCursor) throws(CutOff) -> Tag {
    if try cursor.skip("options  \0") { return .options }
    if try cursor.skip("latency  \0") { return .latency }
    if try cursor.skip("flyrecord\0") { return .flyrecord }
    return .unknown
  }

  /// Bytes of a CPU in the list: an offset and a size.
  private static let entrySize = 16

  /// Reads where the pages of each CPU are.
  private static func readBuffer(
    _ cursor: inout ByteCursor, name: String, cpus: Int, room: inout Int, file: ByteBlock, into contents: inout DatContents
  ) {
    var buffer = DatContents.Buffer(
      name: name, clock: contents.options.clock, pageSize: contents.header.pageSize, isCompressed: false)
    defer { contents.buffers.append(buffer) }
    var cpu = 0
    while cpu < cpus && cpu <= Int(UInt16.max) {
      room -= Self.entrySize
      guard room >= 0 else { return contents.note(cursor.offset, "the lists of CPUs overlap") }
      do {
        let offset = try cursor.u64()
        let size = try cursor.u64()
        if let data = contents.cpuData(file, offset: offset, size: size, cpu: cpu) {
          buffer.cpus.append(DatContents.CPU(cpu: cpu, data: data))
        }
      } catch {
        contents.note(error.offset, "the list of CPUs is cut off")
        return
      }
      cpu += 1
    }
  }

  /// Bytes of the clocks' names: a kernel has some ten.
  private static let clockLimit = 1 << 10

  /// The clocks' names follow the list of CPUs, and are the end of a file without events. trace-cmd 2 leaves the option without them.
  private static func readClock(_ cursor: inout ByteCursor, contents: inout DatContents) {
    guard contents.options.tellsClock else { return }
    do {
      let size = try cursor.u64()
      let origin = cursor.offset
      let text = try cursor.take(size)
      guard contents.options.clock == nil, text.count <= clockLimit else { return }
      contents.options.takeClock(ByteCursor(text, order: cursor.order, origin: origin))
    } catch {
      contents.note(error.offset, "the name of the trace clock is cut off")
    }
  }

  private static func readInstances(cpus: Int, room: inout Int, file: ByteBlock, into contents: inout DatContents) {
    for raw in contents.options.buffers {
      var option = raw.cursor
      do {
        let offset = try option.u64()
        let name = try option.cString()
        var cursor = file.cursor(order: contents.header.order)
        _ = try cursor.take(offset)
        guard try readTag(&cursor) == .flyrecord else {
          contents.note(offset, "no events of the instance \"\(name)\" where they must be")
          continue
        }
        readBuffer(&cursor, name: name, cpus: cpus, room: &room, file: file, into: &contents)
      } catch {
        contents.note(error.offset, "the events of an instance are cut off")
      }
    }
  }
}
