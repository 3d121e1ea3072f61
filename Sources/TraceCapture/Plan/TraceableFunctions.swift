/// Functions that this kernel can trace, as `available_filter_functions` lists them.
public struct TraceableFunctions: Sendable {
  public struct Entry: Hashable, Sendable {
    public var name: String
    /// nil for the kernel image.
    public var module: String?
    /// Its line, from 1: filters take it in the place of a name, which spares the kernel a search through all of its functions.
    public var line: Int
  }

  /// Those that were asked for, in the order of the list.
  public private(set) var entries: [Entry] = []
  /// Number of lines of the list.
  public private(set) var count = 0
  private var names: Set<String> = []

  /// - Parameters:
  ///   - list: the text of the file; some 60,000 lines.
  ///   - wanted: names to look for.
  ///   - modules: modules all of whose functions are wanted.
  public init(_ list: String, wanted: Set<String>, modules: Set<String> = []) {
    var line = 0
    for row in list.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      let parts = row.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard let first = parts.first else { continue }
      let module = parts.count == 2 ? Self.module(parts[1]) : nil
      count = line
      guard let name = String(first) else { continue }
      guard wanted.contains(Self.base(name)) || module.map(modules.contains) ?? false else { continue }
      entries.append(Entry(name: name, module: module, line: line))
      names.insert(name)
    }
  }

  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// Without what the compiler puts behind the names of variants: `.isra.0`, `.constprop.0`.
  private static func base(_ name: String) -> String {
    guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// Lines of all functions but the ones that were asked for.
  public var otherLines: [Int] {
    let wanted = Set(entries.map(\.line))
    return count > 0 ? (1...count).filter { !wanted.contains($0) } : []
  }

  private static func module(_ text: Substring.UTF8View) -> String? {
    guard let name = String(text), name.hasPrefix("["), name.hasSuffix("]") else { return nil }
    return String(name.dropFirst().dropLast())
  }
}
