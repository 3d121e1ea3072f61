/// The ends by which some paths are told from each other: a pattern of an end fits wherever the traces lie.
struct PathEnds {
  private let owners: [String: Set<String>]

  init(_ paths: [String]) {
    owners = paths.reduce(into: [:]) { owners, path in
      for end in Self.ends(of: path) { owners[end, default: []].insert(path) }
    }
  }

  /// The shortest end that no other path has, or the whole path where there is none.
  func pattern(of path: String) -> String {
    PathPatterns.literal(Self.ends(of: path).first { owners[$0]?.count == 1 } ?? path)
  }

  /// Other paths that its pattern fits as well: `old/trace.dat` for `trace.dat`.
  func others(than path: String) -> Set<String> { (owners[path] ?? []).subtracting([path]) }

  /// `c`, `b/c`, `a/b/c` for `a/b/c`.
  private static func ends(of path: String) -> [String] {
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    return names.indices.reversed().map { names[$0...].joined(separator: "/") }
  }
}
