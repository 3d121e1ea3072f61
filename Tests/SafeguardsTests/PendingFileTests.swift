import Foundation
import Testing

@testable import Safeguards

/// What others have put at the place of an output is never opened, followed or believed.
@Suite struct PendingFileTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func replace(_ name: String, mode: mode_t = 0o640) throws(FileError) {
    let file = try PendingFile(for: folder / name, mode: mode)
    _ = write(file.descriptor, "new", 3)
    try file.commit()
  }

  @Test func aNewFile() throws {
    let file = try PendingFile(for: folder / "report", mode: 0o640)
    #expect(folder.names.count == 1 && folder.names.first?.hasPrefix("report.") == true)
    // Nobody reads it before it is whole.
    #expect(folder.mode(folder.names[0]) == 0o600)
    try file.commit()
    #expect(folder.names == ["report"] && folder.mode("report") == 0o640)
  }

  @Test func whatIsNotFinishedGoes() throws {
    try folder.write("report", "old")
    var file: PendingFile? = try PendingFile(for: folder / "report", mode: 0o640)
    #expect(folder.names.count == 2 && file?.descriptor ?? -1 >= 0)
    file = nil
    #expect(folder.names == ["report"] && folder.text("report") == "old")
  }

  @Test func theModeOfOnesOwnFileStays() throws {
    try folder.write("report", "old")
    #expect(chmod(folder / "report", 0o604) == 0)
    try replace("report", mode: 0o600)
    #expect(folder.mode("report") == 0o604 && folder.text("report") == "new")
  }

  @Test func ofAHardLinkTheOtherNameIsLeftAlone() throws {
    try folder.write("precious", "old")
    #expect(chmod(folder / "precious", 0o666) == 0 && link(folder / "precious", folder / "report") == 0)
    try replace("report", mode: 0o600)
    #expect(folder.text("precious") == "old" && folder.text("report") == "new" && folder.mode("report") == 0o600)
  }

  @Test func onesOwnLinksLeadOn() throws {
    try folder.make("elsewhere")
    try folder.write("elsewhere/file", "old")
    try folder.link("report", to: "elsewhere/file")
    try folder.link("again", to: folder / "report")
    try replace("again")
    #expect(folder.text("elsewhere/file") == "new" && folder.status("report").st_mode & S_IFMT == S_IFLNK)
    try folder.link("dangling", to: "elsewhere/none")
    try replace("dangling")
    #expect(folder.text("elsewhere/none") == "new")
    try folder.link("circle", to: "circle")
    #expect(throws: FileError(ELOOP)) { try replace("circle") }
  }

  @Test func linksOfOthersDoNot() throws {
    guard Folder.canGiveAway else { return print("skipped: only root can make a link of somebody else") }
    try folder.write("precious", "old")
    try folder.link("report", to: "precious")
    #expect(lchown(folder / "report", Folder.nobody, Folder.nobody) == 0)
    let error = #expect(throws: FileError.self) { try replace("report") }
    #expect(error?.description == "it is a link that user 65534 has made, to 'precious'")
    #expect(folder.text("precious") == "old")
  }

  /// Else somebody could put an open file where root will write.
  @Test func theModeOfSomebodyElsesFileSaysNothing() throws {
    guard Folder.canGiveAway else { return print("skipped: only root can make a file of somebody else") }
    try folder.write("report", "old")
    #expect(chmod(folder / "report", 0o666) == 0 && chown(folder / "report", Folder.nobody, Folder.nobody) == 0)
    try replace("report", mode: 0o600)
    #expect(folder.mode("report") == 0o600 && folder.status("report").st_uid == 0)
  }

  @Test func aPipeIsReplacedAndNotWrittenTo() throws {
    #expect(mkfifo(folder / "report", 0o666) == 0)
    try replace("report")
    #expect(folder.text("report") == "new")
  }

  /// The directory is held: who moves it away and puts a link in its place does not change where the file goes.
  @Test func aDirectoryThatIsExchanged() throws {
    try folder.make("out")
    try folder.make("victim")
    let file = try PendingFile(for: folder / "out/report", mode: 0o600)
    #expect(rename(folder / "out", folder / "moved") == 0)
    try folder.link("out", to: "victim")
    try file.commit()
    #expect(folder.text("moved/report") == "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder / "victim") == [])
  }

  @Test func placesThatAreNone() throws {
    try folder.make("folder")
    for (name, code) in [("folder", EISDIR), ("folder/", EISDIR), ("none/report", ENOENT), ("", EISDIR), ("folder/..", EISDIR)] {
      #expect(throws: FileError(code), "\(name)") { try replace(name) }
    }
    #expect(folder.names == ["folder"])
  }
}
