/// The tables of an exported database. Columns are added, and never change their meaning; else `version` rises.
enum SQLiteSchema {
  static let version = 1

  static let tables = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE traces (
      id INTEGER PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, kernel TEXT, machine TEXT, cpus INTEGER, clock TEXT,
      events INTEGER, lost_events INTEGER, has_times INTEGER NOT NULL, resolution_ns INTEGER NOT NULL,
      damage TEXT, host_id TEXT, host TEXT, boot_id TEXT, recorded_ns INTEGER, cpu_model TEXT, microcode TEXT, kernel_build_id TEXT,
      kvm_build_id TEXT, parameters TEXT, detail TEXT);
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY, trace INTEGER NOT NULL REFERENCES traces (id), pid INTEGER, comm TEXT, module TEXT, vendor TEXT, root TEXT,
      root_call INTEGER REFERENCES calls (id), verdict TEXT NOT NULL, reason TEXT NOT NULL, start_ns INTEGER, duration_ns INTEGER,
      calls INTEGER NOT NULL, max_depth INTEGER NOT NULL, interrupt_ns INTEGER, sleep_ns INTEGER, flow TEXT,
      module_build_id TEXT, failed_stage TEXT, failed_function TEXT, errno TEXT, code INTEGER, cause TEXT, remedy TEXT,
      lost_events INTEGER, open_calls INTEGER NOT NULL, mended_calls INTEGER NOT NULL, unresolved_functions INTEGER NOT NULL);
    CREATE TABLE stages (
      run INTEGER NOT NULL REFERENCES runs (id), position INTEGER NOT NULL, stage TEXT NOT NULL, section TEXT, title TEXT NOT NULL,
      status TEXT NOT NULL, tolerated INTEGER NOT NULL, function TEXT, parent TEXT, start_ns INTEGER, duration_ns INTEGER,
      calls INTEGER NOT NULL, interrupt_ns INTEGER, sleep_ns INTEGER, level INTEGER NOT NULL, note TEXT,
      PRIMARY KEY (run, position)) WITHOUT ROWID;
    CREATE TABLE stage_cpus (
      run INTEGER NOT NULL, position INTEGER NOT NULL, cpu INTEGER NOT NULL, start_ns INTEGER, duration_ns INTEGER, result INTEGER,
      FOREIGN KEY (run, position) REFERENCES stages (run, position));
    CREATE TABLE tasks (
      id INTEGER PRIMARY KEY, trace INTEGER NOT NULL REFERENCES traces (id), pid INTEGER, comm TEXT);
    CREATE TABLE functions (
      id INTEGER PRIMARY KEY, trace INTEGER NOT NULL REFERENCES traces (id), name TEXT, module TEXT, address TEXT, doubtful_name TEXT);
    CREATE TABLE calls (
      id INTEGER PRIMARY KEY, task INTEGER NOT NULL REFERENCES tasks (id), parent INTEGER REFERENCES calls (id), cpu INTEGER NOT NULL,
      depth INTEGER NOT NULL, function INTEGER REFERENCES functions (id), start_ns INTEGER, duration_ns INTEGER, return_value INTEGER,
      flags TEXT);
    CREATE TABLE log (
      id INTEGER PRIMARY KEY, trace INTEGER NOT NULL REFERENCES traces (id), kind TEXT NOT NULL, time_ns INTEGER, cpu INTEGER NOT NULL,
      pid INTEGER, text TEXT NOT NULL);
    CREATE VIEW call_list AS
      SELECT calls.id, tasks.trace, tasks.pid, tasks.comm, calls.parent, calls.cpu, calls.depth, functions.name AS function,
        functions.module, functions.address, calls.start_ns, calls.duration_ns, calls.return_value, calls.flags
      FROM calls JOIN tasks ON tasks.id = calls.task LEFT JOIN functions ON functions.id = calls.function;
    """

  /// Made when all rows are there: that is faster than keeping them up.
  static let indexes = """
    CREATE INDEX runs_by_module ON runs (module, verdict);
    CREATE INDEX stages_by_stage ON stages (stage, status);
    CREATE INDEX calls_by_function ON calls (function);
    CREATE INDEX calls_by_parent ON calls (parent);
    CREATE INDEX functions_by_name ON functions (name);
    CREATE INDEX log_by_trace ON log (trace, time_ns);
    """
}
