import Testing

@testable import TraceCapture

/// The texts are those of kernels 5.10 to 7.3.
@Suite struct RestoreRuleTests {
  @Test func whatAFileGivesIsWrittenBack() {
    #expect(RestoreRule.contents.texts(restoring: "function_graph\n") == ["function_graph\n"])
    #expect(RestoreRule.contents.texts(restoring: "0\n") == ["0\n"])
  }

  @Test func theChosenWordIsWrittenBack() {
    #expect(RestoreRule.choice.texts(restoring: "[local] global counter uptime perf mono mono_raw boot tai x86-tsc\n") == ["local\n"])
    #expect(RestoreRule.choice.texts(restoring: "local global counter uptime perf mono mono_raw boot tai [x86-tsc]\n") == ["x86-tsc\n"])
    #expect(RestoreRule.choice.texts(restoring: "local global\n") == nil)
    #expect(RestoreRule.choice.texts(restoring: "local [global\n") == nil)
    #expect(RestoreRule.choice.texts(restoring: "]local[\n") == nil)
    #expect(RestoreRule.choice.texts(restoring: "") == nil)
  }

  @Test func sizes() {
    #expect(RestoreRule.size.texts(restoring: "1410\n") == ["1410\n"])
    #expect(RestoreRule.size.texts(restoring: "7 (expanded: 1408)\n") == ["1408\n"])
    // CPUs with buffers of several sizes: no one number brings them back.
    #expect(RestoreRule.size.texts(restoring: "X\n") == nil)
    #expect(RestoreRule.size.texts(restoring: "") == nil)
  }

  /// A trigger, such as traceoff, stands on it.
  @Test func events() {
    #expect(RestoreRule.event.texts(restoring: "0\n") == ["0\n"] && RestoreRule.event.texts(restoring: "1\n") == ["1\n"])
    #expect(RestoreRule.event.texts(restoring: "0*\n") == ["0\n"] && RestoreRule.event.texts(restoring: "1*\n") == ["1\n"])
    #expect(RestoreRule.event.texts(restoring: "X\n") == nil && RestoreRule.event.texts(restoring: "") == nil)
  }

  /// The kernel shows an address where it has no name any more.
  @Test func functionsThatAreGone() {
    #expect(RestoreRule.functions.texts(restoring: "0xffffffffc05fc014\nvfs_read\n") == ["vfs_read\n"])
    #expect(RestoreRule.functions.isSame("vfs_read\n", as: "0xffffffffc05fc014\nvfs_read\n"))
    #expect(RestoreRule.functions.isSame("#### all functions enabled ####\n", as: ""))
    #expect(!RestoreRule.functions.isSame("vfs_read\n", as: "vfs_read\nvfs_write\n"))
    #expect(RestoreRule.event.isSame("0\n", as: "0*\n") && !RestoreRule.event.isSame("1*\n", as: "0*\n"))
    #expect(!RestoreRule.contents.isSame("0\n", as: "0x1\n") && RestoreRule.contents.isSame("0\n", as: "0\n"))
  }

  @Test func functions() {
    #expect(RestoreRule.functions.texts(restoring: "#### all functions enabled ####\n") == [])
    #expect(RestoreRule.functions.texts(restoring: "#### no functions disabled ####\n") == [])
    #expect(RestoreRule.functions.texts(restoring: "do_init_module\nkvm_init [kvm]\n") == ["do_init_module\n", "kvm_init\n"])
    #expect(RestoreRule.functions.texts(restoring: "") == [])
    // A trigger of the function tracer stands among the functions.
    #expect(
      RestoreRule.functions.texts(restoring: "#### all functions enabled ####\nvfs_read:traceoff:unlimited\n")
        == ["vfs_read:traceoff:unlimited\n"])
  }

  @Test func numbers() {
    #expect(RestoreRule.numbers.texts(restoring: "no pid\n") == [])
    #expect(RestoreRule.numbers.texts(restoring: "") == [])
    #expect(RestoreRule.numbers.texts(restoring: "1\n4711\n") == ["1\n", "4711\n"])
  }

  @Test func expressions() {
    #expect(RestoreRule.expression.texts(restoring: "none\n") == ["0\n"])
    #expect(
      RestoreRule.expression.texts(restoring: "prev_pid == 42 || next_pid == 42\n") == ["prev_pid == 42 || next_pid == 42\n"])
  }
}
