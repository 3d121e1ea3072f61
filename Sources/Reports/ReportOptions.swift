/// What a report shows, and for what kind of place it is laid out.
public struct ReportOptions: Sendable {
  /// Columns of the terminal; lines stay within it, down to 60 columns and up to 100.
  public var width: Int
  public var color: Bool
  /// False where the terminal cannot show more than ASCII.
  public var unicode: Bool
  /// All rows of the stage table, all CPUs, and the reason of each verdict.
  public var verbose: Bool
  /// The verdict and the integrity of the trace only.
  public var quiet: Bool
  public var showTree: Bool
  /// Levels of the call tree that are shown below its root.
  public var maxDepth: Int?
  /// Calls that took less nanoseconds are left out of the tree, unless a stage lies below.
  public var minDuration: UInt64?
  /// Only this stage's part of the tree.
  public var stageID: String?
  /// Unfolds locks, allocations, interrupts and repeated calls in the tree.
  public var showNoise: Bool

  public init(
    width: Int = 100, color: Bool = false, unicode: Bool = true, verbose: Bool = false, quiet: Bool = false, showTree: Bool = false,
    maxDepth: Int? = nil, minDuration: UInt64? = nil, stageID: String? = nil, showNoise: Bool = false
  ) {
    self.width = width
    self.color = color
    self.unicode = unicode
    self.verbose = verbose
    self.quiet = quiet
    self.showTree = showTree
    self.maxDepth = maxDepth
    self.minDuration = minDuration
    self.stageID = stageID
    self.showNoise = showNoise
  }

  /// The width that lines are laid out for.
  var columns: Int { min(max(width, 60), 100) }
}
