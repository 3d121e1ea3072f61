import Glibc

/// Why a trace could not be read at all. A trace that can be read in part gives a `Recording` with `damage` instead.
public struct TraceReadError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// `open`, `fstat`, `mmap` or `read` failed with this `errno`.
    case cannotOpen(errno: Int32)
    case isDirectory
    /// A directory without a trace.
    case noTraces
    case empty
    /// Standard input holds more than this many bytes.
    case tooLarge(limit: Int)
    /// A file that others can change, so that it is copied first, holds as many bytes as this or more.
    case tooLargeToCopy(limit: Int)
    /// The content is something else, told by its first bytes.
    case notATrace(FileKind)
    /// Compressed data that hold something else than a text trace: the format, and what is inside.
    case compressed(String, FileKind)
    /// A text that is no function_graph trace, or holds nothing that can be used.
    case unusableText(TextTraceError)
    /// A trace-cmd file of a version that is not known.
    case unsupportedVersion(String)
    /// Compressed with an algorithm that is not known.
    case unsupportedCompression(String)
    /// The file ends before the recorded events can be found.
    case cutOff
    /// A part without which nothing can be read is not what it must be.
    case damaged(String)
    /// The trace holds the text of a latency tracer and no events.
    case latencyText
    /// A symbol file (`--kallsyms`, `--system-map`) holds no symbols.
    case noSymbols
    /// A symbol file whose addresses the kernel hid from the one who copied it.
    case hiddenSymbols
    /// A directory (`--module-dir`) without a file of a KVM module.
    case noModules
    /// What should be a directory is something else.
    case notADirectory
    /// A file (`--module-file`, or one that was found) that is no module, or a damaged one.
    case notAModule(ModuleELFError)
  }

  public var kind: Kind
  /// The file as the user named it; `-` is standard input.
  public var path: String
  /// Byte offset in the file where the trouble is, where there is such a place.
  public var offset: UInt64?

  public init(_ kind: Kind, path: String, offset: UInt64? = nil) {
    self.kind = kind
    self.path = path
    self.offset = offset
  }

  /// The exit status of a command that ends with this error, as in `sysexits.h`: 65 for content that cannot be used, 66 for a
  /// file that cannot be opened, 77 for a file that may not be opened.
  public var exitCode: Int32 {
    switch kind {
    case .cannotOpen(EACCES), .cannotOpen(EPERM): 77
    case .cannotOpen, .isDirectory, .noTraces, .noModules, .notADirectory: 66
    default: 65
    }
  }

  /// One sentence on what is wrong, and one on what to do next.
  public var description: String {
    let name = path == "-" ? "standard input" : path.isEmpty ? "''" : path
    let place = offset.map { " (at byte \($0))" } ?? ""
    let (problem, advice) = sentences
    return "\(name): \(problem)\(place)\(advice.map { "; \($0)" } ?? "")"
  }

  private var sentences: (problem: String, advice: String?) {
    switch kind {
    case .cannotOpen(let code):
      let reason = String(cString: strerror(code))
      let denied = code == EACCES || code == EPERM
      let advice = denied ? "a recording is readable for who made it, mostly root: use sudo, or chown the file" : "check the name"
      return ("cannot be opened: \(reason)", advice)
    case .isDirectory: return ("is a directory", "name the trace file in it")
    case .noTraces: return ("is a directory without a trace", "name one that holds .dat files, or text traces named .txt or .trace")
    case .empty: return ("is empty", "record again, and check that the disk was not full")
    case .tooLarge(let limit): return ("holds more than \(limit >> 20) MiB", "store it in a file and name that")
    case .tooLargeToCopy(let limit):
      return ("can be changed by others while it is read, and is too large to copy first (\(limit >> 20) MiB)", "chown it, and chmod go-w")
    case .notATrace(let found): return ("is \(found.article), not a trace", found.advice)
    case .compressed(let format, let inner):
      let advice = inner == .traceCmd ? "unpack it first: only text traces are read through compression" : inner.advice
      return ("is \(inner.article) compressed with \(format), not a text trace", advice)
    case .unusableText(let error): return (error.description, nil)
    case .unsupportedVersion(let version):
      return ("is a trace-cmd file of version \"\(version)\"", "convert it with: trace-cmd convert --file-version 7")
    case .unsupportedCompression(let name):
      return ("is compressed with \"\(name)\"", "convert it with: trace-cmd convert --compression zstd")
    case .cutOff: return ("ends before its events: the file was cut off", "copy it again, or record again")
    case .damaged(let what): return ("is damaged: \(what)", "copy it again, or record again")
    case .latencyText: return ("holds the text of a latency tracer and no events", "record with: trace-cmd record -p function_graph")
    case .hiddenSymbols:
      return (
        "holds no addresses, only zeros: the kernel hid them from the user who copied it",
        "copy /proc/kallsyms as root, and if that does not help, after: sysctl kernel.kptr_restrict=0"
      )
    case .noModules:
      return (
        "holds no module of KVM: no kvm.ko, kvm-intel.ko or kvm-amd.ko, plain or ending in .xz, .zst or .gz, in it or below it",
        "name /lib/modules/RELEASE of the recorded kernel (uname -r), or the file with --module-file"
      )
    case .notADirectory: return ("is not a directory", "name /lib/modules/RELEASE of the recorded kernel, or the file with --module-file")
    case .notAModule(let error): return (error.problem + (error.offset.map { " (at byte \($0))" } ?? ""), error.advice)
    case .noSymbols:
      return (
        "holds no symbols", "name a copy of /proc/kallsyms that root made, or a System.map (Debian has it in linux-image-RELEASE-dbg)"
      )
    }
  }
}
