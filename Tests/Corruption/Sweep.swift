/// Truncated and corrupted copies of a trace, and what must be true of each.
public struct Sweep: Sendable {
  /// A copy that was not answered as it must be.
  public struct Finding: Sendable, CustomStringConvertible {
    public var what: String
    public var bytes: [UInt8]

    public var description: String { what }
  }

  /// What was tried so far.
  public struct Count: Sendable {
    public var truncations = 0
    public var corruptions = 0
    /// The longest time that one copy took.
    public var slowest: Duration = .zero
    public var findings: [Finding] = []

    public init() {}
  }

  /// No copy may take longer. Without optimisation or with a sanitizer, and beside other tests on the same cores, everything takes some ten
  /// times as long.
  #if DEBUG || SANITIZED
    public static let timeLimit: Duration = .seconds(20)
  #else
    public static let timeLimit: Duration = .seconds(2)
  #endif

  public private(set) var count = Count()
  private let name: String
  private let bytes: [UInt8]
  private let isDat: Bool
  private let blocks: PackedBlocks
  private var corrupter: Corrupter
  /// Called before each copy: if that one ends the process, its name is known.
  private let willTry: @Sendable (String) -> Void

  /// - Parameters:
  ///   - name: of the trace, for findings.
  ///   - bytes: the trace, not compressed as a whole.
  ///   - seed: the same seed gives the same copies.
  public init(name: String, bytes: [UInt8], seed: UInt64, willTry: @escaping @Sendable (String) -> Void = { _ in }) {
    self.name = name
    self.bytes = bytes
    self.willTry = willTry
    isDat = bytes.starts(with: [0x17, 0x08, 0x44])
    blocks = isDat ? bytes.withUnsafeBytes { PackedBlocks($0) } : PackedBlocks()
    corrupter = Corrupter(seed: seed)
  }

  // MARK: truncations

  /// Tries the trace cut at each border of its sections.
  public mutating func truncateAtBorders() {
    for border in isDat ? DatSections.borders(bytes) : [] where border < bytes.count { truncate(to: border) }
  }

  /// Tries the trace cut at random places.
  public mutating func truncate(rounds: Int) {
    for _ in 0..<rounds { truncate(to: Int.random(in: 0..<bytes.count, using: &corrupter)) }
  }

  private mutating func truncate(to length: Int) {
    count.truncations += 1
    let copy = Array(bytes[..<length])
    let status = measure("\(name) cut after \(length) of \(bytes.count) bytes", copy) { WholeReport.status($0) }
    // A trace-cmd file tells where it ends. A text does not: cut between two lines it is another, shorter text.
    if isDat ? status != 65 : ![0, 1, 2, 65].contains(status) {
      find("\(name) cut after \(length) of \(bytes.count) bytes: exit status \(status)", copy)
    }
  }

  // MARK: corruptions

  /// Tries copies with random changes, with every report of them, or with the verdict only.
  public mutating func corrupt(rounds: Int, isReported: Bool) {
    for round in 0..<rounds {
      count.corruptions += 1
      var copy = bytes
      if isDat { corrupter.change(dat: &copy, blocks: blocks) } else { corrupter.change(text: &copy) }
      let title = "\(name) changed, round \(round)"
      var contradiction: String?
      let status = measure(title, copy) { copy in
        guard isReported else { return WholeReport.status(copy) }
        let answer = WholeReport.make(copy)
        contradiction = answer.contradiction
        return answer.status
      }
      if let contradiction { find("\(title): \(contradiction)", copy) }
      if ![0, 1, 2, 65].contains(status) { find("\(title): exit status \(status)", copy) }
    }
  }

  private mutating func measure(_ title: String, _ copy: [UInt8], _ body: (UnsafeRawBufferPointer) -> Int32) -> Int32 {
    willTry(title)
    var status: Int32 = 0
    let time = Effort.test.time { status = copy.withUnsafeBytes(body) }
    count.slowest = max(count.slowest, time)
    if time > Self.timeLimit { find("\(title): took \(time)", copy) }
    return status
  }

  private mutating func find(_ what: String, _ bytes: [UInt8]) { count.findings.append(Finding(what: what, bytes: bytes)) }
}

/// Where the sections of a trace-cmd file begin.
public enum DatSections {
  /// The borders in a little-endian file of version 7; none for others.
  public static func borders(_ bytes: [UInt8]) -> [Int] {
    func number(_ at: Int) -> Int { (0..<8).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    guard bytes.count > 18, bytes[10] == UInt8(ascii: "7"), bytes[12] == 0 else { return [] }
    var at = 18
    for _ in 0..<2 { at = (bytes[at...].firstIndex(of: 0) ?? at) + 1 }
    at += 8
    var borders: [Int] = []
    while at + 16 <= bytes.count {
      borders += [at, at + 16]
      let size = number(at + 8)
      guard size >= 0, size <= bytes.count - at - 16 else { break }
      at += 16 + size
    }
    return borders
  }
}
