/// Some markers' functions, by the names that they have in any kernel, prepared for asking row by row.
struct MarkerSet {
  private let names: Set<String>
  private let functions: FunctionSet
  private let markers: [Marker]

  /// - Parameter names: those of the recording whose rows are asked about.
  init(_ markers: [Marker], names: FunctionNames) {
    self.markers = markers
    self.names = markers.reduce(into: []) { $0.formUnion(Catalogue.names(ofStep: $1.function)) }
    functions = names.indices(of: self.names)
  }

  /// A lone call of a function that others call too is enough only where the catalogue asks for no number.
  var minimumCalls: Int { markers.map(\.minimumCalls).min() ?? 1 }

  /// Whether all of the markers are calls of this one function.
  func isOnly(_ function: String) -> Bool { markers.allSatisfy { $0.function == function } }

  /// Whether the call is one of a marker: by the name that its place gives it, else by that of its function.
  func contains(_ row: Int, in run: RunTree) -> Bool {
    if run.hasRole(row) { return run.name(row).map(names.contains) ?? false }
    return functions.contains(run.tree.calls[row].function.index)
  }
}
