/// Kernel versions as a user writes them: `6.12` (the whole series), `6.1.20`, `>=6.3 <6.12`.
///
/// A version of two numbers stands for its series: `<=6.12` holds for 6.12.30, and `>6.12` does not.
public struct KernelCondition: Sendable, Hashable, CustomStringConvertible {
  private enum Comparison: String, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case not = "!="
    case above = ">"
    case below = "<"
    case equal = "="
  }

  private struct Bound: Hashable {
    var comparison: Comparison
    var version: KernelVersion
    var isSeries: Bool

    func holds(for other: KernelVersion) -> Bool {
      let other = isSeries ? KernelVersion(other.major, other.minor) : other
      return switch comparison {
      case .atLeast: other >= version
      case .atMost: other <= version
      case .not: other != version
      case .above: other > version
      case .below: other < version
      case .equal: other == version
      }
    }
  }

  public let description: String
  private let bounds: [Bound]

  /// nil for what is no condition.
  public init?(_ text: String) {
    description = text
    var bounds: [Bound] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
      let comparison = Comparison.allCases.first { word.hasPrefix($0.rawValue) }
      let number = word.dropFirst(comparison?.rawValue.count ?? 0)
      let parts = number.split(separator: ".", omittingEmptySubsequences: false)
      guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count <= 5 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
        let version = KernelVersion(release: number)
      else { return nil }
      bounds.append(Bound(comparison: comparison ?? .equal, version: version, isSeries: parts.count == 2))
    }
    guard !bounds.isEmpty else { return nil }
    self.bounds = bounds
  }

  /// Whether all its parts hold for `version`.
  public func holds(for version: KernelVersion) -> Bool { bounds.allSatisfy { $0.holds(for: version) } }
}
