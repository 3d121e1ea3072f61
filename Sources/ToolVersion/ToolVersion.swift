/// Which kvm-inittrace this is: the one place of the version, for `--version`, recordings, packages and the manual.
public enum ToolVersion {
  public static let number = "0.2.0"

  /// The first seven digits of the commit that it was built from, with `-dirty` behind them when files had been changed since; nil when the
  /// build could not tell. Written by `scripts/commit`, which the build runs.
  public static var commit: String? { builtCommit.isEmpty ? nil : builtCommit }

  /// `kvm-inittrace 0.2.0 (6ad5b8b)`
  public static var text: String { "kvm-inittrace \(number)" + (commit.map { " (\($0))" } ?? "") }
}
