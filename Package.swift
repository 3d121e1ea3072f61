// swift-tools-version: 6.1
import PackageDescription

// Every arrow points one way: CallTrees <- TraceFile, CallTrees <- KVMStages <- Reports, and the command on top.
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
      name: "CTrace", pkgConfig: "libtraceevent", providers: [.apt(["libtraceevent-dev", "libtracefs-dev"])]),
    .systemLibrary(
      name: "CCompression", providers: [.apt(["libzstd-dev", "zlib1g-dev", "liblzma-dev"])]),
    .target(name: "CallTrees"),
    .target(name: "TraceFile", dependencies: ["CTrace", "CCompression", "CallTrees"]),
    .target(name: "KVMStages", dependencies: ["CallTrees"]),
    .target(name: "Reports", dependencies: ["CallTrees", "KVMStages"]),
    .executableTarget(
      name: "kvm-inittrace",
      dependencies: [
        "CallTrees", "TraceFile", "KVMStages", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "SmallTraces", dependencies: ["CallTrees"], path: "Tests/SmallTraces"),
    .testTarget(name: "CallTreesTests", dependencies: ["CallTrees", "SmallTraces"]),
    .testTarget(name: "TraceFileTests", dependencies: ["TraceFile"]),
    .testTarget(name: "KVMStagesTests", dependencies: ["KVMStages", "TraceFile", "SmallTraces"]),
    .testTarget(name: "SampleTests", dependencies: ["CallTrees", "TraceFile", "KVMStages", "Reports"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "TraceFile", "SmallTraces"]),
  ]
)
