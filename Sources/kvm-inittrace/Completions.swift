import ArgumentParser
import KVMStages

/// What a shell offers for values that the catalogue knows, and for file names.
extension CompletionKind {
  /// Sections once a digit is typed, ids otherwise.
  static var stages: CompletionKind {
    .custom { words, index, _ in
      guard words.indices.contains(index), words[index].first?.isNumber ?? false else { return Catalogue.stages.map(\.id) }
      var seen: Set<String> = []
      return Catalogue.stages.compactMap(\.section).filter { seen.insert($0).inserted }
    }
  }

  static var kernels: CompletionKind { .list(KernelVersion.mainline.map(\.description)) }

  static var vendors: CompletionKind { .list(Vendor.allCases.map(\.rawValue)) }

  /// The modules that hold a vendor's init.
  static var modules: CompletionKind { .list([Vendor.intel, .amd, .riscv].map(\.module)) }

  /// Clocks of tracefs that every kernel since 4.19 has, on x86.
  static var clocks: CompletionKind { .list(["local", "global", "counter", "uptime", "perf", "mono", "mono_raw", "boot", "x86-tsc"]) }

  static var moduleFiles: CompletionKind { .file(extensions: ["ko", "ko.xz", "ko.zst", "ko.gz"]) }

  static var expectations: CompletionKind { .file(extensions: ["yaml", "yml", "json"]) }
}
