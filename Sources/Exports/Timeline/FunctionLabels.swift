import CallTrees

/// What functions are called in a format, rendered once for all calls.
struct FunctionLabels {
  private let labels: [[UInt8]]
  /// For a return that names no function.
  private let unknown: [UInt8]

  init(_ functions: [Function], _ render: (Function) -> [UInt8]) {
    labels = functions.map(render)
    unknown = render(Function(address: nil, name: nil))
  }

  subscript(_ function: FunctionID) -> [UInt8] {
    let index = Int(function.index)
    return index < labels.count ? labels[index] : unknown
  }
}
