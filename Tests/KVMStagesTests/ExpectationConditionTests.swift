import KVMStages
import Testing

/// The conditions and limits of expectations.
@Suite struct ExpectationConditionTests {
  @Test(arguments: [
    ("6.12", "6.12.107", true), ("6.12", "6.13", false), ("6.1.20", "6.1.20", true), ("6.1.20", "6.1", false),
    (">=6.3 <6.12", "6.3.0", true),
    (">=6.3 <6.12", "6.11.9", true), (">=6.3 <6.12", "6.12.1", false), ("<=6.12", "6.12.30", true), (">6.12", "6.12.30", false),
    (">6.12", "6.13", true), (">6.1.20", "6.1.21", true), ("!=6.12", "6.12.3", false), ("=5.10, <6", "5.10", false),
  ])
  func kernels(_ condition: String, _ release: String, _ holds: Bool) throws {
    let version = try #require(KernelVersion(release: release))
    #expect((KernelCondition(condition)?.holds(for: version) ?? false) == holds)
  }

  @Test(arguments: ["", "6", ">=", "6.12.1.2", "v6.12", "6.x", ">= 6.12", "6..1", "=>6.1"]) func noKernels(_ text: String) {
    #expect(KernelCondition(text) == nil)
  }

  @Test(arguments: [
    (["*.dat"], "a/b/trace.dat", true), (["b/*"], "a/b/trace.dat", true), (["a/*"], "a/b/trace.dat", false),
    (["a/**"], "a/b/trace.dat", true),
    (["**/trace.dat"], "trace.dat", false), (["6.12-*/trace.dat"], "S/6.12-kvm_amd/trace.dat", true), (["race.dat"], "a/trace.dat", false),
    (["!*-fail/*"], "S/6.12-fail/t.dat", false), (["!*-fail/*"], "S/6.12/t.dat", true), (["S/**", "!*lost*/*"], "S/lost/t.dat", false),
    (["t?ace.dat"], "trace.dat", true), (["\\*.dat"], "x.dat", false), (["\\*.dat"], "*.dat", true), ([], "x", true),
    (["a*b*c*d*e*f*g*h*i*x"], String(repeating: "abcdefghi", count: 2000), false),
  ])
  func paths(_ patterns: [String], _ path: String, _ fits: Bool) { #expect(PathPatterns(patterns).fit(path) == fits) }

  @Test func aLiteralPatternFitsItsPathOnly() {
    for path in ["a/b.dat", "!x.dat", "a*b?.dat", "back\\slash"] {
      #expect(PathPatterns([PathPatterns.literal(path)]).fit(path), "\(path)")
    }
    #expect(!PathPatterns([PathPatterns.literal("a*b")]).fit("axb"))
  }

  @Test(arguments: [
    ("50ms", 50_000_000 as UInt64, "50ms"), ("1.5us", 1500, "1.5us"), ("300ns", 300, "300ns"), ("2s", 2_000_000_000, "2s"),
    ("1500us", 1_500_000, "1.5ms"), ("0.001ms", 1000, "1us"), ("10 µs", 10_000, "10us"),
  ])
  func durations(_ text: String, _ nanoseconds: UInt64, _ shown: String) {
    let limit = TimeLimit(text)
    #expect(limit?.nanoseconds == nanoseconds)
    #expect(limit?.description == shown)
  }

  @Test(arguments: ["50", "", "ms", "-1ms", "1e3ms", "nanms", "infs", "1.2.3s", "99999999999999999999s"]) func noDurations(_ text: String) {
    #expect(TimeLimit(text) == nil)
  }

  @Test func functionsCarryTheirModule() {
    #expect(FunctionPattern("kvm_init [kvm]").module == "kvm")
    #expect(FunctionPattern("kvm_init.isra.0").name == "kvm_init")
    #expect(FunctionPattern("kvm_init").module == nil)
  }
}
