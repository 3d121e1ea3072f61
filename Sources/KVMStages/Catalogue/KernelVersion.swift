/// A kernel version, compared component by component: `6.1.20`, `5.14`, `6.12.107` from `6.12.107+deb13-amd64`.
public struct KernelVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var major: Int
  public var minor: Int
  public var sublevel: Int

  public init(_ major: Int, _ minor: Int, _ sublevel: Int = 0) {
    self.major = major
    self.minor = minor
    self.sublevel = sublevel
  }

  /// Takes the leading `x.y[.z]` of a release string such as `uname -r` gives; nil when it starts otherwise.
  ///
  /// Debian's older releases (`5.10.0-41-amd64`) name the ABI, not the sublevel: their sublevel reads as 0.
  public init?(release: some StringProtocol) {
    var numbers: [Int] = []
    var digits = ""
    for character in release {
      if character.isASCII, character.isNumber, digits.count < 6 {
        digits.append(character)
      } else if character == ".", let number = Int(digits), numbers.count < 2 {
        numbers.append(number)
        digits = ""
      } else {
        break
      }
    }
    if let number = Int(digits) { numbers.append(number) }
    guard numbers.count >= 2 else { return nil }
    self.init(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
  }

  /// Whether a release string names a distribution's ABI in the place of the sublevel: `5.10.0-41-amd64`, `5.15.0-91-generic`.
  static func hidesSublevel(release: String) -> Bool {
    let parts = release.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let version = KernelVersion(release: parts[0]), parts[0].split(separator: ".").count == 3 else { return false }
    return version.sublevel == 0 && parts[1].first?.isNumber ?? false
  }

  public static func < (left: KernelVersion, right: KernelVersion) -> Bool {
    (left.major, left.minor, left.sublevel) < (right.major, right.minor, right.sublevel)
  }

  public var description: String { sublevel == 0 ? "\(major).\(minor)" : "\(major).\(minor).\(sublevel)" }
}

extension KernelVersion {
  /// The mainline releases that the catalogue covers, first to last.
  public static var mainline: [KernelVersion] {
    let series = [(4, 19...20), (5, 0...19), (6, 0...19), (7, 0...3)]
    return series.flatMap { major, minors in minors.map { KernelVersion(major, $0) } }
  }
}

extension KernelVersion: ExpressibleByStringLiteral {
  /// For the catalogue's own literals, such as `"6.1.20"`; text that is no version reads as 0.0.
  @inline(never)  // hundreds of rows need it, and each would get a copy
  public init(stringLiteral value: StaticString) {
    var numbers = [0, 0, 0]
    var place = 0
    let isVersion = value.withUTF8Buffer { text in
      for byte in text {
        if byte == UInt8(ascii: "."), place < 2 {
          place += 1
        } else if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte, numbers[place] < 100_000 {
          numbers[place] = numbers[place] * 10 + Int(byte - UInt8(ascii: "0"))
        } else {
          return false
        }
      }
      return place > 0
    }
    self = isVersion ? KernelVersion(numbers[0], numbers[1], numbers[2]) : KernelVersion(0, 0)
  }
}

/// Kernel versions from `since` up to, and not including, `until`; nil: no end known (checked up to 7.3).
public struct VersionRange: Hashable, Sendable, CustomStringConvertible {
  public var since: KernelVersion
  public var until: KernelVersion?

  @inline(never)  // as that of a literal
  public init(_ since: KernelVersion, _ until: KernelVersion? = nil) {
    self.since = since
    self.until = until
  }

  public func contains(_ version: KernelVersion) -> Bool {
    guard let until else { return version >= since }
    return version >= since && version < until
  }

  /// `6.3 to before 6.12`, `since 6.12`.
  public var description: String { until.map { "\(since) to before \($0)" } ?? "since \(since)" }
}
