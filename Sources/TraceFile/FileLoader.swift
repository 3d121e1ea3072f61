import Glibc

/// Brings a file, or standard input, into memory.
enum FileLoader {
  /// The whole of the file at `path`, mapped; `-` is standard input, which is read up to `limit` bytes.
  static func load(path: String, limit: Int) throws(TraceReadError) -> ByteBlock {
    if path == "-" { return try readAll(descriptor: STDIN_FILENO, path: path, limit: limit) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TraceReadError(.cannotOpen(errno: errno), path: path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw TraceReadError(.cannotOpen(errno: errno), path: path) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw TraceReadError(.isDirectory, path: path)
    case S_IFREG where status.st_size > 0: return try map(descriptor, size: Int(status.st_size), path: path)
    // Pipes, and files of /proc and tracefs, do not tell their size.
    default: return try readAll(descriptor: descriptor, path: path, limit: limit)
    }
  }

  private static func map(_ descriptor: Int32, size: Int, path: String) throws(TraceReadError) -> ByteBlock {
    let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let memory, memory != MAP_FAILED else { throw TraceReadError(.cannotOpen(errno: errno), path: path) }
    return ByteBlock(mapping: UnsafeRawBufferPointer(start: memory, count: size))
  }

  private static func readAll(descriptor: Int32, path: String, limit: Int) throws(TraceReadError) -> ByteBlock {
    var capacity = 1 << 16
    var count = 0
    guard var memory = malloc(capacity) else { throw TraceReadError(.cannotOpen(errno: ENOMEM), path: path) }
    while true {
      if count == capacity {
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
      let got = Glibc.read(descriptor, memory + count, capacity - count)
      if got == 0 { break }
      if got < 0 {
        if errno == EINTR { continue }
        let code = errno
        free(memory)
        throw TraceReadError(code == EISDIR ? .isDirectory : .cannotOpen(errno: code), path: path)
      }
      count += got
    }
    return ByteBlock(allocation: UnsafeRawBufferPointer(start: memory, count: count), origin: 0)
  }
}
