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
  private let lookup: ModuleLookup
  private let file: ModuleFile
  private let anchor: Int
  private let address: UInt64
  /// The nameless functions that were called in the inits whose function is the anchor, and nowhere else.
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
  /// Nameless functions of one init that are looked at: a load of kvm calls some hundred.
  private static let ownLimit = 2000

  init?(_ recording: Recording, _ calls: NamelessCalls, _ lookup: ModuleLookup, anchor: Int, isIdentified: Bool) {
    guard recording.functions.indices.contains(anchor), let address = recording.functions[anchor].address else { return nil }
    self.recording = recording
    self.calls = calls
    self.lookup = lookup
    file = lookup.file
    self.anchor = anchor
    self.address = address
    self.isIdentified = isIdentified
    own = calls.byInit[anchor] ?? []
  }

  /// Lays the file over the functions.
  ///
  /// - Throws: `ModuleMisfit` when the file cannot be what was called, or it takes too long to tell.
  func fit() throws(ModuleMisfit) -> ModuleFit {
    let found = Result { () throws(ModuleMisfit) in try match() }
    guard !lookup.budget.isSpent else {
      throw ModuleMisfit(reason: "too many functions of \(Self.name(file)) could be what was called without a name")
    }
    return try found.get()
  }

  private func match() throws(ModuleMisfit) -> ModuleFit {
    guard let start = file.code.initFunction, let place = file.entry(of: start) else {
      throw ModuleMisfit(reason: "\(Self.name(file)) has no init function that can be traced")
    }
    guard address >= place.offset, (address - place.offset) % ModuleLayout.pageSize == 0 else {
      let page = ModuleLayout.pageSize - 1
      throw ModuleMisfit(
        reason: "the init function of \(Self.name(file)) would lie at …\((place.offset & page).hex) in its page, and "
          + "\(address.hex) ran", isElsewhere: true)
    }
    guard own.count <= Self.ownLimit else {
      throw ModuleMisfit(
        reason: "\(own.count) functions without names were called in the init at \(address.hex): too many to find their places in a file")
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
    for (index, function) in recording.functions.enumerated() where function.module == file.name {
      guard let name = function.trustedName, let same = file.code.index(of: name) else { continue }
      if index != anchor { fit.functions[index] = same }
      guard let address = function.address, let place = file.entry(of: same) else { continue }
      votes[place.area, default: [:]][address &- place.offset, default: 0] += 1
    }
    for (area, bases) in votes {
      guard let best = bases.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { continue }
      let total = bases.values.reduce(0, +)
      // The recorded symbols of init functions that are gone are wrong now and then; those of what stayed are not.
      let isClear = area == .core ? best.value == total : best.value * 2 > total
      guard isClear, best.key % ModuleLayout.pageSize == 0, fit.bases[area] == nil || fit.bases[area] == best.key else {
        throw ModuleMisfit(reason: "functions of \(file.name) that the trace names lie elsewhere in \(Self.name(file))")
      }
      fit.bases[area] = best.key
    }
  }

  /// Takes the nameless functions of an area whose beginning is known.
  private func lay(_ area: ModuleLayout.Area, _ fit: inout ModuleFit) throws(ModuleMisfit) {
    guard let base = fit.bases[area] else { return }
    let inside = own.filter { $0.address >= base && $0.address - base < file.size(of: area) }
    for function in inside {
      guard let found = file.function(at: function.address - base, in: area) else {
        throw ModuleMisfit(
          reason: "\(function.address.hex) was called, and \(Self.name(file)) has no function that is entered there")
      }
      fit.functions[function.index] = found
    }
    for function in inside where !isCallable(function, in: fit) {
      throw ModuleMisfit(
        reason:
          "\(function.address.hex) would be \(fit.functions[function.index].map { file.code.functions[$0].name } ?? "?") in "
          + "\(Self.name(file)), which its callers do not call")
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
    guard let (first, offsets) = fewestCandidates(of: rest, fit) else { return }
    var found: [ModuleFit] = []
    for offset in offsets where lookup.budget.take(fit.functions.count + own.count) {
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
        reason: "\(Self.name(file)) has no place where all of "
          + "\(rest.prefix(3).map { $0.address.hex }.joined(separator: ", "))\(rest.count > 3 ? " …" : "") could be called as they were"
      )
    }
    guard found.count == 1 else {
      fit.coreProblem = "\(found.count) places in \(Self.name(file)) fit \(first.address.hex), so that it stays without a name"
      return
    }
    let bits =
      max(0, log2(file.places(inPageOf: .core) / max(1, Double(rules(first, fit).count(in: .core)))))
      + placed(.core, in: only, besides: first)
    guard isIdentified || (bits >= Self.enoughForUnknown.core && fit.bits + bits >= Self.enoughForUnknown.all) else {
      fit.coreProblem =
        "the trace does not tell its kernel, and \(first.address.hex) alone does not tell whether \(Self.name(file)) is of the same "
        + "build (--kernel RELEASE as uname -r says it)"
      return
    }
    let before = fit.bits
    fit = only
    fit.bits = before + bits
  }

  /// The function that could lie at the fewest places in the area that stays, and these places.
  private func fewestCandidates(
    of functions: [NamelessCalls.Function], _ fit: ModuleFit
  ) -> (function: NamelessCalls.Function, offsets: [UInt64])? {
    var fewest: (function: NamelessCalls.Function, offsets: [UInt64])?
    for function in functions {
      let offsets = candidates(function, fit)
      if fewest.map({ offsets.count < $0.offsets.count }) ?? true { fewest = (function, offsets) }
    }
    return fewest
  }

  /// Places in the area that stays at which a function could lie, by its place in the page and by its callers.
  private func candidates(_ function: NamelessCalls.Function, _ fit: ModuleFit) -> [UInt64] {
    let indices = lookup.places(inPageAs: function.address).compactMap { $0 <= function.address ? file.function(at: $0, in: .core) : nil }
    return rules(function, fit).allowed(indices).compactMap { file.entry(of: $0)?.offset }
  }

  // MARK: calls

  private func isCallable(_ function: NamelessCalls.Function, in fit: ModuleFit) -> Bool {
    fit.functions[function.index].map { !rules(function, fit).allowed(CollectionOfOne($0)).isEmpty } ?? true
  }

  private func rules(_ function: NamelessCalls.Function, _ fit: ModuleFit) -> CallerRules {
    var rules = CallerRules(lookup)
    guard lookup.budget.take(function.callers.count) else { return rules }
    for caller in function.callers {
      if calls.loaders.contains(caller) {
        rules.addLoader()
      } else if let known = fit.functions[caller] {
        rules.add(known)
      } else if calls.functions[caller] == nil {
        rules.addOther()
      }
      // What has no name and no place yet is judged when it has one.
    }
    return rules
  }

  /// How many callees with names the functions of the area that stays have, nil when they cannot call all of them.
  private func explained(_ fit: ModuleFit) -> Int? {
    var count = 0
    for (index, same) in fit.functions where file.entry(of: same)?.area == .core {
      guard let function = calls.functions[index] else { continue }
      let reach = lookup.reach(same)
      lookup.budget.take(function.callees.count)
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
        file.entry(of: index)?.area == area
      else { return sum }
      return sum + max(0, log2(file.places(in: area) / max(1, Double(rules(function, fit).count(in: area)))))
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
      let imports = lookup.reach(same).imports
      for callee in function.callees where recording.functions.indices.contains(callee) {
        let called = recording.functions[callee]
        guard let name = called.trustedName else { continue }
        if called.module == "kvm", file.name != "kvm" {
          guard file.code.elf.imports.contains(name) || file.code.functions[same].callsPointers else {
            throw ModuleMisfit(reason: "\(name) [kvm] was called, which \(Self.name(file)) does not use")
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
