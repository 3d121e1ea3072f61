import KVMStages

/// Programs of calls that load KVM's modules stage by stage, as the catalogue has them: one that succeeds, and some that fail at a stage and
/// undo what was done.
enum InitSeeds {
  static let all: [[UInt8]] = ["5.10.262", "6.1.187", "6.12.1", "7.3.4"].flatMap { release in
    [Vendor.intel, .amd].flatMap { vendor in programs(release, vendor) }
  }

  /// One stage of so many fails.
  private static let everyOne = 6

  private static func programs(_ release: String, _ vendor: Vendor) -> [[UInt8]] {
    guard let version = KernelVersion(release: release), let flow = Catalogue.flow(on: version, for: vendor),
      let kernel = CallVocabulary.kernels.firstIndex(of: release)
    else { return [] }
    let forms = flow.stages(on: version, for: vendor).compactMap { $0.form(on: version, for: vendor) }
    let failing = [nil] + stride(from: 3, to: forms.count, by: everyOne).map(Optional.some)
    return failing.map { failing in
      var program = InitProgram()
      program.load(forms, failing: failing)
      return [UInt8(kernel), 0, 0, 2] + program.bytes
    }
  }
}

/// Writes one load.
private struct InitProgram {
  private(set) var bytes: [UInt8] = []
  private var open: [String] = []

  private static let numbers = Dictionary(
    CallVocabulary.functions.enumerated().compactMap { index, function in function.name.map { ($0, index) } },
    uniquingKeysWith: { first, _ in first })

  mutating func load(_ forms: [StageForm], failing: Int?) {
    for function in ["do_init_module", "do_one_initcall"] { enter(function) }
    for (index, form) in forms.enumerated() {
      guard let marker = form.markers.first(where: { $0.role == .own || $0.role == .proxy }) else { continue }
      // A stage whose caller is not open runs elsewhere.
      guard let parent = form.parents.isEmpty ? nil : open.lastIndex(where: form.parents.contains) else { continue }
      while open.count > parent + 1 { leave(0) }
      enter(marker.function)
      guard index == failing else { continue }
      leave(-22)
      for item in form.failure.unwind { call(Catalogue.unwindFunction(item)) }
      break
    }
    while !open.isEmpty { leave(failing == nil ? 0 : -22) }
  }

  private mutating func add(_ operation: CallProgram.Operation, _ function: String, _ value: Int8 = 0) {
    guard let number = Self.numbers[function] else { return }
    bytes += CallsTarget.line(operation, UInt8(number & 255), UInt8(number >> 8), UInt8(bitPattern: value))
  }

  private mutating func enter(_ function: String) {
    guard Self.numbers[function] != nil else { return }
    add(.enter, function)
    open.append(function)
  }

  private mutating func call(_ function: String) { add(.call, function) }

  private mutating func leave(_ value: Int8) {
    guard let function = open.popLast() else { return }
    add(.leave, function)
    add(.value, function, value)
  }
}
