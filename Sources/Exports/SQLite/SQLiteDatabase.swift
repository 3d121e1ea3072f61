import CSQLite

/// A database file that is written once, from its beginning.
final class SQLiteDatabase {
  fileprivate let handle: OpaquePointer

  /// Opens the empty file at `path`.
  ///
  /// It is a temporary file until all is written: so no journal is kept, and nothing is synced.
  /// - Throws: `SQLiteError` when it cannot be opened.
  init(path: String) throws(SQLiteError) {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
    guard code == SQLITE_OK, let handle = opened else {
      let message = String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(opened)
      throw SQLiteError(purpose: "open the database", code: code, message: message)
    }
    self.handle = handle
    try execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE", to: "prepare the database")
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements that give no rows.
  func execute(_ statements: String, to purpose: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, statements, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, purpose) }
  }

  /// The number of the row that was inserted last.
  var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

  fileprivate func error(_ code: Int32, _ purpose: String) -> SQLiteError {
    SQLiteError(purpose: purpose, code: code, message: String(cString: sqlite3_errmsg(handle)))
  }
}

/// A prepared INSERT, run for each row.
final class SQLiteInsertion {
  private let database: SQLiteDatabase
  private let handle: OpaquePointer
  private let table: String
  private var place: Int32 = 0

  /// - Parameters:
  ///   - table: and `columns`: names of the schema, never text of a trace.
  /// - Throws: `SQLiteError` when the table does not have the columns.
  init(_ database: SQLiteDatabase, into table: String, _ columns: [String]) throws(SQLiteError) {
    let marks = repeatElement("?", count: columns.count).joined(separator: ",")
    var prepared: OpaquePointer?
    let text = "INSERT INTO \(table) (\(columns.joined(separator: ","))) VALUES (\(marks))"
    let code = sqlite3_prepare_v2(database.handle, text, -1, &prepared, nil)
    guard code == SQLITE_OK, let handle = prepared else { throw database.error(code, "prepare the table \(table)") }
    (self.database, self.handle, self.table) = (database, handle, table)
  }

  deinit { sqlite3_finalize(handle) }

  /// The next column's value. Numbers above the greatest that SQLite has are left out.
  func bind(_ value: (some FixedWidthInteger)?) {
    place += 1
    if let number = value.flatMap({ Int64(exactly: $0) }) {
      sqlite3_bind_int64(handle, place, number)
    } else {
      sqlite3_bind_null(handle, place)
    }
  }

  func bind(_ value: String?) {
    place += 1
    guard var text = value else {
      sqlite3_bind_null(handle, place)
      return
    }
    _ = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { kvm_inittrace_bind_text(handle, place, $0.baseAddress, Int32(clamping: $0.count)) }
    }
  }

  /// Inserts the row of the values that were bound.
  func insert() throws(SQLiteError) {
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    place = 0
    guard code == SQLITE_DONE else { throw database.error(code, "write the table \(table)") }
  }
}
