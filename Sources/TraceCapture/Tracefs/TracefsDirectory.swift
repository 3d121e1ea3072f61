import CTrace
import Glibc

/// One tracing instance: the top directory of tracefs, or one below `instances`.
///
/// All access to its files goes through libtracefs, which can open any folder of the same layout: tests use one.
public final class TracefsDirectory {
  /// nil for the top instance.
  public let instanceName: String?
  /// Where its files are.
  public let path: String
  private let instance: OpaquePointer

  /// Opens the top directory, or the instance with that name, which must exist.
  ///
  /// - Parameter top: the directory on which tracefs is mounted.
  public init(top: String, instance name: String? = nil) throws(CaptureError) {
    let opened = name.map { tracefs_instance_alloc(top, $0) } ?? tracefs_instance_alloc(top, nil)
    guard let opened else {
      throw .system("open", top, errno: errno, remedy: "mount it: mount -t tracefs tracefs /sys/kernel/tracing")
    }
    instance = opened
    instanceName = name
    path = name.map { top + "/instances/" + $0 } ?? top
  }

  deinit { tracefs_instance_free(instance) }

  public func exists(_ file: String) -> Bool { tracefs_file_exists(instance, file) }

  /// The text of a file as the kernel gives it.
  public func read(_ file: String) throws(CaptureError) -> String {
    var size: Int32 = 0
    guard let text = tracefs_instance_file_read(instance, file, &size) else {
      throw error("read", file)
    }
    defer { free(text) }
    return String(decoding: UnsafeRawBufferPointer(start: text, count: Int(max(0, size))), as: UTF8.self)
  }

  /// The first bytes of a file, by one read; nil when it cannot be read.
  func head(of file: String, limit: Int) -> String? {
    guard let descriptor = try? open(file, O_RDONLY) else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = Glibc.read(descriptor, &bytes, limit)
    return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  /// Writes texts to a file, each with a system call of its own, as filter files need it.
  ///
  /// - Parameter replacing: whether what the file holds is taken away first.
  public func write(_ texts: [String], to file: String, replacing: Bool) throws(CaptureError) {
    let descriptor = try open(file, replacing ? O_WRONLY | O_TRUNC : O_WRONLY)
    var failure: Int32 = 0
    for text in texts where failure == 0 { failure = Self.writeAll(text, to: descriptor) }
    // Filters take effect when the file is closed; the kernel then tells what it thinks of them.
    if close(descriptor) != 0, failure == 0 { failure = errno }
    guard failure == 0 else {
      errno = failure
      throw error("write to", file)
    }
  }

  private static func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return errno }
      // The kernel takes a filter file word by word.
      rest = rest.dropFirst(max(count, 1))
    }
    return 0
  }

  /// Opens a file of the instance; the caller closes it.
  public func open(_ file: String, _ flags: Int32) throws(CaptureError) -> Int32 {
    let descriptor = tracefs_instance_file_open(instance, file, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw error("open", file) }
    return descriptor
  }

  private func error(_ action: String, _ file: String) -> CaptureError {
    let code = errno
    let place = path + "/" + file
    switch code {
    case EACCES, EPERM:
      return .system(action, place, errno: code, remedy: "run as root; kvm-inittrace doctor tells what else may be in the way")
    case EBUSY:
      return .system(action, place, errno: code, remedy: "another tracing session uses it: end that session, then try again")
    case ENOMEM:
      return .system(action, place, errno: code, remedy: "give a smaller ring buffer: -b 1M")
    default:
      return .system(action, place, errno: code, remedy: "kvm-inittrace doctor tells what this kernel can do")
    }
  }
}
