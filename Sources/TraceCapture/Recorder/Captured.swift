import CallTrees
import Glibc
import TraceFile

/// What has to be read at once when a load is over, while the modules are as it left them.
struct Captured {
  let kallsyms: [UInt8]
  let printkFormats: [UInt8]
  private let savedCommandLines: String
  private let modules: ModuleTable
  private let files: KernelFiles

  init(top: TracefsDirectory, files: KernelFiles) {
    self.files = files
    kallsyms = files.bytes("/proc/kallsyms", limit: 256 << 20) ?? []
    savedCommandLines = (try? top.read("saved_cmdlines")) ?? ""
    printkFormats = Array(((try? top.read("printk_formats")) ?? "").utf8)
    modules = ModuleTable(files)
  }

  /// The kernel keeps the names of the last 128 tasks, and knows the command by that of the recorder until it had been executed: its own
  /// name is put there instead.
  func commandLines(_ command: GatedCommand?) -> [UInt8] {
    guard let command, let program = command.arguments.first else { return Array(savedCommandLines.utf8) }
    let name = (program.split(separator: "/").last ?? Substring(program)).prefix(15)
    let others = savedCommandLines.split(separator: "\n").filter { !$0.hasPrefix("\(command.pid) ") }
    return Array((others + ["\(command.pid) \(name)"]).joined(separator: "\n").utf8) + [UInt8(ascii: "\n")]
  }

  func buildID(of module: String) -> BuildID? { modules.buildID(of: module) }

  /// Adds the modules' parameters and build ids; those of a module that is gone come from its file.
  func fill(_ facts: inout RecordingFacts, modules names: [String], files moduleFiles: ModuleFiles) {
    if let id = modules.kernelBuildID { facts.buildIDs["kernel"] = "\(id)" }
    for name in names {
      for (parameter, value) in modules.parameters(of: name).sorted(by: { $0.key < $1.key }) {
        facts.parameters.append(RecordingFacts.Parameter(module: name, name: parameter, value: value))
      }
      if let id = modules.buildID(of: name) ?? fileBuildID(of: name, moduleFiles) { facts.buildIDs[name] = "\(id)" }
    }
  }

  private func fileBuildID(of module: String, _ moduleFiles: ModuleFiles) -> BuildID? {
    moduleFiles.path(of: module).flatMap { try? ModuleELF(files, path: $0) }?.buildID
  }
}
