import CallTrees

/// Names for functions that are known by their address only: `func#1`, the same in every export of a trace.
struct FunctionPseudonyms {
  /// What stands for text that is left out.
  static let withheld = "(withheld)"

  /// The functions of the recording, without addresses.
  let functions: [Function]
  /// Pseudonyms by address as it is displayed: `0xffffffffc05fc014`.
  private let byAddress: [String: String]
  /// Pseudonyms by what is displayed where a name is doubtful: `0xffffffffc05fc014 (svm_init?)`; `? (svm_init?)` in text without addresses.
  private let byDoubtfulName: [String: String]

  init(_ recording: Recording) {
    var functions: [Function] = []
    var byAddress: [String: String] = [:]
    var byDoubtfulName: [String: String] = [:]
    for function in recording.functions {
      var redacted = function
      redacted.address = nil
      if function.trustedName == nil {
        let name = "func#\(functions.count + 1)"
        redacted.name = name
        (redacted.module, redacted.doubt) = (nil, nil)
        if let address = function.shownAddress { byAddress[address] = name }
        if function.doubt != nil { byDoubtfulName[function.displayName] = name }
      }
      functions.append(redacted)
    }
    self.functions = functions
    self.byAddress = byAddress
    self.byDoubtfulName = byDoubtfulName
  }

  // MARK: text

  /// A sentence of this program, in which functions may be called as they are displayed.
  func text(_ text: String) -> String {
    var result = ""
    var rest = withoutDoubtfulNames(text).unicodeScalars[...]
    while let place = rest.firstIndex(of: "0") {
      result.unicodeScalars.append(contentsOf: rest[..<place])
      rest = rest[place...]
      let digits = rest.dropFirst(2).prefix { $0.properties.isASCIIHexDigit }
      // An address has more digits than a code or a count.
      if rest.dropFirst().first == "x", digits.count >= 8 {
        result += byAddress["0x" + String(digits)] ?? "0x…"
        rest = rest[digits.endIndex...]
      } else {
        result.unicodeScalars.append("0")
        rest = rest.dropFirst()
      }
    }
    result.unicodeScalars.append(contentsOf: rest)
    return result
  }

  /// Comes before addresses are looked for: they are a part of what is displayed.
  private func withoutDoubtfulNames(_ text: String) -> String {
    guard !byDoubtfulName.isEmpty else { return text }
    var parts = text.split(separator: "?)", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices.dropLast() {
      parts[index] += "?)"
      guard let bracket = parts[index].ranges(of: " (").last else { continue }
      let before = parts[index][..<bracket.lowerBound].lastIndex { !$0.isHexDigit && $0 != "x" && $0 != "?" }
      let start = before.map(parts[index].index(after:)) ?? parts[index].startIndex
      if let name = byDoubtfulName[String(parts[index][start...])] { parts[index].replaceSubrange(start..., with: name) }
    }
    return parts.joined()
  }

  /// A line of the kernel's log: KVM's own stay, without addresses; any other may name devices, hosts or people.
  func line(_ line: String) -> String {
    Self.kvmPrefixes.contains(where: line.hasPrefix) ? text(line) : Self.withheld
  }

  private static let kvmPrefixes = ["kvm: ", "kvm [", "kvm_intel: ", "kvm_amd: ", "SVM: ", "has_svm: ", "L1TF CPU bug"]
}
