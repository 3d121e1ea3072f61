import KVMStages
import Testing

@testable import Reports

struct QuantityTests {
  @Test(
    arguments: [
      (0, "0 ns"), (999, "999 ns"), (1000, "1.000 µs"), (1234, "1.234 µs"), (12_345, "12.35 µs"), (123_456, "123.5 µs"),
      (999_949, "999.9 µs"), (999_950, "1.000 ms"), (1_234_567, "1.235 ms"), (59_999_999_999, "60.00 s"), (1_234_000_000_000, "1234 s"),
      (UInt64.max, "18446744073 s"),
    ] as [(UInt64, String)])
  func timesHaveFourDigits(nanoseconds: UInt64, text: String) {
    #expect(Quantity.time(nanoseconds) == text)
  }

  @Test(
    arguments: [
      (999, "999 ns"), (1234, "1.23 µs"), (12_345, "12.3 µs"), (123_456, "123 µs"), (999_500, "1.00 ms"), (171_000_000, "171 ms"),
    ] as [(UInt64, String)])
  func lostTimesHaveThree(nanoseconds: UInt64, text: String) {
    #expect(Quantity.time(nanoseconds, digits: 3) == text)
  }

  @Test func countsAreGrouped() {
    #expect(Quantity.count(1_234_567) == "1,234,567")
    #expect(Quantity.count(UInt64.max) == "18,446,744,073,709,551,615")
    #expect(Quantity.count(1, "call") == "1 call")
    #expect(Quantity.count(0, "call") == "0 calls")
  }

  @Test func barsShowTheSmallestShare() {
    let rich = Glyphs(unicode: true)
    let plain = Glyphs(unicode: false)
    #expect(rich.bar(1, of: 1_000_000, cells: 6) == "▏")
    #expect(rich.bar(500, of: 1000, cells: 6) == "███")
    #expect(rich.bar(2000, of: 1000, cells: 6) == "██████")
    #expect(rich.bar(UInt64.max / 2, of: .max, cells: 6).count <= 6)
    #expect(plain.bar(1, of: 1000, cells: 6) == ".")
    #expect(plain.bar(500, of: 1000, cells: 6) == "###")
    #expect(rich.bar(5, of: 0, cells: 6).isEmpty)
  }

  @Test func sumsOfHostileTimesDoNotOverflow() {
    var sum = TimeSum()
    sum.add(.max - 1)
    sum.add(.max - 1)
    sum.add(nil)
    #expect(sum.nanoseconds == .max)
    #expect((sum.measured, sum.unmeasured) == (2, 1))
  }

  @Test func returnValuesAreReadAsC() {
    #expect(ReturnValue(0xFFFF_FFA1).text == "-EOPNOTSUPP")
    #expect(ReturnValue(-95).text == "-EOPNOTSUPP")
    #expect(ReturnValue(-4000).text == "-4000")
    #expect(ReturnValue(1).text == "1")
    #expect(ReturnValue(Int64.min).text == "0x8000000000000000")
  }

  @Test func textWrapsAtSpaces() {
    #expect(Columns.wrapped("aa bb cc", columns: 10) == ["aa bb cc"])
    #expect(Columns.wrapped("aaaaa bbbbb cc", columns: 10) == ["aaaaa", "bbbbb cc"])
    #expect(Columns.wrapped("aaaaaaaaaaaabb cc", columns: 10) == ["aaaaaaaaaa", "aabb cc"])
    #expect(Columns.wrapped("", columns: 10) == [""])
    #expect(Columns.width("日本") == 4)
    #expect(Columns.clipped("kvm_init", to: 5, ellipsis: "…") == "kvm_…")
  }
}
