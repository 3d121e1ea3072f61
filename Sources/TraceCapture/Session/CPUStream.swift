import Glibc
import Safeguards

/// Takes the ring buffer's pages of one CPU out while they are written, into a file without a name.
final class CPUStream {
  let cpu: Int
  /// `per_cpu/cpuN/trace_pipe_raw`.
  private(set) var pipe: Int32
  /// Whole pages.
  let spool: Int32
  private(set) var size: UInt64 = 0
  private var page: [UInt8]
  private let folder: String

  /// - Parameters:
  ///   - place: where the recording's events go.
  ///   - folder: on whose file system the pages are kept.
  init(cpu: Int, in place: TracefsDirectory, pageSize: Int, folder: String) throws(CaptureError) {
    self.cpu = cpu
    self.folder = folder
    page = [UInt8](repeating: 0, count: pageSize)
    spool = try Self.makeSpool(folder)
    do {
      pipe = try place.open("per_cpu/cpu\(cpu)/trace_pipe_raw", O_RDONLY | O_NONBLOCK)
    } catch {
      close(spool)
      throw error
    }
  }

  deinit {
    closePipe()
    close(spool)
  }

  /// Lets the ring buffer go; the pages that were taken stay.
  func closePipe() {
    if pipe >= 0 { close(pipe) }
    pipe = -1
  }

  /// A file that nobody else can open, and that is gone when the recorder is.
  private static func makeSpool(_ folder: String) throws(CaptureError) -> Int32 {
    do { return try ScratchFile.make(in: folder) } catch { throw cannotWrite("in '\(folder)'", error.description) }
  }

  /// Moves pages that are there.
  ///
  /// - Parameter limit: a busy machine may fill pages as fast as they are taken.
  /// - Throws: `cannotWrite` when the file system is full.
  func drain(limit: Int = .max) throws(CaptureError) {
    var pages = 0
    while pages < limit {
      pages += 1
      let count = page.withUnsafeMutableBytes { Descriptor.read(pipe, into: $0) }
      // EAGAIN: empty. Anything else says as much about a CPU that is gone.
      guard count > 0 else { return }
      if count < page.count { page.replaceSubrange(count..., with: repeatElement(0, count: page.count - count)) }
      try store()
    }
  }

  private func store() throws(CaptureError) {
    let code = page.withUnsafeBytes { Descriptor.write($0, to: spool) }
    guard code == 0 else { throw Self.cannotWrite("recorded events in '\(folder)'", CaptureError.text(code)) }
    size += UInt64(page.count)
  }

  private static func cannotWrite(_ what: String, _ reason: String) -> CaptureError {
    CaptureError(.cannotWrite, "cannot write \(what): \(reason)", remedy: "free space, or name a file elsewhere with -o")
  }
}
