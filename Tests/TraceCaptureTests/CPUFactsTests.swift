import KVMStages
import Testing

@testable import TraceCapture

@Suite struct CPUFactsTests {
  private func facts(_ cpuinfo: String, online: String? = nil, machine: String = "x86_64") throws -> CPUFacts {
    let test = try TestMachine()
    try test.write("/proc/cpuinfo", cpuinfo)
    if let online {
      try test.write("/sys/devices/system/cpu/online", online + "\n")
      try test.write("/sys/devices/system/cpu/possible", "0-7\n")
    }
    return CPUFacts(test.files, machine: machine)
  }

  @Test func intel() throws {
    let text = """
      processor\t: 0
      vendor_id\t: GenuineIntel
      model name\t: Intel(R) Core(TM) Ultra 7 155H
      microcode\t: 0x1f
      flags\t\t: fpu vme vmx smx
      vmx flags\t: vnmi preemption_timer

      processor\t: 1
      vendor_id\t: Other
      """
    let facts = try facts(text, online: "0-3,6")
    #expect(facts.vendorName == "GenuineIntel")
    #expect(facts.modelName == "Intel(R) Core(TM) Ultra 7 155H")
    #expect(facts.microcode == "0x1f")
    #expect(facts.hasVMX && !facts.hasSVM && !facts.hasHypervisorFlag)
    #expect(facts.hasVirtualization == true)
    #expect(facts.online == 5 && facts.possible == 8)
    #expect(facts.vendor == .intel)
  }

  @Test(arguments: [
    ("GenuineIntel", Vendor.intel), ("CentaurHauls", .intel), ("  Shanghai  ", .intel), ("AuthenticAMD", .amd), ("HygonGenuine", .amd),
  ]) func vendors(_ name: String, _ vendor: Vendor) throws {
    #expect(try facts("processor\t: 0\nvendor_id\t: \(name)\n").vendor == vendor)
  }

  @Test func unknownVendorAndNoFile() throws {
    #expect(try facts("vendor_id\t: MisterVendor\n").vendor == nil)
    #expect(try facts("vendor_id\t: MisterVendor\nflags\t: fpu vmx\n").vendor == .intel)
    #expect(try facts("vendor_id\t: MisterVendor\nflags\t: fpu svm\n").vendor == .amd)
    let nothing = CPUFacts(try TestMachine().files, machine: "x86_64")
    #expect(nothing.vendor == nil && nothing.online == 1 && nothing.possible == nil && nothing.hasVirtualization == nil)
  }

  @Test func arm64HasNoModelName() throws {
    let facts = try facts("processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n", machine: "aarch64")
    #expect(facts.vendor == .arm64)
    #expect(facts.modelName == "implementer 0x41, part 0xd4f")
    #expect(facts.hasVirtualization == nil)
  }

  @Test(arguments: [("rv64imafdch_zicbom_zicboz", true), ("rv64imafdc_zihpm_sstc", false), ("rv32imafdch", false)])
  func riscvTellsTheHypervisorExtension(_ isa: String, _ isThere: Bool) throws {
    let facts = try facts("processor\t: 0\nhart\t\t: 0\nisa\t\t: \(isa)\n", machine: "riscv64")
    #expect(facts.vendor == .riscv)
    #expect(facts.hasVirtualization == isThere)
  }

  @Test(arguments: [
    ("0", 1), ("0-7", 8), ("0-3,8,10-11", 7), ("", 0), ("3-1", 0), ("0-99999999999999999999", 0), ("-", 0), ("0-1-2", 0),
    ("0-65535,0-65535", 65536),
  ]) func lists(_ text: String, _ count: Int) { #expect(CPUList(text).count == count) }
}
