import CallTrees
import Glibc

/// What has to be read at once when a load is over, while the modules are as it left them.
struct Captured {
  let kallsyms: [UInt8]
  let printkFormats: [UInt8]
  let clocks: String
  private let savedCommandLines: String
  private let modules: ModuleTable
  private let files: KernelFiles

  init(top: TracefsDirectory, files: KernelFiles) {
    self.files = files
    kallsyms = files.bytes("/proc/kallsyms", limit: 256 << 20) ?? []
    savedCommandLines = (try? top.read("saved_cmdlines")) ?? ""
    printkFormats = Array(((try? top.read("printk_formats")) ?? "").utf8)
    clocks = ((try? top.read("trace_clock")) ?? "[local]").trimmed
    modules = ModuleTable(files)
  }

  /// The kernel keeps the names of the last 128 tasks only: the command's is added when it is not among them.
  func commandLines(_ command: GatedCommand?) -> [UInt8] {
    var text = savedCommandLines
    if let command, let program = command.arguments.first, !text.split(separator: "\n").contains(where: { $0.hasPrefix("\(command.pid) ") }) {
      let name = program.split(separator: "/").last ?? Substring(program)
      text += "\(command.pid) \(name.prefix(15))\n"
    }
    return Array(text.utf8)
  }

  /// Adds the modules' parameters and build ids; those of a module that is gone come from its file.
  func fill(_ facts: inout RecordingFacts, modules names: [String], files moduleFiles: ModuleFiles) {
    if let id = modules.kernelBuildID { facts.buildIDs["kernel"] = "\(id)" }
    for name in names {
      for (parameter, value) in modules.parameters(of: name).sorted(by: { $0.key < $1.key }) {
        facts.parameters.append(RecordingFacts.Parameter(module: name, name: parameter, value: value))
      }
      let file = moduleFiles.path(of: name).flatMap { try? ModuleELF(files, path: $0) }
      if let id = modules.buildID(of: name) ?? file?.buildID { facts.buildIDs[name] = "\(id)" }
    }
  }
}
