import CallTrees

/// What the track of a task is called.
struct TaskLabel {
  /// `modprobe-123`; `swapper/1` for the idle task of a CPU; `task of CPU 0` where the trace does not tell the task.
  let name: String
  /// The command's name alone.
  let comm: String
  /// Greater than 0, or nil for idle tasks and unknown ones.
  let pid: Int32?

  init(_ task: TaskTrace) {
    let cpu = task.tree.cpus.first.map { "\($0)" } ?? "?"
    switch task.pid {
    case let pid? where pid > 0:
      self.pid = pid
      comm = task.comm ?? "?"
      name = "\(comm)-\(pid)"
    case 0?:
      pid = nil
      comm = "swapper/\(cpu)"
      name = comm
    default:
      pid = nil
      comm = task.comm ?? "task"
      name = "\(comm) of CPU \(cpu)"
    }
  }
}
