/// A function as a user names it: `kvm_init`, or `kvm_init [kvm]` for the one of a module.
public struct FunctionPattern: Sendable, Hashable, CustomStringConvertible {
  public var name: String
  public var module: String?
  public var line: Int

  /// Compiler suffixes (`.isra.0`) do not count.
  public init(_ text: String, line: Int = 1) {
    let parts = text.split(separator: " ", maxSplits: 1)
    name = FunctionNames.base(of: String(parts.first ?? ""))
    let rest = parts.count > 1 ? parts[1].filter { $0 != " " } : ""
    module = rest.hasPrefix("[") && rest.hasSuffix("]") ? String(rest.dropFirst().dropLast()) : nil
    self.line = line
  }

  public var description: String { module.map { "\(name) [\($0)]" } ?? name }
}
