import Glibc
import Safeguards

/// `/run/kvm-inittrace`: the lock that keeps two recordings apart, and the journal of the one that runs.
///
/// The directory belongs to root and nobody else may enter it; files in it are opened below it and never through a link.
public final class RunDirectory {
  public static let standardPath = "/run/kvm-inittrace"

  let path: String
  private let directory: Int32
  private(set) var lock: RunLock?
  /// The journal as it should be: the one on a full disk may still hold what is undone.
  private var wanted: Journal?

  /// Opens the directory, and makes it if it is not there.
  public init(path: String = standardPath) throws(CaptureError) {
    self.path = path
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw .system("make", path, errno: errno, remedy: "run as root, with /run writable")
    }
    directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard directory >= 0 else { throw .system("open", path, errno: errno, remedy: "remove it if it is no directory, and run as root") }
    var status = stat()
    guard fstat(directory, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
      close(directory)
      throw CaptureError(
        .noPermission, "'\(path)' belongs to another user, or others may write to it", remedy: "remove it, then try again")
    }
    // Made by hand, perhaps: nobody else has anything to read here.
    if status.st_mode & 0o077 != 0 { fchmod(directory, 0o700) }
  }

  deinit {
    if let lock {
      // What a program of the recorder's has started, and left behind, would hold it.
      if !lock.isLeft { flock(lock.descriptor, LOCK_UN) }
      close(lock.descriptor)
    }
    close(directory)
  }

  /// Takes the lock for as long as this object lives.
  ///
  /// The lock of a recorder that was killed is held by its modprobe, which ends as soon as the kernel lets it.
  ///
  /// - Parameter patience: tenths of a second to wait for that.
  /// - Throws: `unavailable` naming the process that holds it.
  public func acquireLock(patience: Int = 300) throws(CaptureError) {
    let file = openat(directory, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system("open", path + "/lock", errno: errno, remedy: "run as root, with /run writable") }
    var patience = patience
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      let holder = Self.text(of: file).trimmed
      let isOrphaned = Int32(holder).map(Self.isGone) ?? false
      if code == EWOULDBLOCK, isOrphaned, patience > 0 {
        patience -= 1
        usleep(100_000)
        continue
      }
      close(file)
      throw isOrphaned ? Self.orphaned(holder) : refusal(code, holder)
    }
    _ = ftruncate(file, 0)
    let text = Array("\(getpid())\n".utf8)
    _ = pwrite(file, text, text.count, 0)
    lock = RunLock(descriptor: file)
    // What a recorder was writing when it was killed.
    unlinkat(directory, "journal.new", 0)
  }

  private func refusal(_ code: Int32, _ holder: String) -> CaptureError {
    guard code == EWOULDBLOCK else {
      return .system("lock", path + "/lock", errno: code, remedy: "run as root, with /run on a local file system")
    }
    return CaptureError(
      .unavailable, "another recording is running" + (holder.isEmpty ? "" : ": process \(holder)"),
      remedy: "wait until it has ended, then try again")
  }

  private static func orphaned(_ holder: String) -> CaptureError {
    CaptureError(
      .unavailable, "the kernel is still at work for the modprobe of a recording that is over (process \(holder))",
      remedy: "try again later; if that lasts, see dmesg, and reboot")
  }

  /// Whether there is no such process, or one that nobody has waited for yet.
  private static func isGone(_ process: Int32) -> Bool {
    guard kill(process, 0) == 0 || errno != ESRCH else { return true }
    return KernelFiles().text("/proc/\(process)/stat")?.split(separator: ")").last?.hasPrefix(" Z") ?? false
  }

  // MARK: the journal

  /// Whether a journal, if there is one, was written by this user alone.
  ///
  /// - Throws: `noPermission` otherwise: what it says would be done as root.
  func checkJournal() throws(CaptureError) {
    var status = stat()
    guard fstatat(directory, "journal", &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
    let isOurs = status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid() && status.st_mode & 0o022 == 0 && status.st_nlink == 1
    guard !isOurs else { return }
    throw CaptureError(
      .noPermission, "'\(path)/journal' is not believed: it is no file that only this user can write to",
      remedy: "look at it, then remove it")
  }

  /// The journal that an interrupted recording has left, or nil.
  public func journal() -> Journal? {
    let file = openat(directory, "journal", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return Journal(text: Self.text(of: file))
  }

  /// Writes the journal whole, in the place of the one that is there, and waits until it is stored.
  public func store(_ journal: Journal) throws(CaptureError) {
    func failed(_ code: Int32) -> CaptureError {
      .system("write", path + "/journal", errno: code, remedy: "free space on /run, then try again")
    }
    let file = openat(directory, "journal.new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failed(errno) }
    var code = Array(journal.text.utf8).withUnsafeBytes { Descriptor.write($0, to: file) }
    if code == 0, fsync(file) != 0 { code = errno }
    if close(file) != 0, code == 0 { code = errno }
    if code == 0, renameat(directory, "journal.new", directory, "journal") != 0 { code = errno }
    guard code == 0 else {
      unlinkat(directory, "journal.new", 0)
      throw failed(code)
    }
    wanted = journal
  }

  public func removeJournal() {
    unlinkat(directory, "journal", 0)
    wanted = nil
  }

  /// Takes what has been undone out of the journal, which goes when nothing is left in it.
  func forget(where isUndone: (Journal.Entry) -> Bool) {
    guard var journal = wanted ?? journal() else { return }
    journal.entries.removeAll(where: isUndone)
    wanted = journal
    // Where /run is full it stays whole: what is undone can be undone again.
    if journal.entries.isEmpty { removeJournal() } else { try? store(journal) }
  }

  private static func text(of file: Int32) -> String {
    String(decoding: Descriptor.contents(of: file, from: 0, limit: 16 << 20) ?? [], as: UTF8.self)
  }
}
