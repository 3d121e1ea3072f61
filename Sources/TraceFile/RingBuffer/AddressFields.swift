/// The fields of an event that hold addresses of kernel code.
struct AddressFields: Sendable {
  /// Addresses of functions: the places at which they are entered.
  var functions: [FieldSlot] = []
  /// Addresses within functions, which `trace-cmd report` names by the nearest lower symbol.
  var places: [FieldSlot] = []
  /// The event is a kretprobe's, and tells by its name whose function this is.
  var isReturnProbe = false
  /// The address of an init function.
  var initcall: FieldSlot?

  /// Reads them from an event's format. nil: the event has none, or its format makes no sense.
  init?(_ event: EventFormat, parser: FormatParser) {
    // Probes of user space carry addresses of user space.
    guard event.system != "uprobes", let fields = parser.fields(of: event) else { return nil }
    let function = Self.functionField(event)
    if let function, let slot = fields[function] { functions.append(slot) }
    if event.system == "initcall" { initcall = fields["func"] }
    if let slot = fields["__probe_func"], slot.size >= 4 {
      functions.append(slot)
      isReturnProbe = true
    }
    // Of events that are not known, any number may be the address that is printed with a name.
    let isUnknown = functions.isEmpty && initcall == nil && Self.printsNames(event.text)
    for (name, slot) in fields where Self.placeNames.contains(name) || (isUnknown && slot.form == .unsigned) {
      if slot.size == 8 { places.append(slot) }
    }
    if functions.isEmpty && places.isEmpty && initcall == nil { return nil }
  }

  private static let placeNames: Set<String> = ["retaddr", "__probe_ip"]

  /// The field that holds a function's address, by the event.
  private static func functionField(_ event: EventFormat) -> String? {
    switch EventPlan.kind(system: event.system, name: event.name[...]) {
    case .enter, .leave: "func"
    case .hotplugEnter: "fun"
    default: nil
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
