/// Texts of tracefs that are made to keep the tool busy.
enum GrowingTexts {
  private static let head = """
    # tracer: function_graph
    #
    #     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS
    #      |          |     |    |           |   |                     |   |   |   |

    """

  /// Loads one after another, each with functions that no other calls.
  static func loads(_ loads: Int, functions: Int) -> [UInt8] {
    var text = head
    var time = 1_000_000
    func line(_ task: Int, _ duration: String, _ call: String) {
      time += 1
      let fraction = "\(time % 1_000_000)"
      let zeros = String(repeating: "0", count: 6 - fraction.count)
      text += " \(time / 1_000_000).\(zeros)\(fraction) |   0)  modprobe-\(1000 + task)  | \(duration) | \(call)\n"
    }
    for task in 0..<loads {
      line(task, "             ", " do_one_initcall() {")
      line(task, "             ", "   kvm_init [kvm]() {")
      for function in 0..<functions { line(task, "  1.000 us   ", "     kvm_\(task)_\(function) [kvm]();") }
      line(task, "! 100.000 us ", "   } /* kvm_init [kvm] */")
      line(task, "! 110.000 us ", " } /* do_one_initcall */")
    }
    return Array(text.utf8)
  }

  /// Loads that are on at once, and a gap before each of the calls that they make in turn.
  static func gapsAmongLoads(loads: Int, gaps: Int) -> [UInt8] {
    var text = head
    var time = 1_000_000
    func line(_ task: Int, _ duration: String, _ call: String) {
      time += 1
      let fraction = "\(time % 1_000_000)"
      let zeros = String(repeating: "0", count: 6 - fraction.count)
      text += " \(time / 1_000_000).\(zeros)\(fraction) |   0)  modprobe-\(1000 + task)  | \(duration) | \(call)\n"
    }
    let none = "             "
    for task in 0..<loads {
      line(task, none, " do_one_initcall() {")
      line(task, none, "   kvm_init [kvm]() {")
    }
    for gap in 0..<gaps {
      text += "CPU:0 [LOST 1 EVENTS]\n"
      line(gap % loads, "  1.000 us   ", "     kvm_x\(gap) [kvm]();")
    }
    for task in 0..<loads {
      line(task, "! 90000.0 us ", "   } /* kvm_init [kvm] */")
      line(task, "! 90000.0 us ", " } /* do_one_initcall */")
    }
    return Array(text.utf8)
  }
}
