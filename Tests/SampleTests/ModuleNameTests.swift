import CallTrees
import Foundation
import KVMStages
import Testing

@testable import TraceFile

/// The files of the samples' modules: skeletons of real ones (`scripts/lab/module-skeleton`), and the whole ones of other kernels below the
/// directory that `KVM_INITTRACE_KERNELS` names.
@Suite struct ModuleNameTests {
  private static let folders: [String] = {
    let own = Sample.root.appending(path: "Tests/SampleTests/Modules").path
    var folders = ((try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []).sorted().map { own + "/" + $0 }
    if let more = ProcessInfo.processInfo.environment["KVM_INITTRACE_KERNELS"] {
      folders += ((try? FileManager.default.contentsOfDirectory(atPath: more)) ?? []).sorted().filter { $0.hasSuffix("-amd64") }
        .map { more + "/" + $0 }
    }
    return folders
  }()

  /// By release; the whole modules where they are there.
  private static let modules: [String: ModuleSet] = Dictionary(
    folders.compactMap { folder in
      guard let set = try? ModuleSet(directory: folder, files: []) else { return nil }
      return (String(folder.split(separator: "/").last ?? ""), set)
    }, uniquingKeysWith: { $1 })

  private static let isWhole = ProcessInfo.processInfo.environment["KVM_INITTRACE_KERNELS"] != nil

  private static func options(_ release: String, kernel: String? = nil) throws -> ReadOptions {
    var options = ReadOptions(threads: 0)
    options.modules = try #require(modules[release])
    options.kernel = kernel
    return options
  }

  private func read(_ sample: String, _ options: ReadOptions) throws -> Recording {
    let path = try #require(Sample.named(sample)).path
    var recording = try TraceReader.read(path: Sample.root.appending(path: path).path, options: options)
    NameChecks.apply(to: &recording)
    return recording
  }

  /// The functions between the loader and the failing one, without kvm's.
  private func path(_ recording: Recording) throws -> [String] {
    let run = try #require(Analyser.analyse(recording).runs.first)
    let path = try #require(run.failure).path.map(\.function)
    let initcall = try #require(path.firstIndex(of: "do_one_initcall"))
    return path[(initcall + 1)...].filter { !$0.hasSuffix("[kvm]") }
  }

  private static let failed: [(sample: String, release: String, functions: [String])] = [
    ("5.10-kvm_intel-fail", "5.10.0-46-amd64", ["vmx_init", "cpu_has_kvm_support"]),
    ("5.10-kvm_intel-fail-events", "5.10.0-46-amd64", ["vmx_init", "cpu_has_kvm_support"]),
    ("5.10-kvm_amd-fail", "5.10.0-46-amd64", ["svm_init", "has_svm"]),
    ("7.3-kvm_intel-fail", "7.3.4+deb13-amd64", ["vt_init", "vmx_init", "__kvm_is_vmx_supported"]),
    ("7.3-kvm_intel-fail-events", "7.3.4+deb13-amd64", ["vt_init", "vmx_init", "__kvm_is_vmx_supported"]),
    ("7.3-kvm_amd-fail", "7.3.4+deb13-amd64", ["svm_init", "__kvm_is_svm_supported"]),
    ("6.1-kvm_intel-fail", "6.1.0-56-amd64", ["vmx_init", "cpu_has_kvm_support"]),
    ("6.1-kvm_intel-fail-events", "6.1.0-56-amd64", ["vmx_init", "cpu_has_kvm_support"]),
    ("6.18-kvm_intel-fail", "6.18.15+deb13-amd64", ["vt_init", "vmx_init", "__kvm_is_vmx_supported"]),
    ("6.18-kvm_intel-fail-events", "6.18.15+deb13-amd64", ["vt_init", "vmx_init", "__kvm_is_vmx_supported"]),
    ("6.12-kvm_intel-fail", "6.12.117+deb13-amd64", ["vmx_init", "__kvm_is_vmx_supported"]),
    ("6.12-kvm_intel-fail-events", "6.12.117+deb13-amd64", ["vmx_init", "__kvm_is_vmx_supported"]),
    ("6.12-kvm_amd-fail", "6.12.117+deb13-amd64", ["svm_init", "__kvm_is_svm_supported"]),
  ].filter { one in folders.contains { $0.hasSuffix("/" + one.1) } }

  @Test(arguments: failed.indices) func aFailedLoadHasNames(_ index: Int) throws {
    let (sample, release, functions) = Self.failed[index]
    let recording = try read(sample, Self.options(release))
    #expect(recording.nameNotes.isEmpty)
    let module = sample.contains("kvm_amd") ? "kvm_amd" : "kvm_intel"
    #expect(
      try path(recording).map { $0.prefix { $0 != "=" }.trimmingCharacters(in: .whitespaces) } == functions.map { "\($0) [\(module)]" })
    #expect(Analyser.analyse(recording).runs.first?.integrity.unresolvedFunctions == 0)
  }

  /// The kernel's text tells no release: what lies beside the init function is named only when the user says which kernel it is.
  @Test func textOfTheKernel() throws {
    #expect(
      try path(read("5.10-kvm_intel-fail-text", Self.options("5.10.0-46-amd64"))) == [
        "vmx_init [kvm_intel]", "cpu_has_kvm_support [kvm_intel]",
      ])
    let release = "7.3.4+deb13-amd64"
    let unknown = try read("7.3-kvm_intel-fail-text", Self.options(release))
    #expect(unknown.nameNotes.first?.contains("the trace does not tell its kernel") == true)
    #expect(
      unknown.functions.filter { $0.module == "kvm_intel" }.map(\.name).sorted { ($0 ?? "") < ($1 ?? "") } == ["vmx_init", "vt_init"])
    let known = try read("7.3-kvm_intel-fail-text", Self.options(release, kernel: release))
    #expect(known.nameNotes.isEmpty)
    #expect(try path(known) == ["vt_init [kvm_intel]", "vmx_init [kvm_intel]", "__kvm_is_vmx_supported [kvm_intel]"])
    let other = try read("7.3-kvm_intel-fail-text", Self.options("5.10.0-46-amd64", kernel: "7.3"))
    #expect(other.nameNotes.first?.contains("they are of kernel 5.10.0-46-amd64, and --kernel says 7.3") == true)
  }

  /// The modules of another kernel name nothing, and the report says why; nor do they where nothing tells the release but the places of the
  /// functions.
  @Test(arguments: Sample.all.filter { $0.isDat }) func modulesOfAnotherKernel(_ sample: Sample) throws {
    let plain = try TraceReader.read(path: Sample.root.appending(path: sample.path).path)
    let kernel = try #require(plain.source.kernel)
    for release in Self.modules.keys.sorted() where release != kernel {
      var recording = plain
      ModuleNaming.apply(to: &recording, options: try Self.options(release))
      #expect(recording.functions == plain.functions)
      let notes = recording.nameNotes
      #expect(notes.allSatisfy { $0.contains("they are of kernel \(release), and the trace was recorded on \(kernel)") }, "\(notes)")
      recording.source.kernel = nil
      ModuleNaming.apply(to: &recording, options: try Self.options(release))
      // 6.12.117 and 6.12.118 are near relatives: most of their code is the same.
      let isNear = kernel.prefix(4) == release.prefix(4)
      #expect(isNear || recording.functions == plain.functions, "\(release) names functions of \(kernel)")
    }
  }

  /// What the modules' files name is what the kernel's symbols name: those are taken away, and must come back.
  @Test(arguments: Sample.all.filter { $0.isDat && !$0.name.contains("fail") }) func namesThatAreKnown(_ sample: Sample) throws {
    let plain = try TraceReader.read(path: Sample.root.appending(path: sample.path).path)
    guard let kernel = plain.source.kernel, Self.modules[kernel] != nil else { return }
    var recording = plain
    for index in recording.functions.indices where ["kvm_intel", "kvm_amd"].contains(recording.functions[index].module) {
      recording.functions[index] = Function(address: recording.functions[index].address, name: nil)
    }
    ModuleNaming.apply(to: &recording, options: try Self.options(kernel))
    // The kernel's own list names some functions wrongly, which their callers show.
    var checked = plain
    NameChecks.apply(to: &checked)
    let doubtful = Set(checked.functions.filter { $0.doubt != nil }.compactMap(\.address))
    var known: [(found: String?, told: String)] = []
    for (named, told) in zip(recording.functions, plain.functions) {
      guard let name = told.trustedName, ["kvm_intel", "kvm_amd"].contains(told.module), let address = told.address else { continue }
      if !doubtful.contains(address) { known.append((named.name, name)) }
    }
    for (found, told) in known { #expect(found == nil || found == told, "\(found ?? "") is \(told)") }
    // A skeleton holds no code, and so not the calls within a section. These samples begin below the loader, or have lost it.
    guard Self.isWhole, !sample.name.contains("root-kvm_init"), !["5.10-kvm_amd-uncompressed", "5.10-kvm_amd-lost"].contains(sample.name)
    else { return }
    #expect(known.allSatisfy { $0.found == $0.told })
  }
}
