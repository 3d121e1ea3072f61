/// One thing that `doctor` looks at, and what it found.
public struct DoctorCheck: Sendable, Hashable {
  public enum Status: String, Sendable, Hashable, CaseIterable {
    case pass
    /// Recording works, but something stands in its way or makes it poorer.
    case warn
    /// Recording, or KVM itself, cannot work.
    case fail
    /// Nothing can be said, or this kernel does without.
    case skip
  }

  /// Stable: lower-case words joined by `-`.
  public var name: String
  public var status: Status
  /// May hold text from anywhere (names of processes, of probes): to be escaped before it is shown.
  public var found: String
  /// What to do; every `warn` and `fail` has one.
  public var remedy: String?

  private init(_ status: Status, _ name: String, _ found: String, remedy: String?) {
    self.status = status
    self.name = name
    self.found = found
    self.remedy = remedy
  }

  /// All is well.
  public static func pass(_ name: String, _ found: String) -> DoctorCheck { DoctorCheck(.pass, name, found, remedy: nil) }

  /// It works, with a drawback.
  public static func warn(_ name: String, _ found: String, do remedy: String) -> DoctorCheck {
    DoctorCheck(.warn, name, found, remedy: remedy)
  }

  /// Recording, or KVM, cannot work.
  public static func fail(_ name: String, _ found: String, do remedy: String) -> DoctorCheck {
    DoctorCheck(.fail, name, found, remedy: remedy)
  }

  /// Nothing can be said, or this kernel does without.
  public static func skip(_ name: String, _ found: String) -> DoctorCheck { DoctorCheck(.skip, name, found, remedy: nil) }
}
