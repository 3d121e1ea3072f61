import Corruption

// What libFuzzer calls. scripts/fuzz links this with its runtime, which holds the main function.

/// Reads the bytes as a trace and writes every report of it, as the command does.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  // No other thread: an input that fails must fail each time.
  _ = WholeReport.make(UnsafeRawBufferPointer(start: data, count: size), threads: 0)
  return 0
}

/// libFuzzer's own mutation.
@_extern(c, "LLVMFuzzerMutate")
private func mutate(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ limit: Int) -> Int

/// Mutates the bytes of an input, or, half of the time, what is in one of its compressed blocks.
@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ limit: Int, _ seed: UInt32) -> Int {
  let bytes = UnsafeMutableRawBufferPointer(start: data, count: size)
  let blocks = PackedBlocks(UnsafeRawBufferPointer(bytes)).blocks
  if seed & 1 == 0, !blocks.isEmpty {
    let isChanged = PackedBlocks.change(blocks[Int(seed >> 1) % blocks.count], of: bytes) { content in
      _ = mutate(content.baseAddress?.assumingMemoryBound(to: UInt8.self), content.count, content.count)
    }
    if isChanged { return size }
  }
  return mutate(data, size, limit)
}
