extension DatModel {
  /// The file, and where in it the sizes, counts and offsets are that a reader goes by: their places and widths.
  struct File {
    var bytes: [UInt8]
    var claims: [(place: Int, width: Int)] = []
  }

  func written() -> File {
    var file = File(bytes: start + Array(packing.name.utf8) + [0] + Array("1\0".utf8))
    let firstOptions = file.bytes.count
    claim(8, in: &file)
    file.bytes += number(UInt64(0))
    // What is packed once is not packed again: a file that unpacks to much repeats itself.
    var packed: [[UInt8]: [UInt8]] = [:]
    var list: [UInt8] = []
    for part in parts {
      list += option(part.id, number(UInt64(file.bytes.count)))
      addSection(part.id, packing == .none ? part.content : block(part.content, &packed), to: &file)
    }
    for each in options { list += option(each.id, each.data) }
    for buffer in buffers { list += option(Self.bufferID, add(buffer, to: &file, &packed)) }
    let options = file.bytes.count
    // Not compressed, as trace-cmd may write it: the claims in it can be reached.
    addSection(Self.done, list + option(Self.done, number(UInt64(0))), to: &file, isPacked: false)
    file.bytes.replaceSubrange(firstOptions..<firstOptions + 8, with: number(UInt64(options)))
    addSection(Self.stringsID, Array("options\0".utf8), to: &file, isPacked: false)
    return file
  }

  func number<T: FixedWidthInteger & UnsignedInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
  }

  private func claim(_ width: Int, in file: inout File) { file.claims.append((file.bytes.count, width)) }

  private func option(_ id: UInt16, _ data: [UInt8]) -> [UInt8] { number(id) + number(UInt32(clamping: data.count)) + data }

  /// Packed, with both sizes in front.
  private func block(_ content: [UInt8], _ packed: inout [[UInt8]: [UInt8]]) -> [UInt8] {
    let data = packed[content] ?? packing.pack(content)
    packed[content] = data
    return number(UInt32(clamping: data.count)) + number(UInt32(clamping: content.count)) + data
  }

  private func addSection(_ id: UInt16, _ data: [UInt8], to file: inout File, isPacked: Bool? = nil) {
    let isPacked = isPacked ?? (packing != .none)
    claim(2, in: &file)
    file.bytes += number(id) + number(UInt16(isPacked ? 1 : 0)) + number(UInt32(0))
    claim(8, in: &file)
    file.bytes += number(UInt64(data.count))
    for place in [0, 4] where isPacked { file.claims.append((file.bytes.count + place, 4)) }
    if id == Self.done { claimOptions(data, in: &file) }
    file.bytes += data
  }

  /// The sizes of the options.
  private func claimOptions(_ data: [UInt8], in file: inout File) {
    var reader = ByteReader(data)
    reader.isBigEndian = isBigEndian
    while let id = reader.number(UInt16.self), let size = reader.number(UInt32.self) {
      file.claims.append((file.bytes.count + reader.at - 4, 4))
      // Offsets come first in the options of sections and buffers.
      if Self.partIDs.contains(id) || id == Self.bufferID || id == Self.done { file.claims.append((file.bytes.count + reader.at, 8)) }
      guard reader.take(Int(size)) != nil else { return }
    }
  }

  /// Adds the section of a buffer, and gives what its option holds.
  private func add(_ buffer: Buffer, to file: inout File, _ packed: inout [[UInt8]: [UInt8]]) -> [UInt8] {
    let offset = file.bytes.count
    var data: [UInt8] = []
    var places: [UInt8] = []
    var counts: [Int] = []
    for cpu in buffer.cpus {
      let begin = offset + 16 + data.count
      if packing == .none {
        for chunk in cpu.chunks { data += chunk }
      } else {
        counts.append(begin)
        data += number(UInt32(cpu.chunks.count))
        for chunk in cpu.chunks {
          counts += [offset + 16 + data.count, offset + 20 + data.count]
          data += block(chunk, &packed)
        }
      }
      // trace-cmd does not count the number of chunks.
      let size = offset + 16 + data.count - begin - (packing == .none ? 0 : 4)
      places += number(cpu.number) + number(UInt64(begin)) + number(UInt64(size))
    }
    addSection(Self.bufferID, data, to: &file, isPacked: packing != .none)
    file.claims += counts.map { ($0, 4) }
    return number(UInt64(offset)) + buffer.name + [0] + buffer.clock + [0] + number(buffer.pageSize) + number(UInt32(buffer.cpus.count))
      + places
  }
}
