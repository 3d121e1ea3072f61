import CallTrees
import Safeguards
import TraceFile

/// Writes what a session has recorded into a file that gets its name when it is whole: nobody ever sees half of it.
struct TraceWriter {
  var format: RingBufferFormat
  var pages: [SpooledPages]
  var statistics: [Int: String]
  /// The traced command, whose events are kept; nil: all.
  var command: Int32?
  /// `/proc/kallsyms`, read while the modules were as the load left them.
  var kallsyms: [UInt8]
  /// The file of the module that was loaded, when it surely is the one.
  var moduleFile: (name: String, file: ModuleELF)?
  /// Modules of the functions that probes were set on, by the probe's event.
  var probed: [String: (function: String, module: String?)]
  var commandLines: [UInt8]
  var printkFormats: [UInt8]
  var clocks: String
  var uname: String
  var cpuCount: Int
  var facts: RecordingFacts
  var isCompatible: Bool

  /// - Returns: the facts as they were written, the number of events, the size of the file, and whether the command has loaded a module, as
  ///   far as the events tell.
  func write(to path: String) throws(CaptureError) -> (facts: RecordingFacts, events: UInt64, bytes: UInt64, hasLoaded: Bool?) {
    do throws(DatWriteError) {
      let filter = try TaskFilter(pages, format: format, command: command)
      let all = try PageScan(pages, format: format)
      let keep: EventFilter = { @Sendable event in filter.keeps(event) }
      let scan = try PageScan(pages, format: format, keep: keep)
      var writer = DatFileWriter(
        format: format, scan: scan, cpus: pages, symbols: symbols(scan), uname: uname, cpuCount: cpuCount, facts: facts)
      writer.facts.filteredEvents = all.events &- scan.events
      writer.form = isCompatible ? .compatible : .compressed
      writer.keep = keep
      writer.printkFormats = printkFormats
      writer.commandLines = commandLines
      writer.clocks = clocks
      writer.statistics = statistics
      let bytes = try store(writer, at: path)
      return (writer.facts, scan.events, bytes, filter.hasLoaded)
    } catch {
      throw CaptureError(.cannotWrite, "cannot write the trace: " + error.problem, remedy: error.advice)
    }
  }

  private func symbols(_ scan: PageScan) -> SymbolSelection {
    var known = scan.probes.compactMap { probe in
      probed[probe.event].map { SymbolSelection.KnownFunction(name: $0.function, module: $0.module, address: probe.function) }
    }
    if let (module, file) = moduleFile {
      // Every module's init function has this second name.
      let initcalls = scan.initcalls.map { SymbolSelection.KnownFunction(name: "init_module", module: module, address: $0) }
      let anchors = known + initcalls + SymbolSelection.functions(of: module, in: kallsyms)
      known += ModuleNames(module, file: file).names(of: scan.entries, anchors: anchors)
    }
    return SymbolSelection(kallsyms: kallsyms, functions: scan.functions, places: scan.places, known: known)
  }

  /// A recording tells where the kernel lies in memory, which it keeps from users: it is for the one who recorded alone, until he gives it
  /// to others.
  private static let mode: UInt32 = 0o600

  private func store(_ writer: DatFileWriter, at path: String) throws(DatWriteError) -> UInt64 {
    func failed(_ error: FileError) -> DatWriteError {
      DatWriteError(errno: error.errno, action: .write, part: "the trace", path: path, reason: error.reason)
    }
    let file: PendingFile
    do { file = try PendingFile(for: path, mode: Self.mode, isUnnamed: true) } catch { throw failed(error) }
    defer { file.discard() }
    let result = try writer.write(to: file.descriptor, path: path)
    do { try file.commit() } catch { throw failed(error) }
    return result.bytes
  }
}
