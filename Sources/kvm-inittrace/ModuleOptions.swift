import ArgumentParser
import TraceFile

/// Options that name the functions of modules by the modules' files.
struct ModuleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Names for addresses of a module that is gone: /lib/modules/RELEASE of the recorded kernel, or a tree with its files.",
      valueName: "dir"), completion: .directory)
  var moduleDir: String?

  @Option(
    help: ArgumentHelp("The same of one module's file, such as kvm-intel.ko.xz; may be repeated.", valueName: "file"),
    completion: .moduleFiles)
  var moduleFile: [String] = []

  /// Reads the files, once for all traces: each belongs to a kernel, and names what that has recorded.
  ///
  /// - Throws: `CommandFailure` when one cannot be read.
  func set() throws(CommandFailure) -> ModuleSet {
    guard moduleDir != nil || !moduleFile.isEmpty else { return ModuleSet() }
    do {
      return try ModuleSet(directory: moduleDir, files: moduleFile)
    } catch {
      throw CommandFailure(error)
    }
  }
}
