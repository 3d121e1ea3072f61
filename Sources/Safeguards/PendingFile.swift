import Glibc

/// A file that is written without a name, or under another one beside its place, and takes its place when it is whole: no reader ever sees
/// half of it, and nothing that others have put at the place is ever opened.
public final class PendingFile {
  private let place: FilePlace
  /// nil while the file has none.
  private var name: String?
  private let mode: mode_t
  /// Open for writing until it has taken its place.
  public private(set) var descriptor: Int32

  /// Makes the file, which only this user can read until it has taken its place.
  ///
  /// - Parameters:
  ///   - output: its place; a link there, of this user or root, leads on.
  ///   - mode: of the finished file, unless it replaces one of this user's, whose mode it takes.
  ///   - isReadBack: whether the descriptor is for reading too. Who is confined can read in scratch directories only.
  ///   - isUnnamed: whether it has no name until it is whole, where the file system knows such files (not NFS, nor FAT): of a process that
  ///     is killed nothing is left then. Who is confined cannot give it one.
  /// - Throws: `FileError` when it cannot be made.
  public init(for output: String, mode: mode_t, isReadBack: Bool = false, isUnnamed: Bool = false) throws(FileError) {
    let place = try FilePlace(output)
    var status = stat()
    if fstatat(place.directory, place.name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(EISDIR)
    }
    (self.place, self.mode) = (place, place.mode(fresh: mode))
    if isUnnamed, let file = try place.makeUnnamed() {
      descriptor = file
    } else {
      (descriptor, name) = try place.makeNamed(isReadBack: isReadBack)
      BusErrors.remove(name ?? "", in: place.directory)
    }
  }

  deinit { discard() }

  /// Where it is until it has taken its place, for a library that opens files by their path; good for one with a name only.
  public var path: String { place.folder + "/" + (name ?? "") }

  /// Whether nobody else can lead that path elsewhere.
  public var isPrivate: Bool { FolderTrust.isPrivate(place.folder) }

  /// Gives it its mode, and puts it in its place.
  public func commit() throws(FileError) {
    guard fchmod(descriptor, mode) == 0 else { throw FileError(errno) }
    if name == nil {
      if place.link(descriptor, as: place.name) { return close() }
      guard errno == EEXIST else { throw FileError(errno) }
      // No call puts a file without a name in the place of another.
      name = try place.link(descriptor)
    }
    let file = descriptor
    // The descriptor is gone even when closing fails.
    descriptor = -1
    guard Glibc.close(file) == 0, let name, renameat(place.directory, name, place.directory, place.name) == 0 else {
      throw FileError(errno)
    }
    forget()
  }

  /// Takes it away, unless it has taken its place.
  public func discard() {
    close()
    if let name { unlinkat(place.directory, name, 0) }
    forget()
  }

  private func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  private func forget() {
    if name != nil { BusErrors.remove("", in: -1) }
    name = nil
  }
}
