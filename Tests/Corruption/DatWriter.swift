import CCompression
import TraceFile

/// Writes small trace-cmd files, for tests and for the fuzzers.
package struct DatWriter {
  package enum Version {
    case v6
    case v7
  }

  package var version = Version.v7
  package var isBigEndian = false
  package var longSize = 8
  package var pageSize = 4096
  package var compression = Compression.none
  package var kallsyms = "ffffffff81000000 T kvm_init\nffffffff81000100 t kvm_arch_init\t[kvm]\n"
  package var commandLines = "42 modprobe\n"
  /// Lines `0xffffffff82a0e8c0 : "text\n"`; version 7 has the section only where there are some.
  package var printkFormats = ""
  /// Returns carry the function's result, as with CONFIG_FUNCTION_GRAPH_RETVAL since 6.5.
  package var hasResults = false
  /// Texts of events by system; `ftrace` has a place of its own.
  package var formats: [(system: String, texts: [String])] = []
  package var options: [(id: UInt16, data: [UInt8])] = []
  /// Options are compressed like other sections, as newer trace-cmd does it.
  package var packsOptions = false
  /// Ring buffers: a name, and the pages of each CPU.
  package var buffers: [(name: String, cpus: [(cpu: Int, pages: [[UInt8]])])] = []

  /// The text of `events/header_page`; nil: the usual one.
  package var headerPage: String?

  package init() {}

  // MARK: numbers

  package func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
  }

  package func long(_ value: UInt64) -> [UInt8] { longSize == 8 ? number(value) : number(UInt32(truncatingIfNeeded: value)) }

  package static func string(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

  // MARK: formats

  private static let common = """
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
    \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    """

  package static func format(_ name: String, id: Int, _ fields: [(declaration: String, offset: Int, size: Int, isSigned: Bool)]) -> String {
    let lines = fields.map { "\tfield:\($0.declaration);\toffset:\($0.offset);\tsize:\($0.size);\tsigned:\($0.isSigned ? 1 : 0);\n" }
    return "name: \(name)\nID: \(id)\nformat:\n\(common)\n\(lines.joined())\nprint fmt: \"%ps\", (void *)REC->func\n"
  }

  package static func entryFormat(_ name: String = "funcgraph_entry", id: Int = 11, long: Int = 8) -> String {
    format(name, id: id, [("unsigned long func", 8, long, false), ("int depth", 8 + long, 4, true)])
  }

  package static func exitFormat(long: Int = 8, hasResults: Bool = false) -> String {
    let depth = 8 + long + (hasResults ? long : 0)
    let result = [("unsigned long retval", 8 + long, long, false)]
    let times = (depth + 8 + 7) & ~7
    return format(
      "funcgraph_exit", id: 10,
      [("unsigned long func", 8, long, false)] + (hasResults ? result : [])
        + [
          ("int depth", depth, 4, true), ("unsigned int overrun", depth + 4, 4, false),
          ("unsigned long long calltime", times, 8, false), ("unsigned long long rettime", times + 8, 8, false),
        ])
  }

  // MARK: ring buffer

  /// A page of the ring buffer with the given bytes of events. `missed`: -1 for a gap of unknown length.
  package func page(time: UInt64, events: [UInt8], missed: Int? = nil) -> [UInt8] {
    var commit = UInt64(events.count)
    var tail: [UInt8] = []
    if let missed {
      commit |= 1 << 31
      if missed >= 0 {
        commit |= 1 << 30
        tail = long(UInt64(missed))
      }
    }
    let used = number(time) + long(commit) + events + tail
    return used + Array(repeating: 0, count: pageSize - used.count)
  }

  /// The header word of an event: 5 bits of type, 27 bits of time.
  package func word(type: UInt32, delta: UInt32) -> [UInt8] { number(isBigEndian ? type << 27 | delta : delta << 5 | type) }

  /// An event of up to 112 bytes, or, with `longForm`, of any length.
  package func event(delta: UInt32, _ data: [UInt8], longForm: Bool = false) -> [UInt8] {
    let padded = data + Array(repeating: 0, count: (4 - data.count % 4) % 4)
    if longForm || padded.count > 112 { return word(type: 0, delta: delta) + number(UInt32(data.count + 4)) + padded }
    return word(type: UInt32(padded.count / 4), delta: delta) + padded
  }

  package func common(_ id: UInt16, pid: Int32 = 42) -> [UInt8] { number(id) + [0, 0] + number(pid) }

  package func enter(_ function: UInt64, depth: UInt32, id: UInt16 = 11, pid: Int32 = 42) -> [UInt8] {
    common(id, pid: pid) + long(function) + number(depth)
  }

  package func leave(
    _ function: UInt64, depth: UInt32, from start: UInt64, to end: UInt64, pid: Int32 = 42, result: UInt64 = 0
  ) -> [UInt8] {
    let results = hasResults ? long(result) : []
    let front = common(10, pid: pid) + long(function) + results + number(depth) + number(UInt32(0))
    return front + Array(repeating: 0, count: -front.count & 7) + number(start) + number(end)
  }
}

// MARK: - the file

extension DatWriter {
  private var headerInfo: [UInt8] {
    let page = headerPage ?? usualHeaderPage
    let event = "# compressed entry header\n"
    return Self.string("header_page") + number(UInt64(page.utf8.count)) + Array(page.utf8)
      + Self.string("header_event") + number(UInt64(event.utf8.count)) + Array(event.utf8)
  }

  package var usualHeaderPage: String {
    """
    \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
    \tfield: local_t commit;\toffset:8;\tsize:\(longSize);\tsigned:1;
    \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
    \tfield: char data;\toffset:\(8 + longSize);\tsize:\(pageSize - 8 - longSize);\tsigned:0;

    """
  }

  private func list(_ texts: [String]) -> [UInt8] {
    number(UInt32(texts.count)) + texts.flatMap { number(UInt64($0.utf8.count)) + Array($0.utf8) }
  }

  private var ftraceFormats: [UInt8] { list(formats.filter { $0.system == "ftrace" }.flatMap(\.texts)) }

  private var eventFormats: [UInt8] {
    let others = formats.filter { $0.system != "ftrace" }
    return number(UInt32(others.count)) + others.flatMap { Self.string($0.system) + list($0.texts) }
  }

  private var symbols: [UInt8] { number(UInt32(kallsyms.utf8.count)) + Array(kallsyms.utf8) }
  private var printks: [UInt8] { number(UInt32(printkFormats.utf8.count)) + Array(printkFormats.utf8) }
  private var names: [UInt8] { number(UInt64(commandLines.utf8.count)) + Array(commandLines.utf8) }

  private var start: [UInt8] {
    [0x17, 0x08, 0x44] + Array("tracing".utf8) + Self.string(version == .v6 ? "6" : "7") + [isBigEndian ? 1 : 0, UInt8(longSize)]
      + number(UInt32(pageSize))
  }

  package func compress(_ data: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: max(ZSTD_compressBound(data.count), Int(compressBound(uLong(data.count)))))
    var count = uLongf(output.count)
    switch compression {
    case .none: return data
    case .zstd: count = uLongf(ZSTD_compress(&output, output.count, data, data.count, 1))
    case .zlib: compress2(&output, &count, data, uLong(data.count), 6)
    }
    return Array(output.prefix(Int(count)))
  }

  /// The file, and the offsets at which its parts end.
  package func file() -> (bytes: [UInt8], borders: [Int]) { version == .v6 ? fileV6() : fileV7() }

  private func fileV6() -> (bytes: [UInt8], borders: [Int]) {
    var bytes = start
    var borders: [Int] = []
    func add(_ part: [UInt8]) {
      bytes += part
      borders.append(bytes.count)
    }
    for part in [headerInfo, ftraceFormats, eventFormats, symbols, printks, names] { add(part) }
    let cpus = buffers.first?.cpus ?? []
    add(number(UInt32(cpus.count)) + Self.string("options  "))
    for option in options { add(number(option.id) + number(UInt32(option.data.count)) + option.data) }
    // An instance has its table of CPUs behind that of the top buffer.
    var tables = bytes.count + (buffers.dropFirst().map { 6 + 8 + $0.name.utf8.count + 1 }.reduce(2 + 10, +))
    var instances: [UInt8] = []
    // With the option of the clocks, its name follows the table of the top buffer.
    let clock = options.contains { $0.id == 4 } ? number(UInt64(7)) + Array("[local]".utf8) : []
    tables += cpus.count * 16 + clock.count
    for buffer in buffers.dropFirst() {
      instances += number(UInt16(3)) + number(UInt32(8 + buffer.name.utf8.count + 1)) + number(UInt64(tables)) + Self.string(buffer.name)
      tables += 10 + buffer.cpus.count * 16
    }
    add(instances + number(UInt16(0)) + Self.string("flyrecord"))
    var data: [UInt8] = []
    let dataStart = (tables + pageSize - 1) / pageSize * pageSize
    for (index, buffer) in buffers.enumerated() {
      if index > 0 { bytes += Self.string("flyrecord") }
      for cpu in buffer.cpus {
        let pages = cpu.pages.flatMap { $0 }
        bytes += number(UInt64(dataStart + data.count)) + number(UInt64(pages.count))
        data += pages
      }
      if index == 0 { bytes += clock }
    }
    bytes += Array(repeating: 0, count: dataStart - bytes.count) + data
    return (bytes, borders)
  }

  private func fileV7() -> (bytes: [UInt8], borders: [Int]) {
    let name = compression == .none ? "none" : compression == .zlib ? "zlib" : "zstd"
    var bytes = start + Self.string(name) + Self.string("1")
    var borders = [bytes.count]
    let firstOptions = bytes.count
    bytes += number(UInt64(0))
    func section(_ id: UInt16, _ data: [UInt8]) -> Int {
      let offset = bytes.count
      let isCompressed = compression != .none && id != 3 && (id != 0 || packsOptions)
      let packed = compress(data)
      let stored = isCompressed ? number(UInt32(packed.count)) + number(UInt32(data.count)) + packed : data
      bytes += number(id) + number(UInt16(isCompressed || (compression != .none && id == 3) ? 1 : 0))
      bytes += number(UInt32(0)) + number(UInt64(stored.count)) + stored
      borders.append(bytes.count)
      return offset
    }
    func option(_ id: UInt16, _ data: [UInt8]) -> [UInt8] { number(id) + number(UInt32(data.count)) + data }
    var list: [UInt8] = []
    let parts: [(UInt16, [UInt8])] = [
      (16, headerInfo), (17, ftraceFormats), (18, eventFormats), (19, symbols), (20, printks), (21, names),
    ]
    for (id, data) in parts where id != 20 || !printkFormats.isEmpty {
      list += option(id, number(UInt64(section(id, data))))
    }
    for each in options { list += option(each.id, each.data) }
    var buffersOptions: [UInt8] = []
    for buffer in buffers {
      let offset = bytes.count
      var data: [UInt8] = []
      var places: [UInt8] = []
      for cpu in buffer.cpus {
        let chunks = compression == .none ? cpu.pages.flatMap { $0 } : self.chunks(cpu.pages)
        let counted = compression == .none ? chunks.count : chunks.count - 4
        places += number(UInt32(cpu.cpu)) + number(UInt64(offset + 16 + data.count)) + number(UInt64(counted))
        data += chunks
      }
      _ = section(3, data)
      buffersOptions += option(
        3,
        number(UInt64(offset)) + Self.string(buffer.name) + Self.string("local") + number(UInt32(pageSize))
          + number(UInt32(buffer.cpus.count)) + places)
    }
    let next = section(0, buffersOptions + option(0, number(UInt64(0))))
    let first = section(0, list + option(0, number(UInt64(next))))
    bytes.replaceSubrange(firstOptions..<firstOptions + 8, with: number(UInt64(first)))
    _ = section(15, Self.string("options"))
    return (bytes, borders)
  }

  /// Two pages to a chunk.
  private func chunks(_ pages: [[UInt8]]) -> [UInt8] {
    let groups = stride(from: 0, to: pages.count, by: 2).map { pages[$0..<min($0 + 2, pages.count)].flatMap { $0 } }
    return number(UInt32(groups.count))
      + groups.flatMap { group in
        let packed = compress(group)
        return number(UInt32(packed.count)) + number(UInt32(group.count)) + packed
      }
  }
}
