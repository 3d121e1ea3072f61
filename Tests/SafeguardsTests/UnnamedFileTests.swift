import Glibc
import Testing

@testable import Safeguards

/// Files that have no name until they are whole.
@Suite struct UnnamedFileTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func file(_ text: String, for name: String = "x.dat") throws -> PendingFile {
    let file = try PendingFile(for: folder / name, mode: 0o640, isUnnamed: true)
    #expect(write(file.descriptor, text, text.utf8.count) == text.utf8.count)
    return file
  }

  @Test func itHasNoNameBeforeItIsWhole() throws {
    let file = try file("whole")
    #expect(folder.names == [] && fcntl(file.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    try file.commit()
    #expect(folder.names == ["x.dat"] && folder.text("x.dat") == "whole" && folder.mode("x.dat") == 0o640)
  }

  @Test func itTakesThePlaceOfAnother() throws {
    try folder.write("x.dat", "old")
    #expect(chmod(folder / "x.dat", 0o604) == 0)
    let file = try self.file("new")
    #expect(folder.text("x.dat") == "old")
    try file.commit()
    #expect(folder.names == ["x.dat"] && folder.text("x.dat") == "new" && folder.mode("x.dat") == 0o604)
  }

  @Test func oneThatIsDiscardedLeavesNothing() throws {
    try file("half").discard()
    #expect(folder.names == [])
  }

  @Test func whereItCannotBe() throws {
    #expect(throws: FileError(ENOENT)) { try self.file("new", for: "no/x.dat") }
    let file = try self.file("new")
    try folder.make("x.dat")
    #expect(throws: FileError(EISDIR)) { try file.commit() }
    file.discard()
    #expect(folder.names == ["x.dat"])
  }

  @Test func aScratchFileHasNoName() throws {
    let file = try ScratchFile.make(in: folder.path)
    defer { close(file) }
    #expect(folder.names == [] && write(file, "x", 1) == 1 && fcntl(file, F_GETFL) & O_ACCMODE == O_RDWR)
  }
}
