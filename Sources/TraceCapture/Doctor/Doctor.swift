/// Says whether a machine can record the load of a KVM module, and whether it can run KVM: facts in, checks out.
public struct Doctor: Sendable {
  let facts: MachineFacts

  public init(_ facts: MachineFacts) { self.facts = facts }

  /// All checks, in the order in which their remedies are best followed.
  ///
  /// - Parameter others: checks that others have made, such as of what an interrupted recording has left; they come first.
  public func checks(others: [DoctorCheck] = []) -> [DoctorCheck] {
    others + [permission, processIDs, lockdown, tracefs, functionGraph, graphInInstances, kprobeEvents, events, returnValues, arguments]
      + otherTracing + [addresses, cpu, guest, moduleLoading, moduleFiles, module, device]
  }

  var isRoot: Bool { facts.permissions.isRoot }

  /// `uname -r`, or a word for it.
  var release: String { facts.kernel.uname.release.isEmpty ? "of unknown release" : facts.kernel.uname.release }

  /// At most `limit` of the names, and how many there are more.
  static func list(_ names: [String], limit: Int = 4) -> String {
    let more = names.count - limit
    return names.prefix(limit).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
