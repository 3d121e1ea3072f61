import CallTrees
import Corruption
import Glibc
import TraceFile

/// What the recorder makes of the pages that it has taken out of a ring buffer: they are scanned, and written into a trace of their own.
enum Respooled {
  /// Ends the process when the scan and the writer do not find the same, or the reader finds more.
  ///
  /// - Returns: the longest time that one of these takes.
  static func check(_ pages: [UInt8], format: RingBufferFormat, target: any FuzzTarget.Type, effort: Effort) -> Duration {
    guard let spool = Memory(pages), let output = Memory([]) else { return .zero }
    let forms = pages.withUnsafeBytes { effort.chosen(of: [DatFileWriter.Form.compressed, .compatible], for: $0) }
    return forms.reduce(.zero) { slowest, form in
      var events: UInt64 = 0
      let writing = effort.time { events = write(spool, pages.count, form, format, to: output, target) }
      return max(slowest, writing, effort.time { check(output, events: events, target, effort) })
    }
  }

  /// The number of events that were written.
  private static func write(
    _ spool: Memory, _ size: Int, _ form: DatFileWriter.Form, _ format: RingBufferFormat, to output: Memory, _ target: any FuzzTarget.Type
  ) -> UInt64 {
    do throws(DatWriteError) {
      let cpu = SpooledPages(cpu: 0, descriptor: spool.descriptor, size: size, path: "spool")
      let scan = try PageScan([cpu], format: format)
      let symbols = SymbolSelection(kallsyms: [], functions: scan.functions, places: scan.places)
      var writer = DatFileWriter(
        format: format, scan: scan, cpus: [cpu], symbols: symbols, uname: "Linux host 6.12.1 x86_64", cpuCount: 1,
        facts: RecordingFacts(toolVersion: "1"))
      writer.form = form
      let result = try writer.write(to: output.descriptor, path: "output")
      if result.events != scan.events { target.fail("\(scan.events) events were found, \(result.events) written") }
      return scan.events
    } catch {
      target.fail("\(error)")
    }
  }

  private static func check(_ output: Memory, events: UInt64, _ target: any FuzzTarget.Type, _ effort: Effort) {
    do throws(TraceReadError) {
      let recording = try TraceReader.read(path: output.path, options: ReadOptions(threads: effort.threads))
      // One that is shorter than its format says is not counted as read; one with a return value counts twice.
      if recording.source.events > 2 * events { target.fail("\(events) events were written, \(recording.source.events) read back") }
    } catch {
      target.fail("what was written cannot be read: \(error)")
    }
  }
}

/// A file without a name, in memory where there is a place for that.
final class Memory {
  let descriptor: Int32

  init?(_ bytes: [UInt8]) {
    let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var name = Array("\(folder)/kvm-inittrace-fuzz-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    unlink(name)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return nil }
      rest = rest.dropFirst(count)
    }
  }

  deinit { close(descriptor) }

  /// Opens it anew.
  var path: String { "/proc/self/fd/\(descriptor)" }
}
