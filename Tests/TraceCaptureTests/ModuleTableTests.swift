import ModuleFiles
import Testing
import TraceFile

@testable import TraceCapture

@Suite struct ModuleTableTests {
  @Test func loadedModules() throws {
    let test = try TestMachine()
    try test.write(
      "/proc/modules",
      """
      kvm_intel 413696 4 - Live 0xffffffffc0b3a000
      kvm 1396736 1 kvm_intel, Live 0x0000000000000000 (E)
      fixed 4096 1 [permanent], Live 0x0
      pinned 4096 - - Live 0x0
      going 4096 0 - Unloading 0x0
      rubbish
      rubbish x y z w

      """)
    let table = ModuleTable(test.files)
    let intel = try #require(table.modules["kvm_intel"])
    #expect(intel.references == 4 && intel.holders.isEmpty && intel.state == .live)
    #expect(intel.otherReferences == 4)
    let kvm = try #require(table.modules["kvm"])
    #expect(kvm.holders == ["kvm_intel"] && kvm.otherReferences == 0)
    #expect(table.modules["fixed"]?.isPermanent == true)
    #expect(table.modules["pinned"]?.references == nil)
    #expect(table.modules["going"]?.state == .unloading)
    #expect(table.modules.count == 5)
  }

  @Test func parametersAndBuildIDs() throws {
    let test = try TestMachine()
    try test.write("/proc/modules", "kvm_intel 1 0 - Live 0x0\n")
    try test.write("/sys/module/kvm_intel/parameters/nested", "Y\n")
    try test.write("/sys/module/kvm_intel/parameters/ept", "N\n")
    try test.write("/sys/module/kvm_intel/notes/.note.gnu.build-id", note(type: 3, [0xab, 0x01]))
    try test.write("/sys/kernel/notes", note(type: 1, [1, 2, 3], owner: "Xen") + note(type: 3, Array(1...20)))
    let table = ModuleTable(test.files)
    #expect(table.parameters(of: "kvm-intel") == ["nested": "Y", "ept": "N"])
    #expect(table.parameters(of: "kvm") == [:])
    #expect(table.buildID(of: "kvm_intel")?.description == "ab01")
    #expect(table.kernelBuildID?.description == "0102030405060708090a0b0c0d0e0f1011121314")
  }

  @Test func builtInModules() throws {
    let test = try TestMachine()
    try test.write("/proc/modules", "ext4 1 0 - Live 0x0\n")
    try test.makeDirectory("/sys/module/kvm")
    try test.write("/lib/modules/6.12/modules.builtin", "kernel/arch/x86/kvm/kvm-amd.ko\n")
    let files = ModuleFiles(test.files, release: "6.12")
    let table = ModuleTable(test.files)
    #expect(table.presence(of: "kvm", files) == .builtIn)
    #expect(table.presence(of: "kvm-amd", files) == .builtIn)
    #expect(table.presence(of: "kvm_intel", files) == .notLoaded)
  }

  @Test func damagedNotesHaveNoID() {
    let whole = note(type: 3, Array(1...20))
    #expect(BuildID(notes: whole) != nil)
    for count in 0..<whole.count { #expect(BuildID(notes: Array(whole.prefix(count))) == nil) }
    #expect(BuildID(notes: [UInt8](repeating: 0xff, count: 100)) == nil)
    #expect(BuildID(notes: note(type: 3, [])) == nil)
  }

  @Test func moduleFilesOfARelease() throws {
    let test = try TestMachine()
    let lists = """
      kernel/arch/x86/kvm/kvm.ko.xz: kernel/virt/lib/irqbypass.ko.xz
      kernel/arch/x86/kvm/kvm-amd.ko.xz: kernel/drivers/crypto/ccp/ccp.ko.xz kernel/arch/x86/kvm/kvm.ko.xz kernel/virt/lib/irqbypass.ko.xz
      kernel/virt/lib/irqbypass.ko.xz:
      /opt/extra.ko:

      """
    try test.write("/lib/modules/6.12/modules.dep", lists)
    try test.makeDirectory("/lib/modules/6.13")
    let files = ModuleFiles(test.files, release: "6.12")
    #expect(files.hasDirectory && files.hasDependencies)
    #expect(files.installedReleases == ["6.12", "6.13"])
    #expect(files.path(of: "kvm_amd") == "/lib/modules/6.12/kernel/arch/x86/kvm/kvm-amd.ko.xz")
    #expect(files.path(of: "kvm-amd") == files.path(of: "kvm_amd"))
    #expect(files.path(of: "extra") == "/opt/extra.ko")
    #expect(files.path(of: "kvm_intel") == nil)
    #expect(files.dependencies(of: "kvm-amd") == ["irqbypass", "kvm", "ccp"])
    #expect(files.dependencies(of: "irqbypass") == [])
    #expect(files.dependencies(of: "nothing") == nil)
  }

  @Test func releasesWithoutFiles() throws {
    let test = try TestMachine()
    try test.makeDirectory("/lib/modules/6.13")
    #expect(!ModuleFiles(test.files, release: "6.12").hasDirectory)
    let bare = ModuleFiles(test.files, release: "6.13")
    #expect(bare.hasDirectory && !bare.hasDependencies)
    #expect(!ModuleFiles(test.files, release: "..").hasDirectory)
    #expect(!ModuleFiles(test.files, release: "").hasDirectory)
  }
}
