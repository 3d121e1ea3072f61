import ArgumentParser
import KVMStages

extension TimeLimit {
  /// A duration as it stands on the command line.
  ///
  /// - Throws: `ValidationError` that says which forms are taken.
  init(argument text: String) throws {
    guard let limit = TimeLimit(text) else {
      throw ValidationError("'\(text)' is no duration: write a number with its unit, such as 10us, 1.5ms or 2s.")
    }
    self = limit
  }
}
