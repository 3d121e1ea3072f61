/// A list of CPUs as the kernel writes it: `0-3,8,10-11`.
struct CPUList: Sendable, Hashable {
  /// How many CPUs the list names; ranges that are none count nothing.
  var count = 0
  /// The number behind the highest CPU; 0 when none is named.
  var end = 0

  /// More CPUs than any kernel can be built for (CONFIG_NR_CPUS).
  private static let limit = 1 << 16

  init(_ text: String) {
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { continue }
      guard first >= 0, first <= last, last < Self.limit else { continue }
      count = min(Self.limit, count + last - first + 1)
      end = max(end, last + 1)
    }
  }
}
