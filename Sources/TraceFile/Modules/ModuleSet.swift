/// The modules' files that the user gave, read once for all traces.
public struct ModuleSet: Sendable {
  /// Where they come from, as the user named it.
  public private(set) var sources: [String] = []
  public private(set) var files: [ModuleFile] = []

  public init() {}

  package init(_ files: [ModuleFile], source: String) {
    self.files = files
    sources = [source]
  }

  /// Reads the files of KVM's modules in and below `directory`, and the `files`.
  ///
  /// - Throws: `TraceReadError` when one cannot be read: 66 for what cannot be opened, 65 for what is no module.
  public init(directory: String?, files paths: [String]) throws(TraceReadError) {
    var found: [String] = []
    if let directory { found = try ModuleDirectory.files(in: directory) }
    sources = (directory.map { [$0] } ?? []) + paths
    for path in found + paths {
      let block = try FileLoader.load(path: path, limit: ModuleELF.sizeLimit)
      guard block.bytes.count <= ModuleELF.sizeLimit else { throw TraceReadError(.tooLarge(limit: ModuleELF.sizeLimit), path: path) }
      do throws(ModuleELFError) {
        files.append(try ModuleFile(bytes: Array(block.bytes), path: path))
      } catch {
        throw TraceReadError(.notAModule(error), path: path)
      }
    }
  }

  /// How messages call them all.
  var title: String { sources.count == 1 ? "the module files in \(sources[0])" : "the module files" }
}
