import Corruption

extension DatModel {
  /// Bytes that one block is made to unpack to at most: a little more than a reader allows.
  private static let bombSize = (64 << 20) + 1
  /// Copies of a part, a chunk or a CPU, and what they come to at most.
  private static let copies = 2...400
  private static let copiesSize = 64 << 20

  /// One change: of what is in a part or a chunk, of their order and number, of the packing, or of how much they unpack to.
  mutating func change(with dice: inout Corrupter) {
    switch UInt8.random(in: 0..<32, using: &dice) {
    case 0..<8: changePart(with: &dice)
    case 8..<16: changeChunk(with: &dice)
    case 16..<19: changeOrder(with: &dice)
    case 19..<21: packing = Packing.allCases.randomElement(using: &dice) ?? .zstd
    case 21..<25: changeOptions(with: &dice)
    case 25..<28: multiply(with: &dice)
    case 28: inflate(with: &dice)
    default: changeBuffer(with: &dice)
    }
  }

  private mutating func changePart(with dice: inout Corrupter) {
    guard let at = parts.indices.randomElement(using: &dice) else { return }
    Self.change(&parts[at].content, with: &dice)
  }

  private static func change(_ content: inout [UInt8], with dice: inout Corrupter) {
    switch UInt8.random(in: 0..<4, using: &dice) {
    case 0: Borders.put(into: &content, with: &dice)
    case 1: content.withUnsafeMutableBytes { dice.change($0) }
    case 2: TextChanges.change(&content, words: FormatsTarget.words, with: &dice)
    default: content.removeLast(min(content.count, Int.random(in: 0...64, using: &dice)))
    }
  }

  private mutating func withChunk(with dice: inout Corrupter, _ body: (inout [[UInt8]], Int, inout Corrupter) -> Void) {
    guard let buffer = buffers.indices.randomElement(using: &dice), let cpu = buffers[buffer].cpus.indices.randomElement(using: &dice),
      let chunk = buffers[buffer].cpus[cpu].chunks.indices.randomElement(using: &dice)
    else { return }
    body(&buffers[buffer].cpus[cpu].chunks, chunk, &dice)
  }

  private mutating func changeChunk(with dice: inout Corrupter) {
    withChunk(with: &dice) { chunks, at, dice in PageChanges.change(&chunks[at], pageSize: 4096, with: &dice) }
  }

  private mutating func changeOrder(with dice: inout Corrupter) {
    switch UInt8.random(in: 0..<5, using: &dice) {
    case 0: parts.shuffle(using: &dice)
    case 1: options.shuffle(using: &dice)
    case 2: buffers.shuffle(using: &dice)
    case 3: if let at = parts.indices.randomElement(using: &dice) { parts.remove(at: at) }
    default: if let at = parts.indices.randomElement(using: &dice) { parts.append(parts[at]) }
    }
  }

  private mutating func changeOptions(with dice: inout Corrupter) {
    if let at = options.indices.randomElement(using: &dice), Bool.random(using: &dice) {
      if Bool.random(using: &dice) { Borders.put(into: &options[at].data, with: &dice) }
      TextChanges.change(&options[at].data, words: ["CPU: ", "overrun: ", "[", "]", "kvm-inittrace 1\n"], with: &dice)
    } else {
      let id = UInt16.random(in: 0...24, using: &dice)
      let size = Int(clamping: Borders.number(near: [], with: &dice) % 2048)
      options.append(Option(id: id, data: [UInt8](repeating: UInt8.random(in: 0...255, using: &dice), count: size)))
    }
  }

  /// Many small things: parts, options, CPUs, chunks.
  private mutating func multiply(with dice: inout Corrupter) {
    let wanted = Int.random(in: Self.copies, using: &dice)
    func count(of size: Int) -> Int { min(wanted, Self.copiesSize / max(1, size)) }
    switch UInt8.random(in: 0..<4, using: &dice) {
    case 0: if let part = parts.randomElement(using: &dice) { parts += repeatElement(part, count: count(of: part.content.count)) }
    case 1: if let option = options.randomElement(using: &dice) { options += repeatElement(option, count: count(of: option.data.count)) }
    case 2:
      guard let at = buffers.indices.randomElement(using: &dice), let cpu = buffers[at].cpus.randomElement(using: &dice) else { return }
      let size = cpu.chunks.reduce(0) { $0 + $1.count }
      for number in 0..<count(of: size) { buffers[at].cpus.append(CPU(number: UInt32(number), chunks: cpu.chunks)) }
    default: withChunk(with: &dice) { chunks, at, _ in chunks += repeatElement(chunks[at], count: count(of: chunks[at].count)) }
    }
  }

  /// A block that unpacks to much more than it is.
  private mutating func inflate(with dice: inout Corrupter) {
    let size = min(Self.bombSize, 1 << Int.random(in: 16...26, using: &dice) + Int.random(in: -1...1, using: &dice))
    func inflated(_ content: [UInt8]) -> [UInt8] {
      let part = content.isEmpty ? [0] : content
      return Array(repeatElement(part, count: size / part.count + 1).joined().prefix(size))
    }
    if Bool.random(using: &dice), let at = parts.indices.randomElement(using: &dice) {
      parts[at].content = inflated(parts[at].content)
    } else {
      withChunk(with: &dice) { chunks, at, _ in chunks[at] = inflated(chunks[at]) }
    }
  }

  private mutating func changeBuffer(with dice: inout Corrupter) {
    guard let at = buffers.indices.randomElement(using: &dice) else { return }
    switch UInt8.random(in: 0..<4, using: &dice) {
    case 0: buffers[at].pageSize = UInt32(truncatingIfNeeded: Borders.number(near: [4096], with: &dice))
    case 1: buffers[at].clock = Array((["mono", "x86-tsc", "counter", ""].randomElement(using: &dice) ?? "").utf8)
    case 2: buffers.append(buffers[at])
    default: for cpu in buffers[at].cpus.indices { buffers[at].cpus[cpu].number &+= UInt32.random(in: 0...70_000, using: &dice) }
    }
  }
}
