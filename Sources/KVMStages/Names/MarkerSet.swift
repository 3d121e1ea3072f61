/// Some markers' functions, by the names that they have in any kernel, prepared for asking row by row.
struct MarkerSet {
  private let names: Set<String>
  private let functions: FunctionSet

  /// - Parameter names: those of the recording whose rows are asked about.
  init(_ markers: [Marker], names: FunctionNames) {
    self.names = markers.reduce(into: []) { $0.formUnion(Catalogue.names(ofStep: $1.function)) }
    functions = names.indices(of: self.names)
  }

  /// Whether the call is one of a marker: by the name that its place gives it, else by that of its function.
  func contains(_ row: Int, in run: RunTree) -> Bool {
    if run.hasRole(row) { return run.name(row).map(names.contains) ?? false }
    return functions.contains(run.tree.calls[row].function.index)
  }
}
