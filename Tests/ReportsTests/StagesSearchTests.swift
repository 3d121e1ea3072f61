import KVMStages
import Reports
import Testing

struct StagesSearchTests {
  @Test func findsByIdAndBySection() {
    #expect(StagesSearch.find("vmcs_config").map(\.id) == ["vmcs_config"])
    #expect(StagesSearch.find("5.3.1.1").map(\.id) == ["vmcs_config"])
    #expect(StagesSearch.find("5.10").map(\.id) == ["syscore_ops", "preempt_ops"])
    #expect(StagesSearch.find("5.13").isEmpty)
  }

  @Test(arguments: [
    ("vmsc_config", "vmcs_config"), ("kvm_irqfd_init", "irqfd_init"), ("misc-register", "misc_register"), ("lapic", "lapic_init"),
    ("/dev/kvm", "misc_register"), ("KVM_INIT", "kvm_init"), ("setup_vmcs_config", "early_vmcs_config"),
  ])
  func suggestsWhatWasMeant(_ typed: String, _ id: String) {
    #expect(StagesSearch.suggestions(for: typed).first == id)
  }

  @Test func suggestsNothingForNonsense() {
    #expect(StagesSearch.suggestions(for: "zzzzzz").isEmpty)
  }
}
