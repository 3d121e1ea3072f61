import KVMStages
import Reports
import Testing

/// The catalogue for programs and as a document.
struct StagesFormatTests {
  @Test func jsonOfOneStage() throws {
    var text = ""
    StagesJSON(StagesQuery(stages: [try #require(Catalogue.stage("lapic_init"))], vendor: .amd)).write(to: &text)
    #expect(
      text == """
        {
          "schema": "kvm-inittrace/stages",
          "version": 1,
          "kernel": null,
          "vendor": "amd",
          "flow": null,
          "stages": [
            {
              "id": "lapic_init",
              "section": "5.1.8",
              "title": "Local APIC init",
              "summary": "Set up switches that make the common case of an enabled local APIC fast.",
              "vendors": [
                "intel",
                "amd"
              ],
              "successor": null,
              "forms": [
                {
                  "since": "4.19",
                  "until": "5.12",
                  "vendors": [],
                  "parents": [
                    "kvm_arch_init"
                  ],
                  "markers": [
                    {
                      "function": "kvm_lapic_init",
                      "module": "kvm",
                      "role": "self",
                      "minimum_calls": 1
                    }
                  ],
                  "visibility": "call",
                  "required": true,
                  "condition": null,
                  "returns": [],
                  "logs": [],
                  "unwind": [],
                  "ignored": false,
                  "note": "kvm_lapic_exit still exists in later kernels.",
                  "source": "arch/x86/kvm/x86.c:7947 (kvm_arch_init) in 5.11.0"
                }
              ],
              "causes": []
            }
          ],
          "absent": []
        }

        """)
  }

  @Test func jsonOfAKernelNamesItsFlow() {
    var text = ""
    StagesJSON(StagesQuery(kernel: "6.12.107")).write(to: &text)
    #expect(text.contains("\n  \"kernel\": \"6.12.107\",\n  \"vendor\": \"intel\",\n  \"flow\": \"virt-at-load\",\n"))
    #expect(text.contains("\"id\": \"lapic_init\",\n      \"reason\": \"removed in 5.12\""))
  }

  @Test func theDocumentIsFresh() throws {
    var expected = ""
    StagesMarkdown(StagesQuery()).write(to: &expected)
    #expect(try TextFile.read("Docs/Stages.md") == expected, "Docs/Stages.md is not what the catalogue says: run scripts/generate-docs")
  }

  @Test func markdownLinksReachTheirStages() {
    var text = ""
    StagesMarkdown(StagesQuery()).write(to: &text)
    for stage in Catalogue.stages {
      #expect(text.contains("[\(stage.id)](#\(stage.id))") && text.contains("\n### \(stage.id)\n"))
    }
  }
}
