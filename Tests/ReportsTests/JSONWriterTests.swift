import Testing

@testable import Reports

struct JSONWriterTests {
  private func written(pretty: Bool = false, _ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter(pretty: pretty)
    body(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test func keepsTheOrderOfKeys() {
    let text = written {
      $0.object {
        $0.field("b", 1)
        $0.field("a", "x")
        $0.field("none", nil as String?)
        $0.field("list", ["p", "q"])
        $0.field("numbers", [1, 2])
        $0.field("untold", nil as Bool?)
        $0.field("yes", true)
        $0.object("empty") { _ in }
        $0.array("holes") { _ in }
      }
    }
    #expect(text == #"{"b":1,"a":"x","none":null,"list":["p","q"],"numbers":[1,2],"untold":null,"yes":true,"empty":{},"holes":[]}"#)
  }

  @Test func indentsByTwoSpaces() {
    let text = written(pretty: true) {
      $0.object {
        $0.field("a", 1)
        $0.array("b") {
          $0.integer(1)
          $0.object { $0.field("c", 2) }
        }
        $0.array("d") { _ in }
      }
    }
    #expect(text == "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    {\n      \"c\": 2\n    }\n  ],\n  \"d\": []\n}")
  }

  @Test func integersAreExact() {
    let text = written {
      $0.array {
        $0.integer(UInt64.max)
        $0.integer(Int64.min)
        $0.integer(0)
        $0.integer(Int8(-128))
      }
    }
    #expect(text == "[18446744073709551615,-9223372036854775808,0,-128]")
  }

  @Test func escapesWhatJSONAndTerminalsMind() {
    #expect(written { $0.string("a\"b\\c\n\r\t") } == #""a\"b\\c\n\r\t""#)
    #expect(written { $0.string("\u{1B}[31m\u{0}\u{7F}") } == #""\u001b[31m\u0000\u007f""#)
    #expect(written { $0.string("\u{85}\u{2028}\u{2029}\u{202E}") } == #""\u0085\u2028\u2029\u202e""#)
    #expect(written { $0.string("äß→😀") } == "\"äß→😀\"")
  }

  @Test func drainsInPieces() {
    var text = ""
    var json = JSONWriter()
    json.beginArray()
    json.integer(1)
    json.drain(into: &text)
    json.integer(2)
    json.endArray()
    json.drain(into: &text)
    #expect(text == "[1,2]")
  }
}
