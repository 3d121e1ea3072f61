import Glibc
import Safeguards

/// Brings a file, or standard input, into memory.
enum FileLoader {
  /// The whole of the file at `path`; `-` is standard input, which is read up to `limit` bytes.
  ///
  /// A file is mapped, unless others may write to it: what they change while it is read would be checked once and used otherwise, and what
  /// they cut off would end the program. Such a file is copied first.
  ///
  /// - Parameter isTrace: what begins as no trace is not read to its end: a device has none.
  static func load(path: String, limit: Int, isTrace: Bool = false) throws(TraceReadError) -> ByteBlock {
    if path == "-" { return try readAll(descriptor: STDIN_FILENO, path: path, limit: limit, isTrace: isTrace) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TraceReadError(.cannotOpen(errno: errno), path: path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw TraceReadError(.cannotOpen(errno: errno), path: path) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw TraceReadError(.isDirectory, path: path)
    case S_IFREG where status.st_size > 0:
      let size = Int(status.st_size)
      guard FolderTrust.canBeChangedByOthers(status) else { return try map(descriptor, size: size, path: path) }
      guard size < limit else { throw TraceReadError(.tooLargeToCopy(limit: limit), path: path) }
      return try readAll(descriptor: descriptor, path: path, limit: limit, expecting: size)
    // Pipes, and files of /proc and tracefs, do not tell their size.
    default: return try readAll(descriptor: descriptor, path: path, limit: limit, isTrace: isTrace)
    }
  }

  private static func map(_ descriptor: Int32, size: Int, path: String) throws(TraceReadError) -> ByteBlock {
    let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let memory, memory != MAP_FAILED else { throw TraceReadError(.cannotOpen(errno: errno), path: path) }
    return ByteBlock(mapping: UnsafeRawBufferPointer(start: memory, count: size))
  }

  /// - Parameter size: how much will come, as far as is known: a byte more is asked for, to find the end.
  private static func readAll(
    descriptor: Int32, path: String, limit: Int, expecting size: Int = 0, isTrace: Bool = false
  ) throws(TraceReadError) -> ByteBlock {
    var capacity = max(1 << 16, size + 1)
    var count = 0
    guard var memory = malloc(capacity) else { throw TraceReadError(.cannotOpen(errno: ENOMEM), path: path) }
    while true {
      if count == capacity {
        let kind = FileKind(UnsafeRawBufferPointer(start: memory, count: count))
        if isTrace, [.binary, .elf, .perfData].contains(kind) {
          free(memory)
          throw TraceReadError(.notATrace(kind), path: path)
        }
        guard capacity < limit else {
          free(memory)
          throw TraceReadError(.tooLarge(limit: limit), path: path)
        }
        capacity = min(capacity * 2, limit)
        guard let larger = realloc(memory, capacity) else {
          free(memory)
          throw TraceReadError(.cannotOpen(errno: ENOMEM), path: path)
        }
        memory = larger
      }
      let got = Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(start: memory + count, count: capacity - count))
      if got == 0 { break }
      if got < 0 {
        let code = errno
        free(memory)
        throw TraceReadError(code == EISDIR ? .isDirectory : .cannotOpen(errno: code), path: path)
      }
      count += got
    }
    return ByteBlock(allocation: UnsafeRawBufferPointer(start: memory, count: count), origin: 0)
  }
}
