import CallTrees

/// The tracks of a trace: what they are called and how they stand together.
struct PerfettoTracks {
  private typealias Schema = PerfettoSchema

  /// Numbers of tracks: any, but each once.
  enum ID {
    static let stages: UInt64 = 1 << 32
    static let lanes: UInt64 = 2 << 32
    static let processes: UInt64 = 3 << 32
    static let tasks: UInt64 = 4 << 32
    static let marks: UInt64 = 5 << 32

    static func stages(ofRun run: Int) -> UInt64 { stages + UInt64(run) }
    /// Of a run's work on one CPU.
    static func lane(ofRun run: Int, cpu: Int) -> UInt64 { lanes + UInt64(run) << 16 + UInt64(cpu & 0xffff) }
    static func task(_ task: Int) -> UInt64 { tasks + UInt64(task) }
    static func marks(_ kind: CallDetails.Category, cpu: Int = 0) -> UInt64 { marks + UInt64(kind.rawValue) << 16 + UInt64(cpu & 0xffff) }
  }

  /// A track of its own, or below another one.
  ///
  /// - Parameter rank: its place among those below the same one, if that orders them.
  static func describe(
    _ uuid: UInt64, _ name: String, below parent: UInt64? = nil, rank: Int? = nil, ordersChildren: Bool = false, _ out: inout ProtobufWriter
  ) {
    out.message(Schema.packet) { out in
      out.message(Schema.Packet.trackDescriptor) { out in
        out.field(Schema.Track.uuid, uuid)
        out.field(Schema.Track.name, name)
        if let parent { out.field(Schema.Track.parent, parent) }
        if let rank { out.field(Schema.Track.rank, rank) }
        if ordersChildren { out.field(Schema.Track.childOrder, Schema.Track.explicitOrder) }
      }
    }
  }

  /// The track of a task: a thread of its process, where the trace tells the thread. The trace does not tell the process: it is taken to
  /// be the thread's own, as it is for modprobe and the kernel's threads.
  static func describe(task: Int, _ label: TaskLabel, _ out: inout ProtobufWriter) {
    guard let pid = label.pid else { return describe(ID.task(task), label.name, &out) }
    let process = ID.processes + UInt64(task)
    out.message(Schema.packet) { out in
      out.message(Schema.Packet.trackDescriptor) { out in
        out.field(Schema.Track.uuid, process)
        out.message(Schema.Track.process) { out in
          out.field(Schema.Track.processID, pid)
          out.field(Schema.Track.processName, label.comm)
        }
      }
    }
    out.message(Schema.packet) { out in
      out.message(Schema.Packet.trackDescriptor) { out in
        out.field(Schema.Track.uuid, ID.task(task))
        out.field(Schema.Track.parent, process)
        out.message(Schema.Track.thread) { out in
          out.field(Schema.Track.threadProcess, pid)
          out.field(Schema.Track.threadID, pid)
          out.field(Schema.Track.threadName, label.comm)
        }
      }
    }
  }
}
