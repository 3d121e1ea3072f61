@testable import TraceCapture

/// What tests of `Doctor` ask of a machine that they have set up.
protocol ChecksOfMachines {}

extension ChecksOfMachines {
  /// The checks as lines, without the wrapping.
  func lines(_ test: TestMachine) -> [String] { Doctor(MachineFacts(test.files)).checks().map(line) }

  func line(_ check: DoctorCheck) -> String {
    "\(check.status.rawValue.uppercased()) \(check.name): \(check.found)" + (check.remedy.map { " (\($0))" } ?? "")
  }

  func text(_ test: TestMachine) -> String { lines(test).joined(separator: "\n") }

  /// The checks that `change` changes, as they are then.
  func changes(_ test: TestMachine, _ change: (TestMachine) throws -> Void) rethrows -> [String] {
    let before = lines(test)
    try change(test)
    return lines(test).filter { !before.contains($0) }
  }
}
