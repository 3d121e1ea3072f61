import CallTrees
import Glibc

/// Why a module's file cannot be what was called.
struct ModuleMisfit: Error, Hashable {
  var reason: String
  /// Its init function would not even lie at the right place in a page.
  var isElsewhere = false
}

/// A module's file laid over the functions of one init.
struct ModuleFit {
  var file: ModuleFile
  /// Functions of the file by index in `Recording.functions`.
  var functions: [Int: Int] = [:]
  /// Where the areas begin, where that is told.
  var bases: [ModuleLayout.Area: UInt64] = [:]
  /// How sure it is, in bits: that a file which has nothing to do with the recording fits as well has a chance of 1 in 2 to the power of this.
  var bits = 0.0
  /// Why functions of the area that stays are left without names.
  var coreProblem: String?
}

/// Lays a module's file over the nameless functions of one init.
///
/// Where the loader's child lies tells where the area of init code begins. All nameless functions in it must then lie at functions that the
/// file enters there, and be called by those that can call them. For the area that stays, a place must be the only one where all that is
/// nameless otherwise lies at such functions.
struct ModuleMatcher {
  private let recording: Recording
  private let calls: NamelessCalls
  private let anchor: Int
  private let address: UInt64
  /// Indices of the inits whose function is the anchor.
  private let inits: Set<Int>
  /// The nameless functions that were called in these inits and nowhere else.
  private let own: [NamelessCalls.Function]
  /// Whether the kernel release or the build id says that the file belongs to the recording.
  private let isIdentified: Bool

  /// Fewer bits than these are a coincidence.
  private static let enough = 12.0
  /// The same for a file of the recorded release in a trace where no other init can be meant.
  private static let enoughForOnly = 8.0
  /// Functions that are too few to outweigh a callee that the file does not tell.
  private static let few = 3
  /// What a file that nothing identifies must have to name functions of the area that stays, and by these alone.
  private static let enoughForUnknown = (all: 16.0, core: 8.0)

  init?(_ recording: Recording, _ calls: NamelessCalls, anchor: Int, isIdentified: Bool) {
    guard recording.functions.indices.contains(anchor), let address = recording.functions[anchor].address else { return nil }
    self.recording = recording
    self.calls = calls
    self.anchor = anchor
    self.address = address
    self.isIdentified = isIdentified
    let inits = Set(calls.inits.indices.filter { calls.inits[$0].function == anchor })
    self.inits = inits
    own = calls.functions.values.filter { !$0.isCalledElsewhere && !$0.inits.isEmpty && $0.inits.isSubset(of: inits) }
      .sorted { $0.address < $1.address }
  }

  /// - Throws: `ModuleMisfit` when the file cannot be what was called.
  func fit(_ file: ModuleFile) throws(ModuleMisfit) -> ModuleFit {
    guard let start = file.code.initFunction, let place = file.entry(of: start) else {
      throw ModuleMisfit(reason: "\(Self.name(file)) has no init function that can be traced")
    }
    guard address >= place.offset, (address - place.offset) % ModuleLayout.pageSize == 0 else {
      let page = ModuleLayout.pageSize - 1
      throw ModuleMisfit(
        reason: "the init function of \(Self.name(file)) would lie at …\((place.offset & page).hex) in its page, and "
          + "\(address.hex) ran", isElsewhere: true)
    }
    var fit = ModuleFit(file: file)
    fit.bases[place.area] = address - place.offset
    fit.functions[anchor] = start
    try takeNamed(&fit)
    try lay(place.area, &fit)
    fit.bits = file.bits(of: start) + placed(place.area, in: fit) + (try imported(fit))
    if place.area == .initial { try layCore(&fit) }
    let isOnly = Set(calls.inits.map(\.function).filter { calls.functions[$0] != nil }).count <= 1
    guard fit.bits >= (isIdentified && isOnly ? Self.enoughForOnly : Self.enough) else {
      throw ModuleMisfit(
        reason: "\(Self.name(file)) fits, but so little of it was called without a name that this may be a coincidence")
    }
    return fit
  }

  static func name(_ file: ModuleFile) -> String { String(file.path.split(separator: "/").last ?? "the file") }

  // MARK: areas

  /// Functions that the trace names as the module's, and where they lie.
  private func takeNamed(_ fit: inout ModuleFit) throws(ModuleMisfit) {
    var votes: [ModuleLayout.Area: [UInt64: Int]] = [:]
    for (index, function) in recording.functions.enumerated() where function.module == fit.file.name {
      guard let name = function.trustedName, let same = fit.file.code.index(of: name) else { continue }
      if index != anchor { fit.functions[index] = same }
      guard let address = function.address, let place = fit.file.entry(of: same) else { continue }
      votes[place.area, default: [:]][address &- place.offset, default: 0] += 1
    }
    for (area, bases) in votes {
      guard let best = bases.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { continue }
      let total = bases.values.reduce(0, +)
      // The recorded symbols of init functions that are gone are wrong now and then; those of what stayed are not.
      let isClear = area == .core ? best.value == total : best.value * 2 > total
      guard isClear, best.key % ModuleLayout.pageSize == 0, fit.bases[area] == nil || fit.bases[area] == best.key else {
        throw ModuleMisfit(reason: "functions of \(fit.file.name) that the trace names lie elsewhere in \(Self.name(fit.file))")
      }
      fit.bases[area] = best.key
    }
  }

  /// Takes the nameless functions of an area whose beginning is known.
  private func lay(_ area: ModuleLayout.Area, _ fit: inout ModuleFit) throws(ModuleMisfit) {
    guard let base = fit.bases[area] else { return }
    let inside = own.filter { $0.address >= base && $0.address - base < fit.file.size(of: area) }
    for function in inside {
      guard let found = fit.file.function(at: function.address - base, in: area) else {
        throw ModuleMisfit(
          reason: "\(function.address.hex) was called, and \(Self.name(fit.file)) has no function that is entered there")
      }
      fit.functions[function.index] = found
    }
    for function in inside where !isCallable(function, in: fit) {
      throw ModuleMisfit(
        reason:
          "\(function.address.hex) would be \(fit.functions[function.index].map { fit.file.code.functions[$0].name } ?? "?") in "
          + "\(Self.name(fit.file)), which its callers do not call")
    }
  }

  /// Finds the place of the area that stays, and the functions in it.
  private func layCore(_ fit: inout ModuleFit) throws(ModuleMisfit) {
    let isKnown = fit.bases[.core] != nil
    if isKnown { try lay(.core, &fit) }
    let rest = own.filter { fit.functions[$0.index] == nil }
    if isKnown || rest.isEmpty {
      if isKnown { fit.bits += Self.enough }
      return
    }
    guard let first = rest.min(by: { candidates($0, fit).count < candidates($1, fit).count }) else { return }
    var found: [ModuleFit] = []
    for offset in candidates(first, fit) {
      var trial = fit
      trial.bases[.core] = first.address - offset
      guard (try? lay(.core, &trial)) != nil, rest.allSatisfy({ trial.functions[$0.index] != nil }) else { continue }
      // Of a few functions, what they call must be told by the file too; of many, one may have been interrupted.
      if rest.count > Self.few || explained(trial) != nil { found.append(trial) }
    }
    if found.count > 1 {
      let explaining = found.filter { (explained($0) ?? 0) > 0 }
      if explaining.count == 1 { found = explaining }
    }
    guard let only = found.first else {
      throw ModuleMisfit(
        reason: "\(Self.name(fit.file)) has no place where all of "
          + "\(rest.prefix(3).map { $0.address.hex }.joined(separator: ", "))\(rest.count > 3 ? " …" : "") could be called as they were"
      )
    }
    guard found.count == 1 else {
      fit.coreProblem = "\(found.count) places in \(Self.name(fit.file)) fit \(first.address.hex), so that it stays without a name"
      return
    }
    let bits =
      max(0, log2(fit.file.places(inPageOf: .core) / max(1, Double(allowed(first, .core, fit).count))))
      + placed(.core, in: only, besides: first)
    guard isIdentified || (bits >= Self.enoughForUnknown.core && fit.bits + bits >= Self.enoughForUnknown.all) else {
      fit.coreProblem =
        "the trace does not tell its kernel, and \(first.address.hex) alone does not tell whether \(Self.name(fit.file)) is of the same "
        + "build (--kernel RELEASE as uname -r says it)"
      return
    }
    let before = fit.bits
    fit = only
    fit.bits = before + bits
  }

  /// Places in the area that stays at which a function could lie, by its place in the page and by its callers.
  private func candidates(_ function: NamelessCalls.Function, _ fit: ModuleFit) -> [UInt64] {
    allowed(function, .core, fit).filter { offset in
      function.address >= offset && (function.address - offset) % ModuleLayout.pageSize == 0
    }
  }

  /// Places of an area whose functions the callers of `function` can call.
  private func allowed(_ function: NamelessCalls.Function, _ area: ModuleLayout.Area, _ fit: ModuleFit) -> [UInt64] {
    fit.file.entries(in: area).filter { isCallable($0.value, by: function.callers, in: fit) }.map(\.key).sorted()
  }

  // MARK: calls

  private func isCallable(_ function: NamelessCalls.Function, in fit: ModuleFit) -> Bool {
    fit.functions[function.index].map { isCallable($0, by: function.callers, in: fit) } ?? true
  }

  private func isCallable(_ callee: Int, by callers: Set<Int>, in fit: ModuleFit) -> Bool {
    let isPointedTo = fit.file.code.functions[callee].isPointedTo
    return callers.allSatisfy { caller in
      if calls.loaders.contains(caller) { return callee == fit.file.code.initFunction }
      if let known = fit.functions[caller] {
        let reach = fit.file.code.reach(known)
        return reach.functions.contains(callee) || (reach.callsPointers && isPointedTo)
      }
      // What has no place yet is judged when it has one; what is none of the module's calls it by a pointer.
      return calls.functions[caller] != nil || isPointedTo
    }
  }

  /// How many callees with names the functions of the area that stays have, nil when they cannot call all of them.
  private func explained(_ fit: ModuleFit) -> Int? {
    var count = 0
    for (index, same) in fit.functions where fit.file.entry(of: same)?.area == .core {
      guard let function = calls.functions[index] else { continue }
      let reach = fit.file.code.reach(same)
      for callee in function.callees where recording.functions.indices.contains(callee) {
        guard let name = recording.functions[callee].trustedName, fit.functions[callee] == nil else { continue }
        guard reach.imports.contains(name) || reach.callsPointers else { return nil }
        count += reach.imports.contains(name) ? 1 : 0
      }
    }
    return count
  }

  // MARK: how sure it is

  /// Bits that the nameless functions of an area are worth, besides one of them.
  private func placed(_ area: ModuleLayout.Area, in fit: ModuleFit, besides: NamelessCalls.Function? = nil) -> Double {
    own.reduce(0) { sum, function in
      guard function.index != anchor, function.index != besides?.index, let index = fit.functions[function.index],
        fit.file.entry(of: index)?.area == area
      else { return sum }
      return sum + max(0, log2(fit.file.places(in: area) / max(1, Double(allowed(function, area, fit).count))))
    }
  }

  /// Bits that the callees with names are worth, which the file must know.
  ///
  /// Only the vendor modules use names of kvm, and nothing but a module's own code calls kvm's functions for it.
  private func imported(_ fit: ModuleFit) throws(ModuleMisfit) -> Double {
    var ofKVM: Set<String> = []
    var ofKernel: Set<String> = []
    for (index, same) in fit.functions {
      guard let function = calls.functions[index] else { continue }
      let imports = fit.file.code.reach(same).imports
      for callee in function.callees where recording.functions.indices.contains(callee) {
        let called = recording.functions[callee]
        guard let name = called.trustedName else { continue }
        if called.module == "kvm", fit.file.name != "kvm" {
          guard fit.file.code.elf.imports.contains(name) || fit.file.code.functions[same].callsPointers else {
            throw ModuleMisfit(reason: "\(name) [kvm] was called, which \(Self.name(fit.file)) does not use")
          }
          if imports.contains(name) { ofKVM.insert(name) }
        } else if called.module == nil, imports.contains(name) {
          ofKernel.insert(name)
        }
      }
    }
    return Double(min(2, ofKVM.count)) * 8 + Double(min(3, ofKernel.count)) * 2
  }
}
