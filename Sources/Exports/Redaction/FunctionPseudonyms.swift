import CallTrees

/// Names for functions that are known by their address only: `func#1`, the same in every export of a trace.
struct FunctionPseudonyms {
  /// What stands for text that is left out.
  static let withheld = "(withheld)"

  /// The functions of the recording, without addresses.
  let functions: [Function]
  /// Pseudonyms by address as it is displayed: `0xffffffffc05fc014`.
  private let byAddress: [String: String]

  init(_ recording: Recording) {
    var functions: [Function] = []
    var byAddress: [String: String] = [:]
    for function in recording.functions {
      var redacted = function
      redacted.address = nil
      if function.trustedName == nil {
        let name = "func#\(functions.count + 1)"
        redacted.name = name
        (redacted.module, redacted.doubt) = (nil, nil)
        if let address = function.shownAddress { byAddress[address] = name }
      }
      functions.append(redacted)
    }
    self.functions = functions
    self.byAddress = byAddress
  }

  // MARK: text

  /// A sentence of this program, in which functions may be called by their address.
  func text(_ text: String) -> String {
    var result = ""
    var rest = text.unicodeScalars[...]
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

  /// A line of the kernel's log: KVM's own stay, without addresses; any other may name devices, hosts or people.
  func line(_ line: String) -> String {
    Self.kvmPrefixes.contains(where: line.hasPrefix) ? text(line) : Self.withheld
  }

  private static let kvmPrefixes = ["kvm: ", "kvm [", "kvm_intel: ", "kvm_amd: ", "SVM: ", "has_svm: ", "L1TF CPU bug"]
}
