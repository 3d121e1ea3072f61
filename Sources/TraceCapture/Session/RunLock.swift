/// The recorder's lock, which its programs inherit: it is held until they have ended, too.
public final class RunLock {
  let descriptor: Int32
  /// One of them cannot be ended, and keeps the lock: until it has ended, nobody is to undo what it is still doing.
  private(set) var isLeft = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Leaves the lock to a program that cannot be ended.
  func leave() { isLeft = true }
}
