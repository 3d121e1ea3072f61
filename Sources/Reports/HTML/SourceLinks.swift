import KVMStages

/// Links from functions to their places in the kernel's public cross-reference.
struct SourceLinks {
  /// What stands before a function's name.
  let base: String

  /// - Parameter kernel: `uname -r` of the recorded kernel, or nil.
  init(kernel: String?) {
    base = "https://elixir.bootlin.com/linux/\(kernel.flatMap(Self.tag) ?? "latest")/A/ident/"
  }

  /// The mainline tag that a release is, or is built from: `v6.12.117` of `6.12.117+deb13-amd64`; `v5.10` of `5.10.0-46-amd64`, whose
  /// last numbers count a distribution's builds; `v6.18-rc3` of `6.18.0-rc3`. nil for what is no kernel's number.
  static func tag(_ release: String) -> String? {
    guard let version = KernelVersion(release: release), (3...99).contains(version.major) else { return nil }
    guard version.sublevel == 0 else { return "v\(version.major).\(version.minor).\(version.sublevel)" }
    return "v\(version.major).\(version.minor)" + candidate(release)
  }

  /// `-rc3` of a release candidate, or nothing.
  private static func candidate(_ release: String) -> String {
    let parts = release.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 1, parts[1].hasPrefix("rc") else { return "" }
    let number = parts[1].dropFirst(2).prefix { $0.isASCII && $0.isNumber }
    return number.isEmpty || number.count > 2 ? "" : "-rc\(number)"
  }

  /// The identifier that a function as displayed stands for, or nil for an address, a doubtful name, and what is no name in C.
  static func identifier(_ shown: String) -> String? {
    var name = Substring(shown)
    if name.hasSuffix("]"), let bracket = name.firstRange(of: " [") { name = name[..<bracket.lowerBound] }
    // What the compiler adds, as in `kvm_get_feature_msr.constprop.0`, is not in the sources.
    if let dot = name.firstIndex(of: ".") { name = name[..<dot] }
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isName, let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
    return String(name)
  }

  /// The address of a function as displayed, or nil.
  func address(of shown: String) -> String? { Self.identifier(shown).map { base + $0 } }

  /// Writes a function as displayed, as a link where it has a place.
  func write(_ shown: String, to html: inout HTMLWriter) {
    guard let address = address(of: shown) else { return html.element("code", shown) }
    html.element("a", ["class": "source", "href": address, "rel": "noreferrer noopener", "target": "_blank"]) { html in
      html.element("code", shown)
    }
  }
}
