/// Numbers of the fields of Perfetto's messages that are written (protos/perfetto/trace).
enum PerfettoSchema {
  static let packet: UInt64 = 1

  enum Packet {
    static let clockSnapshot: UInt64 = 6
    static let timestamp: UInt64 = 8
    static let sequence: UInt64 = 10
    static let trackEvent: UInt64 = 11
    static let internedData: UInt64 = 12
    static let sequenceFlags: UInt64 = 13
    static let defaults: UInt64 = 59
    static let trackDescriptor: UInt64 = 60

    /// Of `sequenceFlags`.
    static let stateCleared = 1
    static let needsState = 2
  }

  enum Defaults {
    static let trackEvent: UInt64 = 11
    static let clock: UInt64 = 58
    /// Of `trackEvent`.
    static let track: UInt64 = 11
  }

  enum ClockSnapshot {
    static let clock: UInt64 = 1
    static let primary: UInt64 = 2
    /// Of `clock`.
    static let id: UInt64 = 1
    static let timestamp: UInt64 = 2
  }

  enum Event {
    static let categories: UInt64 = 3
    static let annotation: UInt64 = 4
    static let type: UInt64 = 9
    static let internedName: UInt64 = 10
    static let name: UInt64 = 23

    /// Of `type`.
    static let sliceBegin = 1
    static let sliceEnd = 2
    static let instant = 3
  }

  enum Annotation {
    static let internedName: UInt64 = 1
    static let unsigned: UInt64 = 3
    static let signed: UInt64 = 4
    static let text: UInt64 = 6
    static let name: UInt64 = 10
  }

  enum Interned {
    static let categories: UInt64 = 1
    static let eventNames: UInt64 = 2
    static let annotationNames: UInt64 = 3
    /// Of each of them.
    static let id: UInt64 = 1
    static let name: UInt64 = 2
  }

  enum Track {
    static let uuid: UInt64 = 1
    static let name: UInt64 = 2
    static let process: UInt64 = 3
    static let thread: UInt64 = 4
    static let parent: UInt64 = 5
    static let childOrder: UInt64 = 11
    static let rank: UInt64 = 12

    /// Of `childOrder`: by `rank`.
    static let explicitOrder = 3
    /// Of `process`.
    static let processID: UInt64 = 1
    static let processName: UInt64 = 6
    /// Of `thread`.
    static let threadProcess: UInt64 = 1
    static let threadID: UInt64 = 2
    static let threadName: UInt64 = 5
  }
}
