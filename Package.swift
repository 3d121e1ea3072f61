// swift-tools-version: 6.1
import PackageDescription

/// Set by scripts/fuzz, which builds with the fuzzer's flags: its program gets its main function from elsewhere.
let isFuzzed = Context.environment["KVM_INITTRACE_FUZZ"] != nil

// Every arrow points one way: Safeguards and CallTrees <- TraceFile, CallTrees <- KVMStages <- Reports <- ExpectationsFile and Exports,
// Safeguards <- ExpectationsFile, TraceFile and KVMStages <- TraceCapture, and the command on top.
let package = Package(
  name: "kvm-inittrace",
  products: [
    .executable(name: "kvm-inittrace", targets: ["kvm-inittrace"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(
      name: "CTrace", pkgConfig: "libtracefs", providers: [.apt(["libtraceevent-dev", "libtracefs-dev"])]),
    .systemLibrary(
      name: "CCompression", providers: [.apt(["libzstd-dev", "zlib1g-dev", "liblzma-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "ToolVersion", plugins: ["CommitPlugin"]),
    .plugin(name: "CommitPlugin", capability: .buildTool()),
    .target(name: "CLinux"),
    .target(name: "Safeguards", dependencies: ["CLinux"]),
    .target(name: "CallTrees"),
    .target(name: "TraceFile", dependencies: ["CTrace", "CCompression", "CallTrees", "Safeguards"]),
    .target(name: "KVMStages", dependencies: ["CallTrees"]),
    .target(name: "Reports", dependencies: ["CCompression", "CallTrees", "KVMStages"]),
    .target(name: "ExpectationsFile", dependencies: ["CYAML", "KVMStages", "Reports", "Safeguards"]),
    .target(name: "Exports", dependencies: ["CSQLite", "CallTrees", "KVMStages", "Reports"]),
    .target(name: "TraceCapture", dependencies: ["CTrace", "CallTrees", "TraceFile", "KVMStages", "Safeguards"]),
    .executableTarget(
      name: "kvm-inittrace",
      dependencies: [
        "CallTrees", "TraceFile", "KVMStages", "Reports", "ExpectationsFile", "Exports", "TraceCapture", "Safeguards", "ToolVersion",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "SmallTraces", dependencies: ["CallTrees"], path: "Tests/SmallTraces"),
    .target(name: "ModuleFiles", path: "Tests/ModuleFiles"),
    .executableTarget(name: "ConfinedProbe", dependencies: ["Safeguards"], path: "Tests/ConfinedProbe"),
    .target(
      name: "Corruption",
      dependencies: ["CCompression", "CallTrees", "TraceFile", "KVMStages", "Reports", "ExpectationsFile", "Exports", "SmallTraces"],
      path: "Tests/Corruption"),
    .testTarget(name: "CallTreesTests", dependencies: ["CallTrees", "SmallTraces"]),
    .testTarget(name: "SafeguardsTests", dependencies: ["Safeguards", "ConfinedProbe"]),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CCompression", "CallTrees", "TraceFile", "KVMStages", "Reports", "ExpectationsFile", "TraceCapture", "Corruption", "SmallTraces",
        "ModuleFiles",
      ],
      path: "Fuzz/FuzzTargets"),
    .executableTarget(
      name: "FuzzCheck", dependencies: ["FuzzTargets", "Safeguards"], path: "Fuzz/FuzzCheck",
      swiftSettings: [.enableExperimentalFeature("Extern")]),
    .executableTarget(name: "TraceSweep", dependencies: ["Corruption"], path: "Fuzz/TraceSweep"),
    .testTarget(name: "CrasherTests", dependencies: ["Corruption", "FuzzTargets"], exclude: ["Crashers"]),
    .testTarget(name: "TraceFileTests", dependencies: ["TraceFile", "Corruption", "ModuleFiles", "SmallTraces"]),
    .testTarget(name: "TraceCaptureTests", dependencies: ["TraceCapture", "ModuleFiles"]),
    .testTarget(name: "CommandTests", dependencies: ["kvm-inittrace", "Corruption", "ModuleFiles", "ToolVersion"]),
    .testTarget(name: "KVMStagesTests", dependencies: ["KVMStages", "SmallTraces"]),
    .testTarget(name: "ExpectationsFileTests", dependencies: ["ExpectationsFile"]),
    .testTarget(
      name: "SampleTests", dependencies: ["CallTrees", "TraceFile", "KVMStages", "Reports"], exclude: ["Diffs", "Modules"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "ExpectationsFile", "Exports", "SmallTraces"]),
    .testTarget(name: "ExportsTests", dependencies: ["Exports", "SmallTraces"]),
  ]
)

if isFuzzed {
  package.products.append(.library(name: "Fuzzer", type: .static, targets: ["Fuzzer"]))
  package.targets += [
    .target(
      name: "Fuzzer", dependencies: ["Corruption", "FuzzTargets"], path: "Fuzz/Fuzzer",
      swiftSettings: [.enableExperimentalFeature("Extern")])
  ]
}

// Tests are built with the optimised code that they test: reading is twenty times as slow without. They themselves gain nothing by it.
for target in package.targets where target.type == .test {
  target.swiftSettings = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}
