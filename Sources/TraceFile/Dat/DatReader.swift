import CallTrees

/// Reads a trace-cmd file into a recording.
enum DatReader {
  /// Bytes of a file that is read on the calling thread alone. trace-cmd's symbol list makes a file larger; a recording of this project's
  /// has the symbols that it needs.
  private static let smallSize = 512 << 10

  static func read(_ file: ByteBlock, path: String, options: ReadOptions) throws(TraceReadError) -> Recording {
    let header = try DatHeader(file, path: path)
    var contents: DatContents
    switch header.version {
    case .v6: contents = try DatReaderV6.read(file, header: header, path: path)
    case .v7: contents = try DatReaderV7.read(file, header: header, path: path)
    }
    // In a small file there is less to read than threads take to start.
    let threads = file.bytes.count < smallSize ? 0 : threadCount(options)
    let names = NameResolver(isConcurrent: threads > 0)
    if let kallsyms = contents.kallsyms { names.add(.recorded, kallsyms) }
    for (list, source) in [
      (options.kallsyms, NameResolver.Source.kallsyms(path: options.kallsyms ?? "")),
      (options.systemMap, .systemMap(path: options.systemMap ?? "")),
    ] {
      guard let list else { continue }
      let block = try FileLoader.load(path: list, limit: Decompressor.sectionLimit)
      guard !SymbolTable.hidesAddresses(block) else { throw TraceReadError(.hiddenSymbols, path: list) }
      guard SymbolTable.holdsSymbol(block) else { throw TraceReadError(.noSymbols, path: list) }
      names.add(source) { .success(block) }
    }
    let streams = makeStreams(&contents)
    var builder = RecordingBuilder(keys: .addresses(resolve: names.function), hasTimes: hasTimes(contents))
    builder.expect(calls: expectedCalls(streams, fileSize: file.bytes.count))
    let pipeline = DecodingPipeline(streams: streams, compression: header.compression, threads: threads)
    var merger = StreamMerger(pipeline: pipeline, streams: streams, budget: contents.budget)
    merger.run(into: &builder)
    pipeline.stop()
    noteLosses(contents, streams: streams, merger: merger, builder: &builder)
    nameTasks(contents, builder: &builder)
    contents.damage += merger.damage
    if let damage = names.finish() { contents.note(damage.offset, damage.message) }
    var recording = builder.finish(source: source(contents, path: path), damage: contents.damage)
    names.doubtOddEntries(&recording.functions)
    names.dropUnlikelyLists(&recording.functions)
    recording.nameNotes += names.notes
    // The symbols of this project's recorder are those that the events need, and say nothing about which modules were loaded.
    if let recorder = contents.options.recorder {
      recording.loadedModules = recorder.loadedModules
    } else if contents.kallsyms != nil {
      recording.loadedModules = names.recordedModules()
    }
    recording.eventFunctions = eventFunctions(recording.events, names: names)
    return recording
  }

  /// Names of the functions that only events tell of.
  private static func eventFunctions(_ events: [TraceEvent], names: NameResolver) -> [UInt64: Function] {
    var functions: [UInt64: Function] = [:]
    for event in events {
      switch event.payload {
      case .hotplugEnter(_, _, let address?), .initcallStart(let address?), .initcallFinish(let address?, _), .probe(_, let address?, _):
        if functions[address] == nil { functions[address] = names.function(address) }
      default: break
      }
    }
    return functions
  }

  private static func threadCount(_ options: ReadOptions) -> Int {
    // A thread on the only processor takes the time of the one that waits for it.
    options.threads ?? min(7, Processors.count - 1)
  }

  /// About how many calls the streams hold: an entry and its return take some 90 bytes. Never more than a real file of this size can have.
  private static func expectedCalls(_ streams: [EventStream], fileSize: Int) -> Int {
    var size = 0
    for stream in streams.prefix(512) { size = min(size + stream.estimatedSize, fileSize.multipliedReportingOverflow(by: 16).partialValue) }
    return min(size / 80, 1 << 26)
  }

  /// CPUs of all buffers together that are read: Linux runs on 8192 at most.
  private static let streamLimit = 8192

  private static func makeStreams(_ contents: inout DatContents) -> [EventStream] {
    let plans = EventPlans(&contents)
    let formats = PrintkFormats(contents.printkFormats)
    let order = contents.header.order
    var streams: [EventStream] = []
    let events = EventDecoder(plans: plans, order: order, printkFormats: formats)
    for buffer in contents.buffers {
      for cpu in buffer.cpus.sorted(by: { $0.cpu < $1.cpu }) {
        guard streams.count < streamLimit else {
          contents.note(cpu.data.origin, "there are more than \(streamLimit) ring buffers: only the first are read")
          return streams
        }
        let pages = PageDecoder(plans: plans, order: order, clockFix: contents.options.clockFix, events: events.on(cpu: cpu.cpu))
        streams.append(
          EventStream(cpu: cpu.cpu, data: cpu.data, buffer: buffer, order: order, decoder: pages, budget: contents.budget))
      }
    }
    return streams
  }

  /// Tells of losses that the ring buffer's statistics count and no page does: where they happened is not known.
  private static func noteLosses(
    _ contents: DatContents, streams: [EventStream], merger: StreamMerger, builder: inout RecordingBuilder
  ) {
    // The statistics are those of the top buffer, whose streams come first.
    let topCount = contents.buffers.first.map { $0.name.isEmpty ? $0.cpus.count : 0 } ?? 0
    var told: [Int: UInt64?] = [:]
    for index in 0..<min(topCount, streams.count) { told[streams[index].cpu] = merger.lost[index] }
    for (cpu, count) in contents.options.lostEvents.sorted(by: { $0.key < $1.key }) {
      // A gap of unknown length has been told of: it may be the same.
      guard let known = told[cpu, default: 0], count > known else { continue }
      builder.loseSomewhere(cpu: cpu, count: count - known)
    }
    // What was not recorded while somebody else had changed the tracing.
    if contents.options.recorder?.disturbed.isEmpty == false {
      for stream in streams.prefix(max(1, topCount)) { builder.loseSomewhere(cpu: stream.cpu, count: nil) }
    }
  }

  /// Names the tasks from the text of `saved_cmdlines`: a number and a name on each line.
  private static func nameTasks(_ contents: DatContents, builder: inout RecordingBuilder) {
    guard let text = contents.commandLines?.bytes else { return }
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = line.prefix { $0 != 0 }.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard parts.count == 2, let pid = Int32(String(decoding: parts[0], as: UTF8.self)) else { continue }
      let comm = String(decoding: parts[1], as: UTF8.self)
      if comm != "<...>" { builder.name(pid: pid, comm: comm) }
    }
  }

  private static func source(_ contents: DatContents, path: String) -> TraceSource {
    var source = TraceSource(path: path, kind: contents.header.version == .v6 ? .traceCmdV6 : .traceCmdV7)
    source.kernel = contents.options.kernel
    source.machine = contents.options.machine
    source.host = contents.options.host
    source.cpus = contents.options.cpuCount ?? contents.buffers.first?.cpus.count
    source.recorder = contents.options.recorder
    source.clock = clock(of: contents.buffers.first, contents)
    return source
  }

  private static func clock(of buffer: DatContents.Buffer?, _ contents: DatContents) -> String {
    buffer?.clock.map { DatOptions.selectedClock($0) ?? $0 } ?? contents.options.clock ?? "local"
  }

  /// Whether the times of all events are nanoseconds, or are made so. Those between which a call's duration lies are in any case: the tracer
  /// takes them from the clock `local`.
  private static func hasTimes(_ contents: DatContents) -> Bool {
    contents.options.clockFix.multiplier != 0
      || contents.buffers.allSatisfy { $0.cpus.isEmpty || DatOptions.countsNanoseconds(clock(of: $0, contents)) }
  }
}
