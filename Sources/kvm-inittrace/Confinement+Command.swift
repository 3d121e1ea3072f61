import Glibc
import Reports
import Safeguards

extension Confinement {
  /// Confines a command that reads traces, before it has looked at one; a file that is cut off meanwhile ends it with a clear line.
  ///
  /// - Parameters:
  ///   - files: what is read beside the traces.
  ///   - paths: what is written beside `output`.
  static func enter(
    _ trace: TraceOptions, output: OutputOptions, reading files: [String] = [], writing paths: [String] = [], isDatabase: Bool = false
  ) {
    var confinement = Confinement()
    confinement.traces = trace.paths
    confinement.inputs = [trace.kallsyms, trace.systemMap].compactMap(\.self) + files
    confinement.readsKernelAddresses = trace.kallsyms != nil
    confinement.add(trace.modules)
    confinement.outputs = ([output] + paths.map { output.to($0) }).filter { !$0.isOpen }.map(\.output)
    confinement.readsOutputs = isDatabase
    if isDatabase { confinement.scratch = OutputOptions.databaseFolders }
    enter(confinement)
  }

  /// Lets the files of modules be read.
  mutating func add(_ modules: ModuleOptions) {
    inputs += modules.moduleFile
    if let directory = modules.moduleDir { moduleDirectories.append(directory) }
  }

  static func enter(_ confinement: Confinement) {
    BusErrors.endClearly()
    confinement.enter()
  }
}

extension OutputOptions {
  /// The same with another file.
  func to(_ path: String) -> OutputOptions {
    var other = self
    other.output = path
    return other
  }

  /// Where a database lies on its way, and where SQLite sorts.
  fileprivate static var databaseFolders: [String] {
    let names: [String] = ["SQLITE_TMPDIR", "TMPDIR"]
    let named = names.compactMap { name in getenv(name).map { String(cString: $0) } }
    return [scratch, "/var/tmp", "/usr/tmp", "/tmp"] + named
  }
}
