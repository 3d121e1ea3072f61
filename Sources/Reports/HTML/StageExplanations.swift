import KVMStages

/// What the catalogue says of the stages on a page, each once: as `kvm-inittrace stages ID --kernel VERSION --vendor NAME` does.
struct StageExplanations {
  private struct Key: Hashable {
    var stage: String
    var kernel: KernelVersion?
    var vendor: Vendor?
  }

  private var ids: [Key: String] = [:]
  private var queries: [(id: String, query: StagesQuery)] = []
  /// Ids of those that belong on paper, too.
  private var told: Set<String> = []

  /// The id of the explanation of `stage`.
  ///
  /// - Parameters:
  ///   - kernel: nil: of all kernels.
  ///   - isTold: the page tells something of the stage; the others are not printed.
  mutating func id(of stage: Stage, kernel: KernelVersion?, vendor: Vendor?, isTold: Bool) -> String {
    let id = id(of: stage, kernel: kernel, vendor: vendor)
    if isTold { told.insert(id) }
    return id
  }

  private mutating func id(of stage: Stage, kernel: KernelVersion?, vendor: Vendor?) -> String {
    let key = Key(stage: stage.id, kernel: kernel, vendor: vendor)
    if let id = ids[key] { return id }
    let others = ids.keys.count { $0.stage == stage.id }
    let id = "explain-\(Self.plain(stage.id))" + (others > 0 ? "-\(others + 1)" : "")
    ids[key] = id
    queries.append((id, StagesQuery(stages: [stage], kernel: kernel, vendor: vendor)))
    return id
  }

  /// An id without anything that means something else in a link.
  private static func plain(_ id: String) -> String {
    String(id.unicodeScalars.map { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) ? Character($0) : "_" })
  }

  func write(to html: inout HTMLWriter) {
    guard !queries.isEmpty else { return }
    html.element("section", ["class": "explanations", "id": "explanations", "aria-labelledby": "explanations-title"]) { html in
      html.element("h2", ["id": "explanations-title"], "The stages explained")
      for (id, query) in queries { for stage in query.stages { write(stage, id, query, to: &html) } }
    }
  }

  private func write(_ stage: Stage, _ id: String, _ query: StagesQuery, to html: inout HTMLWriter) {
    html.element("section", ["class": told.contains(id) ? "explanation" : "explanation aside", "id": id]) { html in
      html.element("h3", stage.fullTitle)
      html.element("p", stage.summary)
      html.element("p", StagesWording.extent(of: stage))
      if let kernel = query.kernel, let vendor = query.vendor, stage.form(on: kernel, for: vendor) == nil {
        html.element("p", "Linux \(kernel) does not have it: \(stage.absence(on: kernel, for: vendor)).")
      }
      for form in query.forms(of: stage) {
        html.element("h4", StagesWording.heading(of: form, in: stage))
        html.element("dl") { html in
          for fact in StagesWording.facts(of: form) {
            html.element("dt", fact.name)
            html.element("dd", fact.text)
          }
        }
      }
      writeCauses(query.causes(of: stage), to: &html)
    }
  }

  private func writeCauses(_ causes: [Cause], to html: inout HTMLWriter) {
    guard !causes.isEmpty else { return }
    html.element("h4", StagesWording.causesHeading)
    html.element("ol") { html in
      for cause in causes {
        html.element("li") { html in
          html.element("p", StagesWording.whose(cause) + cause.cause + StagesWording.errnos(of: cause))
          html.element("p") { html in
            html.element("strong", "Do: ")
            html.text(cause.remedy)
          }
          if !cause.logPieces.isEmpty { html.element("p", "Log: \(StagesWording.log(of: cause))") }
        }
      }
    }
  }
}
