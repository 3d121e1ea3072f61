import Glibc

/// Whether others can change what a path leads to.
public enum FolderTrust {
  /// Whether only this user and root can rename or replace what is in a directory: it and all above it belong to one of them, and others may
  /// write there at most as into `/tmp`, where each can change only files of their own.
  public static func isPrivate(_ folder: String) -> Bool {
    guard let resolved = realpath(folder.isEmpty ? "." : folder, nil) else { return false }
    defer { free(resolved) }
    var path = String(cString: resolved)
    while true {
      var status = stat()
      guard lstat(path, &status) == 0, status.st_uid == 0 || status.st_uid == geteuid() else { return false }
      if status.st_mode & 0o022 != 0, status.st_mode & S_ISVTX == 0 { return false }
      guard path != "/", let slash = path.lastIndex(of: "/") else { return true }
      path = slash == path.startIndex ? "/" : String(path[..<slash])
    }
  }

  /// Whether others may write to a file: it belongs to somebody else than this user and root, or its mode lets them. A user's own group, as
  /// many distributions give each user one, is the user.
  public static func canBeChangedByOthers(_ status: stat) -> Bool {
    if status.st_uid != geteuid(), status.st_uid != 0 { return true }
    return status.st_mode & 0o002 != 0 || (status.st_mode & 0o020 != 0 && status.st_gid != getegid() && status.st_gid != 0)
  }
}
