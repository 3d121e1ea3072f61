/// How much a trace-cmd file may grow to while it is read, by its own size: what all its sections, CPUs and events share.
///
/// Recordings shrink to a fifth, texts to a twentieth, and an event takes at least four bytes of a compressed file; only pages that hold
/// next to nothing shrink to some hundredth. A small file that grows to gigabytes was made to fill the memory.
final class UnpackingBudget: @unchecked Sendable {
  // Changed by one thread at a time: by the one that finds the parts, then by whoever holds the lock of the pipeline.
  private(set) var bytes: Int
  private(set) var events: Int

  /// What any file may grow to: an idle machine of 500 CPUs with large sub-buffers takes it.
  private static let freeBytes = 32 << 20
  private static let bytesPerByte = 256
  private static let freeEvents = 1 << 17
  private static let eventsPerByte = 2

  init(fileSize: Int) {
    func grown(_ factor: Int, from free: Int) -> Int {
      let (product, overflow) = fileSize.multipliedReportingOverflow(by: factor)
      return overflow || product > Int.max - free ? Int.max : product + free
    }
    bytes = grown(Self.bytesPerByte, from: Self.freeBytes)
    events = grown(Self.eventsPerByte, from: Self.freeEvents)
  }

  /// Takes `count` bytes. False, and nothing is taken: there are not so many left.
  func take(bytes count: Int) -> Bool {
    guard count <= bytes else { return false }
    bytes -= count
    return true
  }

  /// Takes `count` events. False: there are not so many left.
  func take(events count: Int) -> Bool {
    guard count <= events else { return false }
    events -= count
    return true
  }
}
