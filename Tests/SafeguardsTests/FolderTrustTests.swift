import Foundation
import Testing

@testable import Safeguards

@Suite struct FolderTrustTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test func whoCanChangeADirectory() throws {
    try folder.make("one/two")
    #expect(FolderTrust.isPrivate(folder / "one/two"))
    // As /tmp: others can make files, and not replace this user's.
    #expect(chmod(folder / "one", 0o1777) == 0 && FolderTrust.isPrivate(folder / "one/two"))
    #expect(chmod(folder / "one", 0o777) == 0 && !FolderTrust.isPrivate(folder / "one/two"))
    #expect(chmod(folder / "one", 0o775) == 0 && !FolderTrust.isPrivate(folder / "one"))
    #expect(!FolderTrust.isPrivate(folder / "none"))
    #expect(FolderTrust.isPrivate("/tmp") && FolderTrust.isPrivate("/"))
  }

  @Test func directoriesOfOthers() throws {
    guard Folder.canGiveAway else { return print("skipped: only root can make a directory of somebody else") }
    try folder.make("one/two")
    #expect(chown(folder / "one", Folder.nobody, Folder.nobody) == 0)
    #expect(!FolderTrust.isPrivate(folder / "one/two"))
  }

  private func file(user: uid_t, group: gid_t, mode: mode_t) -> stat {
    var status = stat()
    (status.st_uid, status.st_gid, status.st_mode) = (user, group, S_IFREG | mode)
    return status
  }

  @Test func whoCanChangeAFile() {
    let (user, group) = (geteuid(), getegid())
    #expect(!FolderTrust.canBeChangedByOthers(file(user: user, group: group, mode: 0o664)))
    #expect(!FolderTrust.canBeChangedByOthers(file(user: 0, group: 0, mode: 0o644)))
    #expect(FolderTrust.canBeChangedByOthers(file(user: user, group: group, mode: 0o646)))
    #expect(FolderTrust.canBeChangedByOthers(file(user: user, group: group &+ 12345, mode: 0o660)))
    #expect(FolderTrust.canBeChangedByOthers(file(user: user &+ 12345, group: group, mode: 0o600)))
  }
}
