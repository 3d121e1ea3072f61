import CallTrees
import Glibc
import Testing
import TraceFile

/// Pages of a ring buffer as this machine's kernel would write them, and the formats of their events.
struct RingPages {
  enum Event: UInt16, CaseIterable {
    case leave = 10
    case enter = 11
    case fork = 30
    case taskSwitch = 31
    case moduleLoad = 32
    case finitModule = 33
    case console = 34
    case hotplug = 35
    case initcall = 36
    case moduleFree = 37

    var system: String {
      switch self {
      case .leave, .enter: "ftrace"
      case .fork, .taskSwitch: "sched"
      case .moduleLoad, .moduleFree: "module"
      case .finitModule: "syscalls"
      case .console: "printk"
      case .hotplug: "cpuhp"
      case .initcall: "initcall"
      }
    }

    var name: String {
      switch self {
      case .leave: "funcgraph_exit"
      case .enter: "funcgraph_entry"
      case .fork: "sched_process_fork"
      case .taskSwitch: "sched_switch"
      case .moduleLoad: "module_load"
      case .moduleFree: "module_free"
      case .finitModule: "sys_exit_finit_module"
      case .console: "console"
      case .hotplug: "cpuhp_enter"
      case .initcall: "initcall_start"
      }
    }

    /// Fields behind the common ones: declaration, offset, size.
    private var fields: [(String, Int, Int)] {
      switch self {
      case .enter: [("unsigned long func", 8, 8), ("int depth", 16, 4)]
      case .leave:
        [
          ("unsigned long func", 8, 8), ("int depth", 16, 4), ("unsigned int overrun", 20, 4), ("unsigned long long calltime", 24, 8),
          ("unsigned long long rettime", 32, 8),
        ]
      case .fork: [("pid_t parent_pid", 8, 4), ("pid_t child_pid", 12, 4)]
      case .taskSwitch: [("pid_t prev_pid", 8, 4), ("pid_t next_pid", 12, 4)]
      case .moduleLoad: [("unsigned int taints", 8, 4), ("__data_loc char[] name", 12, 4)]
      case .moduleFree: [("__data_loc char[] name", 8, 4)]
      case .finitModule: [("int __syscall_nr", 8, 4), ("long ret", 16, 8)]
      case .console, .hotplug: [("long ret", 8, 8)]
      case .initcall: [("unsigned long func", 8, 8)]
      }
    }

    var text: String {
      let common = [
        ("unsigned short common_type", 0, 2), ("unsigned char common_flags", 2, 1), ("unsigned char common_preempt_count", 3, 1),
        ("int common_pid", 4, 4),
      ]
      func line(_ field: (String, Int, Int)) -> String {
        "\tfield:\(field.0);\toffset:\(field.1);\tsize:\(field.2);\tsigned:\(field.0.hasPrefix("unsigned") ? 0 : 1);\n"
      }
      return
        "name: \(name)\nID: \(rawValue)\nformat:\n\(common.map(line).joined())\n\(fields.map(line).joined())\nprint fmt: \"%d\", REC->common_pid\n"
    }
  }

  static let headerPage = """
    \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
    \tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
    \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
    \tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;

    """
  static let headerEvent = """
    # compressed entry header
    \ttype_len    :    5 bits
    \ttime_delta  :   27 bits
    \tarray       :   32 bits

    \tpadding     : type == 29
    \ttime_extend : type == 30
    \ttime_stamp : type == 31
    \tdata max type_len  == 28

    """
  static let pageSize = 4096

  static func format() throws -> RingBufferFormat {
    try #require(
      RingBufferFormat(
        headerPage: Array(headerPage.utf8), headerEvent: Array(headerEvent.utf8),
        events: Event.allCases.compactMap { EventFormat(system: $0.system, text: Array($0.text.utf8)) }, pageSize: pageSize))
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

  /// A record of a task: its numbers stand behind the common fields, each as wide as its field.
  static func record(_ event: Event, pid: Int32, _ numbers: any FixedWidthInteger...) -> [UInt8] {
    numbers.reduce(bytes(event.rawValue) + [0, 0] + bytes(pid)) { $0 + bytes($1) }
  }

  /// A page whose events are one nanosecond apart, after its time.
  static func page(time: UInt64, _ records: [[UInt8]]) -> [UInt8] {
    let events = records.flatMap { record -> [UInt8] in
      let padded = record + [UInt8](repeating: 0, count: (4 - record.count % 4) % 4)
      return bytes(UInt32(1 << 5 | padded.count / 4)) + padded
    }
    let used = bytes(time) + bytes(UInt64(events.count)) + events
    return used + [UInt8](repeating: 0, count: pageSize - used.count)
  }
}
