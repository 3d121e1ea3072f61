/// Writes packets of one sequence: what they have in common is told once, in the first of them.
///
/// Each track has a sequence of its own, so that an event need not name its track.
struct PerfettoSequence {
  private typealias Schema = PerfettoSchema

  /// A text that events refer to by number.
  private enum Interned: CaseIterable {
    case category, eventName, annotationName

    var field: UInt64 {
      switch self {
      case .category: Schema.Interned.categories
      case .eventName: Schema.Interned.eventNames
      case .annotationName: Schema.Interned.annotationNames
      }
    }
  }

  /// Names of what is said of an event.
  enum Key: Int, CaseIterable {
    case cpu, measured, returnValue, flags, count, pid

    var name: String {
      switch self {
      case .measured: "measured_ns"
      case .returnValue: "return_value"
      default: "\(self)"
      }
    }
  }

  private let id: Int
  private let track: UInt64
  private let clock: Int?
  private var isBegun = false
  /// The last sequence that told a name, by the name's number: one list for all sequences of a file, for there may be as many tasks as
  /// functions.
  private(set) var names: [Int]
  /// Which numbers the sequence has told.
  private var categories = [Bool](repeating: false, count: CallDetails.Category.allCases.count)
  private var keys = [Bool](repeating: false, count: Key.allCases.count)

  /// - Parameters:
  ///   - id: number of the sequence, from 1, used once in a file.
  ///   - names: the list of names that other sequences left, where events refer to any.
  init(_ id: Int, track: UInt64, clock: Int?, names: [Int] = []) {
    self.id = id
    self.track = track
    self.clock = clock
    self.names = names
  }

  // MARK: packets

  @inline(__always)
  private mutating func packet(at time: UInt64, _ out: inout ProtobufWriter, _ body: (inout PerfettoSequence, inout ProtobufWriter) -> Void)
  {
    out.message(Schema.packet) { out in
      out.field(Schema.Packet.timestamp, time)
      out.field(Schema.Packet.sequence, id)
      if isBegun { out.field(Schema.Packet.sequenceFlags, Schema.Packet.needsState) } else { begin(&out) }
      body(&self, &out)
    }
  }

  private mutating func begin(_ out: inout ProtobufWriter) {
    isBegun = true
    out.field(Schema.Packet.sequenceFlags, Schema.Packet.stateCleared | Schema.Packet.needsState)
    out.message(Schema.Packet.defaults) { out in
      if let clock { out.field(Schema.Defaults.clock, clock) }
      out.message(Schema.Defaults.trackEvent) { $0.field(Schema.Defaults.track, track) }
    }
  }

  private static func intern(_ kind: Interned, _ id: Int, _ name: String, _ out: inout ProtobufWriter) {
    out.message(Schema.Packet.internedData) { out in
      out.message(kind.field) { out in
        out.field(Schema.Interned.id, id + 1)
        out.field(Schema.Interned.name, name)
      }
    }
  }

  private mutating func tell(_ category: CallDetails.Category, _ out: inout ProtobufWriter) {
    guard !categories[category.rawValue] else { return }
    categories[category.rawValue] = true
    Self.intern(.category, category.rawValue, category.name, &out)
  }

  private mutating func tell(_ key: Key, _ out: inout ProtobufWriter) {
    guard !keys[key.rawValue] else { return }
    keys[key.rawValue] = true
    Self.intern(.annotationName, key.rawValue, key.name, &out)
  }

  // MARK: events

  /// A call's begin, or, for one without an end in the midst of others, its only moment.
  ///
  /// - Parameters:
  ///   - name: its number in the list of names.
  ///   - text: gives the name of a number.
  mutating func call(
    _ name: Int, _ text: (Int) -> String, isInstant: Bool, _ details: CallDetails, at time: UInt64, _ out: inout ProtobufWriter
  ) {
    packet(at: time, &out) { sequence, out in
      sequence.tell(details.category, &out)
      if sequence.names.indices.contains(name), sequence.names[name] != sequence.id {
        sequence.names[name] = sequence.id
        Self.intern(.eventName, name, text(name), &out)
      }
      if !details.isEmpty { sequence.tellKeys(of: details, &out) }
      out.message(Schema.Packet.trackEvent) { out in
        out.field(Schema.Event.type, isInstant ? Schema.Event.instant : Schema.Event.sliceBegin)
        out.field(Schema.Event.categories, details.category.rawValue + 1)
        out.field(Schema.Event.internedName, name + 1)
        if !details.isEmpty { Self.annotate(details, &out) }
      }
    }
  }

  /// Ends the innermost slice.
  ///
  /// - Parameter measured: its measured duration, where it is not drawn as it is.
  mutating func end(at time: UInt64, measured: UInt64?, _ out: inout ProtobufWriter) {
    packet(at: time, &out) { sequence, out in
      if measured != nil { sequence.tell(.measured, &out) }
      out.message(Schema.Packet.trackEvent) { out in
        out.field(Schema.Event.type, Schema.Event.sliceEnd)
        if let measured { Self.annotate(.measured, &out) { $0.field(Schema.Annotation.unsigned, measured) } }
      }
    }
  }

  /// An event with a name of its own and facts as texts.
  mutating func event(
    _ name: String, isInstant: Bool, _ category: CallDetails.Category, facts: [(key: String, value: String)] = [],
    numbers: [(Key, UInt64)] = [], at time: UInt64, _ out: inout ProtobufWriter
  ) {
    packet(at: time, &out) { sequence, out in
      sequence.tell(category, &out)
      for (key, _) in numbers { sequence.tell(key, &out) }
      out.message(Schema.Packet.trackEvent) { out in
        out.field(Schema.Event.type, isInstant ? Schema.Event.instant : Schema.Event.sliceBegin)
        out.field(Schema.Event.categories, category.rawValue + 1)
        out.field(Schema.Event.name, name)
        for (key, value) in facts { Self.annotate(key, value, &out) }
        for (key, value) in numbers { Self.annotate(key, &out) { $0.field(Schema.Annotation.unsigned, value) } }
      }
    }
  }
}

// MARK: annotations

extension PerfettoSequence {
  private mutating func tellKeys(of details: CallDetails, _ out: inout ProtobufWriter) {
    if details.cpu != nil { tell(.cpu, &out) }
    if details.measured != nil { tell(.measured, &out) }
    if details.returnValue != nil { tell(.returnValue, &out) }
    if !details.flags.isEmpty { tell(.flags, &out) }
  }

  private static func annotate(_ details: CallDetails, _ out: inout ProtobufWriter) {
    if let cpu = details.cpu { annotate(.cpu, &out) { $0.field(Schema.Annotation.unsigned, cpu) } }
    if let measured = details.measured { annotate(.measured, &out) { $0.field(Schema.Annotation.unsigned, measured) } }
    if let value = details.returnValue { annotate(.returnValue, &out) { $0.field(Schema.Annotation.signed, value) } }
    if !details.flags.isEmpty {
      let names = details.flags.names.joined(separator: " ")
      annotate(.flags, &out) { $0.field(Schema.Annotation.text, names) }
    }
  }

  private static func annotate(_ key: Key, _ out: inout ProtobufWriter, _ value: (inout ProtobufWriter) -> Void) {
    out.message(Schema.Event.annotation) { out in
      out.field(Schema.Annotation.internedName, key.rawValue + 1)
      value(&out)
    }
  }

  private static func annotate(_ key: String, _ value: String, _ out: inout ProtobufWriter) {
    out.message(Schema.Event.annotation) { out in
      out.field(Schema.Annotation.name, key)
      out.field(Schema.Annotation.text, value)
    }
  }
}
