import CTrace
import Glibc

package enum Processors {
  /// CPUs that this process may run on, at least 1: with a task set or a container, fewer than the machine has.
  package static var count: Int {
    let allowed = Int(kvm_inittrace_processors())
    return allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}
