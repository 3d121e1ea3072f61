import Glibc

/// A value that one thread at a time has.
///
/// The lock is one of POSIX threads: the thread sanitizer knows it, and `Synchronization.Mutex`, on Linux, not, so that every use of that
/// would be reported as a race.
package final class Locked<Value>: @unchecked Sendable {
  // Before the value: one without a size would have the place of what follows it, and count as that.
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  package init(_ value: sending Value) {
    self.value = value
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  /// Calls `body` with the value, while no other thread has it. `body` must not ask for it again.
  package func withLock<Answer>(_ body: (inout Value) -> sending Answer) -> sending Answer {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(&value)
  }
}
