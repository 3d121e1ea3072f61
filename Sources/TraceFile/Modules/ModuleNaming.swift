import CallTrees

/// Names functions that no symbol list names, by the files of the modules.
struct ModuleNaming {
  private let modules: ModuleSet
  private let kernel: String?
  private let recording: Recording
  private let calls: NamelessCalls
  private let budget = MatchingBudget()
  private var reasons: [String] = []

  /// Names what can be named, and notes why the rest cannot.
  static func apply(to recording: inout Recording, options: ReadOptions) {
    guard !options.modules.files.isEmpty else { return }
    var naming = ModuleNaming(recording, options)
    guard !naming.calls.functions.isEmpty else {
      // trace-cmd's text has the name of a neighbour in the place of an address that it cannot name.
      if recording.source.kind == .traceCmdText, recording.functions.contains(where: { $0.trustedName == nil }) {
        recording.nameNotes.append(
          "\(options.modules.title) name nothing: the text of trace-cmd report gives the names of neighbours without addresses; give the "
            + ".dat file itself")
      }
      return
    }
    let fits = naming.fits()
    for fit in fits { naming.name(fit, in: &recording) }
    if let note = naming.note(hasNamed: !fits.isEmpty) { recording.nameNotes.append(note) }
  }

  private init(_ recording: Recording, _ options: ReadOptions) {
    modules = options.modules
    kernel = recording.source.kernel ?? options.kernel
    self.recording = recording
    calls = NamelessCalls(recording)
  }

  // MARK: files

  /// The files that may belong to the recording.
  private mutating func usable() -> [ModuleFile] {
    var usable: [ModuleFile] = []
    var releases: Set<String> = []
    for file in modules.files {
      if let kernel, let release = file.release, !Self.isRelease(release, kernel) {
        releases.insert(release)
      } else if let id = file.buildID, let recorded = recording.source.recorder?.buildIDs[file.name], recorded != "\(id)" {
        add("\(ModuleMatcher.name(file)) has the build id \(id), and \(recorded) ran")
      } else {
        usable.append(file)
      }
    }
    if usable.isEmpty, !releases.isEmpty, let kernel {
      let names = releases.sorted()
      let told = recording.source.kernel == nil ? "--kernel says \(kernel)" : "the trace was recorded on \(kernel)"
      add("they are of kernel \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " …" : ""), and \(told)")
    }
    // Names of kvm survive a failed load: where they do not lie as in kvm.ko, nothing beside it is of the recorded build.
    if let kvm = usable.first(where: { $0.name == "kvm" && !Self.agrees($0, with: recording) }) {
      add("\(ModuleMatcher.name(kvm)) is of another build: its functions lie elsewhere than in the trace")
      return usable.filter { $0.release != kvm.release }
    }
    return usable
  }

  /// Whether a release is the one that is told, which may be its beginning only: `6.12`.
  private static func isRelease(_ release: String, _ told: String) -> Bool {
    guard release.hasPrefix(told) else { return false }
    return release.dropFirst(told.count).first.map { ".-+".contains($0) } ?? true
  }

  /// Whether the functions that the recording names as the module's have the distances that they have in the file.
  private static func agrees(_ file: ModuleFile, with recording: Recording) -> Bool {
    var votes: [UInt64: Int] = [:]
    for function in recording.functions where function.module == file.name {
      guard let name = function.trustedName, let address = function.address, let index = file.code.index(of: name),
        let place = file.entry(of: index), place.area == .core
      else { continue }
      votes[address &- place.offset, default: 0] += 1
    }
    let total = votes.values.reduce(0, +)
    // Few are no proof: the recorded symbols name a function by an alias, or one of two with the same name.
    return total < 4 || (votes.values.max() ?? 0) * 10 >= total * 9
  }

  private func isIdentified(_ file: ModuleFile) -> Bool {
    if let id = file.buildID, recording.source.recorder?.buildIDs[file.name] == "\(id)" { return true }
    return file.release != nil && file.release == kernel
  }

  // MARK: matching

  /// One fit for each init function that one file alone explains.
  private mutating func fits() -> [ModuleFit] {
    let files = usable().flatMap(\.variants).map { ModuleLookup($0, budget: budget) }
    guard !files.isEmpty else { return [] }
    var found: [ModuleFit] = []
    for anchor in Set(calls.inits.map(\.function)).sorted() {
      let isNameless = calls.functions[anchor] != nil
      var fits: [ModuleFit] = []
      var misfits: [(file: ModuleFile, misfit: ModuleMisfit)] = []
      for lookup in files {
        let isIdentified = isIdentified(lookup.file)
        guard let matcher = ModuleMatcher(recording, calls, lookup, anchor: anchor, isIdentified: isIdentified) else { continue }
        do throws(ModuleMisfit) {
          let fit = try matcher.fit()
          if !fits.contains(where: { $0.names == fit.names }) { fits.append(fit) }
        } catch {
          misfits.append((lookup.file, error))
        }
      }
      if fits.count == 1 {
        found += fits
        if let problem = fits[0].coreProblem { add(problem) }
      } else if fits.count > 1 {
        add("several files fit: \(fits.map { $0.file.path }.joined(separator: ", "))")
      } else if isNameless {
        explain(misfits, anchor: anchor)
      }
    }
    return found
  }

  /// Of files whose init functions lie elsewhere, no more is said than that.
  private mutating func explain(_ misfits: [(file: ModuleFile, misfit: ModuleMisfit)], anchor: Int) {
    let near = misfits.filter { !$0.misfit.isElsewhere }
    if near.isEmpty, misfits.count > 1, let address = recording.function(FunctionID(index: UInt32(truncatingIfNeeded: anchor))).address {
      let names = Set(misfits.map { ModuleMatcher.name($0.file) }).sorted().joined(separator: ", ")
      add("the init functions of \(names) lie elsewhere in a page than \(address.hex), which ran")
    }
    for one in near.isEmpty && misfits.count == 1 ? misfits : near { add(one.misfit.reason) }
  }

  private mutating func add(_ reason: String) {
    if !reasons.contains(reason) { reasons.append(reason) }
  }

  // MARK: naming

  private func name(_ fit: ModuleFit, in recording: inout Recording) {
    for (index, function) in fit.functions where calls.functions[index] != nil && recording.functions.indices.contains(index) {
      recording.functions[index] = Function(
        address: recording.functions[index].address, name: fit.file.code.functions[function].name, module: fit.file.name)
    }
    for (address, function) in recording.eventFunctions where function.trustedName == nil && budget.take(1) {
      guard let name = fit.name(of: address) else { continue }
      recording.eventFunctions[address] = Function(address: address, name: name, module: fit.file.name)
    }
  }

  private func note(hasNamed: Bool) -> String? {
    if calls.inits.isEmpty, reasons.isEmpty {
      return
        "\(modules.title) name nothing: the trace does not hold the loader's call of the module's init function, which tells where the "
        + "module lay"
    }
    guard !reasons.isEmpty else { return nil }
    let shown = reasons.prefix(4).joined(separator: "; ")
    return hasNamed ? shown : "\(modules.title) do not fit: \(shown)"
  }
}

extension ModuleFit {
  /// What is named by it.
  fileprivate var names: [Int: String] { functions.mapValues { file.code.functions[$0].name } }

  /// The function that begins, or is entered, at an address.
  fileprivate func name(of address: UInt64) -> String? {
    for (area, base) in bases where address >= base && address - base < file.size(of: area) {
      for distance in 0...Function.entryReach {
        guard let index = file.function(at: address - base + distance, in: area) else { continue }
        let function = file.code.functions[index]
        if distance == 0 || function.entry == function.offset &+ distance { return function.name }
      }
    }
    return nil
  }
}
