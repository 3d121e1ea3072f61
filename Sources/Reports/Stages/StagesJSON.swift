import KVMStages

/// The catalogue as JSON, schema `kvm-inittrace/stages` version 1.
public struct StagesJSON {
  private let query: StagesQuery

  public init(_ query: StagesQuery) { self.query = query }

  public func write(to output: inout some TextOutputStream) {
    let order = query.stages.isEmpty ? query.kernel.flatMap { KernelStages($0, for: query.vendor ?? .intel) } : nil
    var json = JSONWriter(pretty: true)
    json.object { json in
      json.field("schema", "kvm-inittrace/stages")
      json.field("version", 1)
      json.field("kernel", query.kernel?.description)
      json.field("vendor", (query.vendor ?? order?.vendor)?.rawValue)
      json.field("flow", order?.flow.id)
      json.array("stages") { json in
        for stage in order?.present ?? query.listed { write(stage, vendor: order?.vendor, to: &json) }
      }
      json.array("absent") { json in
        guard let order else { return }
        for stage in order.absent { writeAbsence(of: stage, in: order, to: &json) }
      }
    }
    json.newLine()
    json.drain(into: &output)
  }

  private func writeAbsence(of stage: Stage, in order: KernelStages, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", stage.id)
      json.field("reason", stage.absence(on: order.kernel, for: order.vendor))
    }
  }

  private func write(_ stage: Stage, vendor: Vendor?, to json: inout JSONWriter) {
    let forms = vendor.flatMap { vendor in query.kernel.flatMap { stage.form(on: $0, for: vendor) }.map { [$0] } }
    json.object { json in
      json.field("id", stage.id)
      json.field("section", stage.section)
      json.field("title", stage.title)
      json.field("summary", stage.summary)
      json.field("vendors", stage.vendors.map(\.rawValue))
      json.field("successor", stage.successor)
      json.array("forms") { json in
        for form in forms ?? query.forms(of: stage) { write(form, to: &json) }
      }
      json.array("causes") { json in
        for cause in query.causes(of: stage) { write(cause, to: &json) }
      }
    }
  }

  private func write(_ form: StageForm, to json: inout JSONWriter) {
    json.object { json in
      json.field("since", form.versions.since.description)
      json.field("until", form.versions.until?.description)
      json.field("vendors", form.vendors.map(\.rawValue))
      json.field("parents", form.parents)
      json.array("markers") { json in
        for marker in form.markers { write(marker, to: &json) }
      }
      json.field("visibility", form.visibility.rawValue)
      json.field("required", form.presence.isRequired)
      json.field("condition", condition(form.presence))
      json.field("returns", form.failure.returns)
      json.field("logs", form.failure.logs)
      json.field("unwind", form.failure.unwind)
      json.field("ignored", form.failure.isIgnored)
      json.field("note", form.note.isEmpty ? nil : form.note)
      json.field("source", form.source)
    }
  }

  private func condition(_ presence: Presence) -> String? {
    guard case .conditional(let condition) = presence else { return nil }
    return condition
  }

  private func write(_ marker: Marker, to json: inout JSONWriter) {
    json.object { json in
      json.field("function", marker.function)
      json.field("module", marker.module)
      json.field("role", marker.role.rawValue)
      json.field("minimum_calls", marker.minimumCalls)
    }
  }

  private func write(_ cause: Cause, to json: inout JSONWriter) {
    json.object { json in
      json.field("cause", cause.cause)
      json.field("remedy", cause.remedy)
      json.field("errnos", cause.errnos)
      json.field("log_pieces", cause.logPieces)
      json.field("vendors", cause.vendors.map(\.rawValue))
    }
  }
}
