import CSQLite
import CallTrees
import Glibc
import Testing

@testable import Exports

@Suite struct SQLiteExportTests {
  /// A database in a temporary file, opened for reading.
  private final class Written {
    private var handle: OpaquePointer?
    private let path: String

    init(_ traces: [ExportTrace], hostID: String? = nil) throws {
      var name = Array("/tmp/kvm-inittrace-sqlite-XXXXXX".utf8CString)
      close(mkstemp(&name))
      path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
      let export = try SQLiteExport(path: path, version: "1.2", hostID: hostID)
      for (number, trace) in traces.enumerated() { try export.add(trace, path: "trace \(number)") }
      try export.finish()
      let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil)
      try #require(code == SQLITE_OK)
    }

    deinit {
      sqlite3_close_v2(handle)
      unlink(path)
    }

    /// The rows of a query, as texts with `|` between the columns.
    func rows(_ query: String) throws -> [String] {
      var statement: OpaquePointer?
      let code = sqlite3_prepare_v2(handle, query, -1, &statement, nil)
      defer { sqlite3_finalize(statement) }
      try #require(code == SQLITE_OK)
      var rows: [String] = []
      while sqlite3_step(statement) == SQLITE_ROW {
        let columns = (0..<sqlite3_column_count(statement)).map { sqlite3_column_text(statement, $0).map { String(cString: $0) } ?? "NULL" }
        rows.append(columns.joined(separator: "|"))
      }
      return rows
    }
  }

  private static let load =
    "do_init_module 90us { do_one_initcall 80us { vmx_init[kvm_intel] 70us =-95 { kvm_x86_vendor_init[kvm] 3us =-95 0xffffffffc05fc014 open } } }"
    + " !console kvm: disabled by bios; x 1us"

  @Test func callsHangTogether() throws {
    let database = try Written([.small(Self.load)])
    #expect(try database.rows("PRAGMA integrity_check") == ["ok"])
    #expect(try database.rows("PRAGMA foreign_key_check").isEmpty)
    #expect(
      try database.rows(
        "SELECT c.function, c.module, c.address, p.function, c.depth, c.duration_ns, c.return_value, c.flags FROM call_list c LEFT JOIN call_list p ON p.id = c.parent"
      ) == [
        "do_init_module|NULL|NULL|NULL|0|90000|NULL|NULL", "do_one_initcall|NULL|NULL|do_init_module|1|80000|NULL|NULL",
        "vmx_init|kvm_intel|NULL|do_one_initcall|2|70000|-95|NULL", "kvm_x86_vendor_init|kvm|NULL|vmx_init|3|3000|-95|NULL",
        "NULL|NULL|0xffffffffc05fc014|vmx_init|3|NULL|NULL|open", "x|NULL|NULL|NULL|0|1000|NULL|NULL",
      ])
    #expect(try database.rows("SELECT kind, text FROM log") == ["log|kvm: disabled by bios"])
    #expect(try database.rows("SELECT value FROM meta ORDER BY key") == ["kvm-inittrace/sqlite", "1", "1.2"])
    #expect(
      try database.rows("SELECT runs.module, verdict, errno, code, function FROM runs JOIN call_list c ON c.id = root_call") == [
        "kvm_intel|failed|EOPNOTSUPP|-95|do_init_module"
      ])
  }

  @Test func severalTraces() throws {
    let traces = [ExportTrace.small(Self.load), .small("schedule 5us"), .small(Self.load)]
    let database = try Written(traces, hostID: "h")
    #expect(try database.rows("PRAGMA foreign_key_check").isEmpty)
    #expect(try database.rows("SELECT id, path, host_id FROM traces") == ["1|trace 0|h", "2|trace 1|h", "3|trace 2|h"])
    #expect(try database.rows("SELECT trace, count(*) FROM call_list GROUP BY trace") == ["1|6", "2|1", "3|6"])
    #expect(try database.rows("SELECT count(*) FROM call_list c JOIN call_list p ON p.id = c.parent WHERE p.trace <> c.trace") == ["0"])
    #expect(try database.rows("SELECT trace, verdict FROM runs") == ["1|failed", "2|unknown", "3|failed"])
    let stages = traces[0].analysis.runs[0].stages
    #expect(try database.rows("SELECT count(*), count(DISTINCT position) FROM stages WHERE run = 3") == ["\(stages.count)|\(stages.count)"])
  }

  @Test func namesAreValuesNotStatements() throws {
    let evil = "'); DROP TABLE calls; --\u{1b}"
    let database = try Written([ExportTrace.small("x 5ns").renamed(["x": evil])])
    #expect(try database.rows("SELECT function FROM call_list") == [evil])
    var silent = ExportTrace.small("x 5ns !console x;")
    silent.recording.events[0].payload = .console("")
    #expect(try Written([silent]).rows("SELECT text FROM log") == [""])
  }

  @Test func numbersThatSQLiteDoesNotHaveAreLeftOut() throws {
    var trace = ExportTrace.small("x 5ns")
    trace.recording.losses = [Loss(cpu: 0, count: nil, after: nil, before: .max, sequence: 0)]
    #expect(try Written([trace]).rows("SELECT time_ns, text FROM log") == ["NULL|events lost"])
    trace.recording.losses = [Loss(cpu: 0, count: 1 << 63, after: nil, before: nil, sequence: 0)]
    #expect(try Written([trace]).rows("SELECT lost_events FROM traces") == ["NULL"])
  }

  @Test func aPathThatCannotBeWritten() {
    #expect(throws: SQLiteError.self) { try SQLiteExport(path: "/nonexistent/x.db", version: "1", hostID: nil) }
  }
}
