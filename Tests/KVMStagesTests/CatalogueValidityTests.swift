import Testing

@testable import KVMStages

/// The catalogue's rows fit together.
struct CatalogueValidityTests {
  @Test func everySectionOfTheDocumentationIsThere() {
    let expected = [
      "4", "5", "5.1", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.5", "5.1.6", "5.1.7", "5.1.8", "5.2", "5.3", "5.3.1", "5.3.1.1",
      "5.3.1.2", "5.3.1.3", "5.3.1.4", "5.3.2", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "5.10", "5.11", "5.12",
    ]
    let sections = Catalogue.stages.compactMap(\.section)
    #expect(Set(sections) == Set(expected))
    // The documentation treats the syscore and the scheduler callbacks in one section.
    let shared = Dictionary(grouping: Catalogue.stages.filter { $0.section != nil }) { $0.section }.filter { $1.count > 1 }
    #expect(shared.mapValues { $0.map(\.id) } == ["5.10": ["syscore_ops", "preempt_ops"]])
  }

  @Test func seventyStagesWithUniqueNames() {
    #expect(Catalogue.stages.count == 70)
    #expect(Set(Catalogue.stages.map(\.id)).count == 70)
    #expect(Set(Catalogue.stages.map(\.title)).count == 70)
  }

  @Test(arguments: Catalogue.stages.map(\.id)) func formsFitTheStage(_ id: String) throws {
    let stage = try #require(Catalogue.stage(id))
    #expect(!stage.summary.isEmpty && stage.title.count <= 46)
    #expect(!stage.forms.isEmpty)
    for vendor in stage.vendors {
      let forms = stage.forms(for: vendor)
      #expect(!forms.isEmpty, "\(stage.id) has no form for \(vendor)")
      for (old, new) in zip(forms, forms.dropFirst()) {
        let end = old.versions.until
        #expect(end != nil && end! <= new.versions.since, "\(stage.id) overlaps on \(vendor) at \(new.versions)")
      }
    }
    for form in stage.forms {
      #expect(form.vendors.allSatisfy(stage.vendors.contains))
      #expect(form.versions.until.map { $0 > form.versions.since } ?? true)
      #expect(form.markers.isEmpty == (form.visibility == .none), "\(stage.id) \(form.versions)")
      #expect(form.visibility == .none || !form.parents.isEmpty)
      #expect(form.visibility != .none || !form.presence.isRequired)
      #expect(form.source.contains(" in "))
    }
  }

  @Test(arguments: Catalogue.stages.map(\.id)) func functionNamesArePlain(_ id: String) throws {
    let stage = try #require(Catalogue.stage(id))
    func isPlain(_ name: String) -> Bool {
      name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }
    let frees: Set<String> = [
      "kfree", "free_pages", "mutex_unlock", "synchronize_rcu", "module_put", "blocking_notifier_call_chain",
      "kvm_set_posted_intr_wakeup_handler",
    ]
    for form in stage.forms {
      #expect((form.parents + form.markers.map(\.function)).allSatisfy(isPlain))
      for function in form.failure.unwind {
        let name = function.hasPrefix("[") ? String(function.dropFirst().dropLast()) : function
        #expect(isPlain(name) && (Catalogue.unwindFunctions.contains(name) || frees.contains(name)), "\(stage.id): \(function)")
      }
    }
  }

  @Test(arguments: Catalogue.flows.map(\.id)) func ordersNameStagesOfTheirKernels(_ id: String) throws {
    let flow = try #require(Catalogue.flows.first { $0.id == id })
    for (vendor, order) in flow.order {
      #expect(Set(order).count == order.count, "\(flow.id) names a stage twice")
      for id in order {
        let forms = Catalogue.stage(id)?.forms(for: vendor) ?? []
        let fits = forms.contains { form in
          flow.ranges.contains { range in
            (form.versions.until.map { range.since < $0 } ?? true) && (range.until.map { form.versions.since < $0 } ?? true)
          }
        }
        #expect(fits, "\(flow.id): \(id) is in none of its kernels on \(vendor)")
      }
      for move in flow.moves where order.contains(move.stage) {
        #expect(move.before.map(order.contains) ?? true)
      }
    }
  }

  @Test(arguments: Vendor.allCases) func everyStageThatAKernelHasIsInItsFlow(_ vendor: Vendor) throws {
    for text in [
      "5.4.59", "5.10.262", "5.15.100", "6.1.10", "6.1.18", "6.1.192", "6.2.0", "6.3.8", "6.6.17", "6.12.107", "6.18.2", "7.3.4",
    ] {
      let version = try #require(KernelVersion(release: text))
      guard let flow = Catalogue.flow(on: version, for: vendor) else { continue }
      let listed = Set(flow.stages(on: version, for: vendor).map(\.id))
      let present = Set(Catalogue.stages.filter { $0.form(on: version, for: vendor) != nil }.map(\.id))
      #expect(present.subtracting(listed).subtracting(["hardware_enable_cpu"]).isEmpty, "\(text) on \(vendor)")
    }
  }

  @Test func everyKernelHasOneFlow() throws {
    for minor in [(4, 19), (5, 4), (5, 10), (5, 15), (6, 1), (6, 2), (6, 3), (6, 11), (6, 12), (6, 17), (6, 18), (7, 0), (7, 1), (7, 3)] {
      let version = KernelVersion(minor.0, minor.1, 20)
      for vendor in [Vendor.intel, .amd, .arm64] {
        let flows = Catalogue.flows.filter { $0.order[vendor] != nil && $0.ranges.contains { $0.contains(version) } }
        #expect(flows.count == 1, "\(version) on \(vendor): \(flows.map(\.id))")
      }
    }
  }
}
