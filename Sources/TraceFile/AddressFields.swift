/// The fields of an event that hold addresses of kernel code.
struct AddressFields: Sendable {
  /// Addresses of functions: the places at which they are entered.
  var functions: [FieldSlot] = []
  /// Addresses within functions, which `trace-cmd report` names by the nearest lower symbol.
  var places: [FieldSlot] = []
  /// The event is a kretprobe's, and tells by its name whose function this is.
  var isReturnProbe = false

  private static let functionNames: Set<String> = ["__probe_func"]

  /// Reads them from an event's format. nil: the event has none, or its format makes no sense.
  init?(_ event: EventFormat, parser: FormatParser) {
    // Probes of user space carry addresses of user space.
    guard event.system != "uprobes", let fields = parser.fields(of: event) else { return nil }
    let known = Self.functionFields(event)
    let printsNames = Self.printsNames(event.text)
    for (name, slot) in fields.sorted(by: { $0.key < $1.key }) where slot.size == 8 || slot.size == 4 {
      if known.contains(name) {
        functions.append(slot)
      } else if name == "retaddr" || name == "__probe_ip" || (printsNames && slot.form == .unsigned && !name.hasPrefix("common_")) {
        places.append(slot)
      }
    }
    isReturnProbe = fields["__probe_func"] != nil
    if functions.isEmpty && places.isEmpty { return nil }
  }

  /// The fields that hold a function's address, by the event.
  private static func functionFields(_ event: EventFormat) -> Set<String> {
    switch EventPlan.kind(system: event.system, name: event.name[...]) {
    case .enter, .leave, .initcallStart, .initcallFinish: ["func"]
    case .hotplugEnter: ["fun"]
    default: functionNames
    }
  }

  /// Whether the event is printed with a name in the place of an address: `%ps`, `%pS`, `%pf`, `%pF`, `%pB`.
  private static func printsNames(_ text: [UInt8]) -> Bool {
    let letters: Set<UInt8> = Set("sSfFB".utf8)
    var at = 0
    while at + 2 < text.count {
      if text[at] == UInt8(ascii: "%"), text[at + 1] == UInt8(ascii: "p"), letters.contains(text[at + 2]) { return true }
      at += 1
    }
    return false
  }
}
