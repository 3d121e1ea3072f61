import Glibc

/// A file that is written under another name beside its place, and renamed when it is whole: no reader ever sees half of it, and nothing
/// that others have put at the place is ever opened.
public final class PendingFile {
  private let place: FilePlace
  private let name: String
  private let mode: mode_t
  /// Open for writing until it has taken its place.
  public private(set) var descriptor: Int32
  private var isThere = true

  /// Makes the file, which only this user can read until it has taken its place.
  ///
  /// - Parameters:
  ///   - output: its place; a link there, of this user or root, leads on.
  ///   - mode: of the finished file, unless it replaces one of this user's, whose mode it takes.
  ///   - isReadBack: whether the descriptor is for reading too. Who is confined can read in scratch directories only.
  /// - Throws: `FileError` when it cannot be made.
  public init(for output: String, mode: mode_t, isReadBack: Bool = false) throws(FileError) {
    let place = try FilePlace(output)
    var status = stat()
    if fstatat(place.directory, place.name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(EISDIR)
    }
    var (name, file, tries) = ("", Int32(-1), 100)
    repeat {
      name = place.name + "." + Self.suffix()
      file = openat(place.directory, name, (isReadBack ? O_RDWR : O_WRONLY) | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      tries -= 1
    } while file < 0 && errno == EEXIST && tries > 0
    guard file >= 0 else { throw FileError(errno) }
    (self.place, self.name, descriptor, self.mode) = (place, name, file, place.mode(fresh: mode))
    BusErrors.remove(name, in: place.directory)
  }

  deinit { discard() }

  /// Six letters that nobody can guess.
  private static func suffix() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<6).map { _ in letters[Int.random(in: letters.indices)] })
  }

  /// Where it is until it has taken its place, for a library that opens files by their path.
  public var path: String { place.folder + "/" + name }

  /// Whether nobody else can lead that path elsewhere.
  public var isPrivate: Bool { FolderTrust.isPrivate(place.folder) }

  /// Gives it its mode, and puts it in its place.
  public func commit() throws(FileError) {
    guard fchmod(descriptor, mode) == 0 else { throw FileError(errno) }
    let file = descriptor
    // The descriptor is gone even when closing fails.
    descriptor = -1
    guard close(file) == 0, renameat(place.directory, name, place.directory, place.name) == 0 else { throw FileError(errno) }
    isThere = false
    BusErrors.remove("", in: -1)
  }

  /// Takes it away, unless it has taken its place.
  public func discard() {
    if descriptor >= 0 { close(descriptor) }
    if isThere {
      unlinkat(place.directory, name, 0)
      BusErrors.remove("", in: -1)
    }
    (descriptor, isThere) = (-1, false)
  }
}
