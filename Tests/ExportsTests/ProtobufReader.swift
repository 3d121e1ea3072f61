/// Reads messages of Protocol Buffers without a schema.
struct ProtobufReader {
  enum Value: Equatable {
    case number(UInt64)
    case bytes([UInt8])
  }

  /// The fields in their order, or nil when the bytes are no message.
  static func fields(_ bytes: [UInt8]) -> [(number: UInt64, value: Value)]? {
    var reader = ProtobufReader(rest: bytes[...])
    var fields: [(number: UInt64, value: Value)] = []
    while !reader.rest.isEmpty {
      guard let tag = reader.varint() else { return nil }
      switch tag & 7 {
      case 0:
        guard let number = reader.varint() else { return nil }
        fields.append((tag >> 3, .number(number)))
      case 2:
        guard let count = reader.varint(), count <= reader.rest.count else { return nil }
        fields.append((tag >> 3, .bytes(Array(reader.rest.prefix(Int(count))))))
        reader.rest = reader.rest.dropFirst(Int(count))
      default: return nil
      }
    }
    return fields
  }

  private var rest: ArraySlice<UInt8>

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}

/// A message whose fields are looked up by number.
struct ProtobufMessage {
  let fields: [(number: UInt64, value: ProtobufReader.Value)]

  init?(_ bytes: [UInt8]) {
    guard let fields = ProtobufReader.fields(bytes) else { return nil }
    self.fields = fields
  }

  func number(_ field: UInt64) -> UInt64? {
    for case (field, .number(let number)) in fields { return number }
    return nil
  }

  func text(_ field: UInt64) -> String? {
    for case (field, .bytes(let bytes)) in fields { return String(decoding: bytes, as: UTF8.self) }
    return nil
  }

  func messages(_ field: UInt64) -> [ProtobufMessage] {
    fields.compactMap { number, value in
      guard number == field, case .bytes(let bytes) = value else { return nil }
      return ProtobufMessage(bytes)
    }
  }
}
