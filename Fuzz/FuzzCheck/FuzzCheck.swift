import FuzzTargets
import Glibc
import Safeguards

/// Reads inputs as a released build does, one after the other, and holds them against the limits. scripts/fuzz runs it.
///
///     FuzzCheck TARGET PROGRESS SECONDS MEGABYTES FILE…
///
/// PROGRESS is a file that names the input under way: if that one ends the process, its name is known. An input may not take longer than
/// SECONDS, nor more than MEGABYTES of memory beside its own bytes. With SECONDS 0 nothing is measured: for a build that counts coverage.
@main enum FuzzCheck {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 4, let target = FuzzTargets.named(arguments[1]), let seconds = Double(arguments[3]),
      let megabytes = Int(arguments[4])
    else {
      end(64, "usage: FuzzCheck TARGET PROGRESS SECONDS MEGABYTES FILE...")
    }
    let progress = open(arguments[2], O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var findings = 0
    var slowest = (time: Duration.zero, path: "")
    var largest = (size: 0, path: "")
    for path in arguments[5...] {
      guard let bytes = contents(of: path) else {
        end(66, "FuzzCheck: \(path) cannot be read")
      }
      ftruncate(progress, 0)
      _ = path.withCString { pwrite(progress, $0, strlen($0), 0) }
      let before = Memory.startPeak()
      func read() -> Duration { bytes.withUnsafeBytes { target.read($0, effort: .check) } }
      var time = read()
      let size = Memory.peak() - before
      // What shares the processor slows it down: the shortest time counts.
      for _ in 0..<2 where seconds > 0 && time > .seconds(seconds) { time = min(time, read()) }
      if time > slowest.time { slowest = (time, path) }
      if size > largest.size { largest = (size, path) }
      guard seconds > 0, time > .seconds(seconds) || size > megabytes << 20 else { continue }
      findings += 1
      tell("FOUND \(path): \(time), \(size >> 20) MB", STDOUT_FILENO)
    }
    tell(
      "\(target.name): \(arguments.count - 5) inputs, slowest \(slowest.time) (\(slowest.path)), largest \(largest.size >> 20) MB (\(largest.path))",
      STDOUT_FILENO)
    exit(findings == 0 ? 0 : 1)
  }

  private static func end(_ status: Int32, _ message: String) -> Never {
    tell(message, STDERR_FILENO)
    exit(status)
  }

  /// Writes a line at once: what was found before an input that ends the process is told, too.
  private static func tell(_ message: String, _ descriptor: Int32) {
    _ = Array((message + "\n").utf8).withUnsafeBytes { Descriptor.write($0, to: descriptor) }
  }

  private static func contents(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return Descriptor.contents(of: file, limit: .max)
  }
}

/// Gives back to the kernel what was freed.
@_extern(c, "malloc_trim")
private func trimHeap(_ kept: Int) -> Int32

/// The memory that this process has in use, as the kernel counts it.
private enum Memory {
  /// Lets the kernel count the peak anew, and gives the bytes that are in use now.
  static func startPeak() -> Int {
    _ = trimHeap(0)
    let file = open("/proc/self/clear_refs", O_WRONLY)
    _ = write(file, "5", 1)
    close(file)
    return peak()
  }

  /// Bytes in use at most since then.
  static func peak() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("VmHWM:") else { continue }
      return (Int(text.split { $0 == " " || $0 == "\t" }[1]) ?? 0) << 10
    }
    return 0
  }
}
