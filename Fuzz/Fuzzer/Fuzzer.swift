import Corruption
import FuzzTargets
import Glibc

// What libFuzzer calls. scripts/fuzz links this with its runtime, which holds the main function, once for all targets: which one it is, the
// name of the program tells, `fuzz-pages`.

nonisolated(unsafe) private let target: any FuzzTarget.Type = {
  let program = CommandLine.arguments.first ?? ""
  let name = program.split(separator: "/").last.flatMap { $0.split(separator: "-", maxSplits: 1).last } ?? ""
  guard let target = FuzzTargets.named(name) else { fatalError("no target is called '\(name)'") }
  return target
}()

/// With `KVM_INITTRACE_FUZZ_SEEDS`, the folder for them, only writes the target's own seeds.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?) -> Int32 {
  guard let folder = getenv("KVM_INITTRACE_FUZZ_SEEDS") else { return 0 }
  for (index, seed) in target.seeds.enumerated() {
    guard let file = fopen("\(String(cString: folder))/own-\(index)", "w") else { exit(73) }
    fwrite(seed, 1, seed.count, file)
    fclose(file)
  }
  exit(0)
}

/// With `KVM_INITTRACE_FUZZ_ALL` each input is made everything of: which of the outputs fails must not depend on its bytes when they become
/// fewer.
private let effort: Effort = getenv("KVM_INITTRACE_FUZZ_ALL") == nil ? .fuzzing : .minimizing

/// Reads the bytes as the target does.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let time = target.read(UnsafeRawBufferPointer(start: data, count: size), effort: effort)
  if time > target.timeLimit { fatalError("\(time) of processor time") }
  return 0
}

/// libFuzzer's own mutation.
@_extern(c, "LLVMFuzzerMutate")
private func mutate(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ limit: Int) -> Int

/// Changes an input as its target knows to, changes what is in one of its compressed blocks, or leaves it to libFuzzer.
@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ limit: Int, _ seed: UInt32) -> Int {
  let room = UnsafeMutableRawBufferPointer(start: data, count: limit)
  var dice = Corrupter(seed: UInt64(seed))
  switch seed % 4 {
  case 0, 1:
    var bytes = Array(room[..<size])
    guard target.change(&bytes, with: &dice), bytes.count <= limit, !bytes.isEmpty else { break }
    room.copyBytes(from: bytes)
    return bytes.count
  case 2:
    let input = UnsafeMutableRawBufferPointer(rebasing: room[..<size])
    let blocks = PackedBlocks(UnsafeRawBufferPointer(input)).blocks
    guard let block = blocks.randomElement(using: &dice) else { break }
    let isChanged = PackedBlocks.change(block, of: input) { content in
      _ = mutate(content.baseAddress?.assumingMemoryBound(to: UInt8.self), content.count, content.count)
    }
    if isChanged { return size }
  default: break
  }
  return mutate(data, size, limit)
}
