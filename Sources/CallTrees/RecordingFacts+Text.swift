extension RecordingFacts {
  /// A text that is longer is not read: a recorder writes some KB.
  public static let textLimit = 1 << 20
  /// Elements of one list that are read.
  private static let listLimit = 10_000
  private static let tool = "kvm-inittrace "

  private enum Key: String {
    case argument
    case exit
    case signal
    case elapsed
    case started
    case hostID = "host-id"
    case bootID = "boot-id"
    case module
    case vendor
    case detail
    case root
    case leftOut = "left-out"
    case kernelCommandLine = "kernel-command-line"
    case cpuModel = "cpu-model"
    case microcode
    case parameter
    case buildID = "build-id"
    case bufferKB = "buffer-kb"
    case clock
    case interrupted
    case disturbed
    case repetition = "repeat"
    case filteredEvents = "filtered-events"
    case lostEvents = "lost-events"
    case loadedModules = "loaded-modules"
  }

  // MARK: writing

  /// The facts as lines `key: value` below a line with the recorder's version. Lists have a line for each element.
  public var text: String {
    var lines = [Self.tool + LineEscapes.escaped(toolVersion)]
    func add(_ key: Key, _ value: String?) {
      if let value { lines.append("\(key.rawValue): \(LineEscapes.escaped(value))") }
    }
    for argument in command { add(.argument, argument) }
    add(.exit, exitCode.map { "\($0)" })
    add(.signal, signal.map { "\($0)" })
    add(.elapsed, elapsed.map { "\($0)" })
    add(.started, started.map { "\($0)" })
    add(.hostID, hostID)
    add(.bootID, bootID)
    add(.module, module)
    add(.vendor, vendor)
    add(.detail, detail?.rawValue)
    for root in roots { add(.root, root) }
    for function in leftOut { add(.leftOut, function) }
    add(.kernelCommandLine, kernelCommandLine)
    add(.cpuModel, cpuModel)
    add(.microcode, microcode)
    for parameter in parameters { add(.parameter, "\(parameter.module).\(parameter.name)=\(parameter.value)") }
    for (owner, id) in buildIDs.sorted(by: { $0.key < $1.key }) { add(.buildID, "\(owner) \(id)") }
    add(.bufferKB, bufferKB.map { "\($0)" })
    add(.clock, clock)
    add(.interrupted, interrupted)
    for sentence in disturbed { add(.disturbed, sentence) }
    if let repetition { add(.repetition, repetitions.map { "\(repetition) \($0)" } ?? "\(repetition)") }
    add(.filteredEvents, filteredEvents.map { "\($0)" })
    for (cpu, count) in lostEvents.sorted(by: { $0.key < $1.key }) { add(.lostEvents, "\(cpu) \(count)") }
    add(.loadedModules, loadedModules.map { $0.sorted().joined(separator: " ") })
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: reading

  /// Reads what `text` gives. nil: it is another tool's version. Keys and values that make no sense are passed over.
  public init?(text: String) {
    guard text.utf8.starts(with: Self.tool.utf8), text.utf8.count <= Self.textLimit else { return nil }
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first else { return nil }
    self.init(toolVersion: LineEscapes.unescaped(Substring(first.dropFirst(Self.tool.utf8.count))))
    for line in lines.dropFirst() {
      guard let (name, rest) = Self.split(Substring(line), at: ":"), let key = Key(rawValue: name), rest.utf8.first == 0x20 else {
        continue
      }
      take(key, LineEscapes.unescaped(Substring(rest.utf8.dropFirst())))
    }
  }

  /// The texts before and behind the first `separator`. Bytes are compared: a combining character behind it does not hide it.
  private static func split(_ text: Substring, at separator: Unicode.Scalar) -> (String, Substring)? {
    guard let place = text.unicodeScalars.firstIndex(of: separator) else { return nil }
    return (String(text[..<place]), text[text.unicodeScalars.index(after: place)...])
  }

  /// What is apart by spaces, in the same way.
  private static func words(_ text: String) -> [String] { text.unicodeScalars.split(separator: " ").map(String.init) }

  private mutating func take(_ key: Key, _ value: String) {
    switch key {
    case .argument: Self.append(value, to: &command)
    case .exit: exitCode = Int32(value)
    case .signal: signal = Int32(value)
    case .elapsed: elapsed = UInt64(value)
    case .started: started = UInt64(value)
    case .hostID: hostID = value
    case .bootID: bootID = value
    case .module: module = value
    case .vendor: vendor = value
    case .detail: detail = Detail(rawValue: value)
    case .root: Self.append(value, to: &roots)
    case .leftOut: Self.append(value, to: &leftOut)
    case .kernelCommandLine: kernelCommandLine = value
    case .cpuModel: cpuModel = value
    case .microcode: microcode = value
    case .parameter: if let parameter = Self.parameter(value) { Self.append(parameter, to: &parameters) }
    case .buildID: takePair(value) { facts, owner, id in if facts.buildIDs.count < Self.listLimit { facts.buildIDs[owner] = id } }
    case .bufferKB: bufferKB = UInt64(value)
    case .clock: clock = value
    case .interrupted: interrupted = value
    case .disturbed: Self.append(value, to: &disturbed)
    case .repetition: takeRepetition(value)
    case .filteredEvents: filteredEvents = UInt64(value)
    case .lostEvents:
      takePair(value) { facts, cpu, count in
        guard let cpu = Int(cpu), let count = UInt64(count), facts.lostEvents.count < Self.listLimit else { return }
        facts.lostEvents[cpu] = count
      }
    case .loadedModules: loadedModules = Set(Self.words(value).prefix(Self.listLimit))
    }
  }

  private static func append<Element>(_ element: Element, to list: inout [Element]) {
    if list.count < listLimit { list.append(element) }
  }

  /// `kvm_intel.nested=Y`. Neither a module's name nor a parameter's has a dot or an equals sign in it.
  private static func parameter(_ value: String) -> Parameter? {
    guard let (module, rest) = split(value[...], at: "."), let (name, setting) = split(rest, at: "=") else { return nil }
    return Parameter(module: module, name: name, value: String(setting))
  }

  private mutating func takePair(_ value: String, _ store: (inout RecordingFacts, String, String) -> Void) {
    if let (first, second) = Self.split(value[...], at: " ") { store(&self, first, String(second)) }
  }

  /// `2 5`: the second of five.
  private mutating func takeRepetition(_ value: String) {
    let numbers = Self.words(value).map { Int($0) }
    guard let first = numbers.first, let first else { return }
    repetition = first
    if numbers.count > 1 { repetitions = numbers[1] }
  }
}
