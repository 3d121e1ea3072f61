/// Texts of tracefs that are made to keep the tool busy.
enum GrowingTexts {
  /// Lines of tasks on one CPU, a microsecond apart.
  private struct Lines {
    var text = """
      # tracer: function_graph
      #
      #     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS
      #      |          |     |    |           |   |                     |   |   |   |

      """
    private var time = 1_000_000

    mutating func add(_ task: Int, _ duration: String, _ call: String) {
      time += 1
      let fraction = "\(time % 1_000_000)"
      let zeros = String(repeating: "0", count: 6 - fraction.count)
      text += " \(time / 1_000_000).\(zeros)\(fraction) |   0)  modprobe-\(1000 + task)  | \(duration) | \(call)\n"
    }
  }

  /// Loads one after another, each with functions that no other calls.
  static func loads(_ loads: Int, functions: Int) -> [UInt8] {
    var lines = Lines()
    for task in 0..<loads {
      lines.add(task, "             ", " do_one_initcall() {")
      lines.add(task, "             ", "   kvm_init [kvm]() {")
      for function in 0..<functions { lines.add(task, "  1.000 us   ", "     kvm_\(task)_\(function) [kvm]();") }
      lines.add(task, "! 100.000 us ", "   } /* kvm_init [kvm] */")
      lines.add(task, "! 110.000 us ", " } /* do_one_initcall */")
    }
    return Array(lines.text.utf8)
  }

  /// Loads that are on at once, and a gap before each of the calls that they make in turn.
  static func gapsAmongLoads(loads: Int, gaps: Int) -> [UInt8] {
    var lines = Lines()
    let none = "             "
    for task in 0..<loads {
      lines.add(task, none, " do_one_initcall() {")
      lines.add(task, none, "   kvm_init [kvm]() {")
    }
    for gap in 0..<gaps {
      lines.text += "CPU:0 [LOST 1 EVENTS]\n"
      lines.add(gap % loads, "  1.000 us   ", "     kvm_x\(gap) [kvm]();")
    }
    for task in 0..<loads {
      lines.add(task, "! 90000.0 us ", "   } /* kvm_init [kvm] */")
      lines.add(task, "! 90000.0 us ", " } /* do_one_initcall */")
    }
    return Array(lines.text.utf8)
  }
}
