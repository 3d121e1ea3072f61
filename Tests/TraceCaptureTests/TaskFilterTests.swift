import Glibc
import Testing
import TraceFile

@testable import TraceCapture

@Suite struct TaskFilterTests {
  private typealias Record = (event: RingPages.Event, pid: Int32)

  private let machine: TestMachine

  init() throws { machine = try TestMachine() }

  /// The records of each CPU that stay, as `event PID`.
  private func kept(_ cpus: [[[UInt8]]], command: Int32?) throws -> [String] { try filtered(cpus, command: command).kept }

  private func filtered(_ cpus: [[[UInt8]]], command: Int32?) throws -> (kept: [String], hasLoaded: Bool?) {
    let format = try RingPages.format()
    var pages: [SpooledPages] = []
    defer { for cpu in pages { close(cpu.descriptor) } }
    for (cpu, records) in cpus.enumerated() {
      try machine.write("/cpu\(cpu)", RingPages.page(time: 1000, records))
      let path = machine.files.path("/cpu\(cpu)")
      pages.append(SpooledPages(cpu: cpu, descriptor: open(path, O_RDONLY), size: RingPages.pageSize, path: path))
    }
    let filter = try TaskFilter(pages, format: format, command: command)
    let list = List()
    _ = try PageScan(pages, format: format) { event in
      guard filter.keeps(event) else { return false }
      list.items.append("\(RingPages.Event(rawValue: event.id).map { "\($0)" } ?? "?") \(event.pid)")
      return true
    }
    return (list.items, filter.hasLoaded)
  }

  private final class List: @unchecked Sendable {
    // Written by the one thread that scans.
    var items: [String] = []
  }

  private static let function: UInt64 = 0xffff_ffff_8100_0000

  private static func call(_ pid: Int32) -> [[UInt8]] {
    [
      RingPages.record(.enter, pid: pid, function, UInt32(0)),
      RingPages.record(.leave, pid: pid, function, UInt32(0), UInt32(0), UInt64(1), UInt64(2)),
    ]
  }

  @Test func otherLoadersAreDropped() throws {
    let other = Self.call(77) + [RingPages.record(.moduleLoad, pid: 77, Int64(0)), RingPages.record(.finitModule, pid: 77, Int64(0))]
    let own = Self.call(42) + [RingPages.record(.moduleLoad, pid: 42, Int64(0)), RingPages.record(.finitModule, pid: 42, Int64(0))]
    let expected = ["enter 42", "leave 42", "moduleLoad 42", "finitModule 42"]
    #expect(try kept([other + own], command: 42) == expected)
    #expect(try kept([own, other], command: 42) == expected)
    // Its system call alone tells that a task has loaded something.
    #expect(try kept([own + Self.call(77) + [RingPages.record(.finitModule, pid: 77, Int64(-17))]], command: 42) == expected)
    #expect(try kept([other + own], command: nil).count == 8)
  }

  /// A system call alone has not loaded anything: it fails when somebody else was sooner.
  @Test func whetherTheCommandHasLoadedSomething() throws {
    func hasLoaded(_ records: [[UInt8]], command: Int32? = 42) throws -> Bool? { try filtered([records], command: command).hasLoaded }
    let other = [RingPages.record(.moduleLoad, pid: 77, Int64(0))]
    #expect(try hasLoaded([RingPages.record(.finitModule, pid: 42, Int64(-17))] + other) == false)
    #expect(try hasLoaded([RingPages.record(.moduleLoad, pid: 42, Int64(0))]) == true)
    let child = [RingPages.record(.fork, pid: 42, Int32(42), Int32(43)), RingPages.record(.moduleLoad, pid: 43, Int64(0))]
    #expect(try hasLoaded(child + other) == true)
    #expect(try hasLoaded(other, command: nil) == nil)
  }

  @Test func childrenOfTheCommandStay() throws {
    let loads = [43, 44, 50].flatMap { Self.call($0) + [RingPages.record(.finitModule, pid: $0, Int64(0))] }
    let forks = [
      // The grandchild's CPU stands first.
      RingPages.record(.fork, pid: 43, Int32(43), Int32(44)), RingPages.record(.fork, pid: 42, Int32(42), Int32(43)),
      RingPages.record(.fork, pid: 1, Int32(1), Int32(50)),
    ]
    #expect(
      try kept([forks + loads], command: 42) == [
        "fork 43", "fork 42", "enter 43", "leave 43", "finitModule 43", "enter 44", "leave 44", "finitModule 44",
      ])
  }

  /// `cpuhp` threads, and idle tasks that a function-call interrupt found.
  @Test func thoseWhoServedStay() throws {
    let records =
      Self.call(0) + Self.call(20)
      + [
        RingPages.record(.hotplug, pid: 20, Int64(0)), RingPages.record(.hotplug, pid: 21, Int64(0)),
        RingPages.record(.hotplug, pid: 77, Int64(0)), RingPages.record(.moduleLoad, pid: 77, Int64(0)),
      ]
    #expect(try kept([records], command: 42) == ["enter 0", "leave 0", "enter 20", "leave 20", "hotplug 20"])
  }

  /// A task that unloads another module, while a function-call interrupt of KVM finds it on its CPU.
  @Test func theModulesOfThoseWhoServedAreDropped() throws {
    let records = Self.call(77) + [RingPages.record(.hotplug, pid: 77, Int64(0)), RingPages.record(.moduleFree, pid: 77, Int32(0))]
    #expect(
      try kept([records + [RingPages.record(.moduleFree, pid: 42, Int32(0))]], command: 42) == [
        "enter 77", "leave 77", "hotplug 77", "moduleFree 42",
      ])
  }

  @Test func theKernelLogStays() throws {
    let records = [
      RingPages.record(.console, pid: 77, Int64(0)), RingPages.record(.console, pid: 0, Int64(0)),
      RingPages.record(.finitModule, pid: 77, Int64(0)),
    ]
    #expect(try kept([records], command: 42) == ["console 77", "console 0"])
  }

  @Test func switchesToTheCommandStay() throws {
    let records = [
      RingPages.record(.taskSwitch, pid: 0, Int32(0), Int32(42)), RingPages.record(.taskSwitch, pid: 42, Int32(42), Int32(0)),
      RingPages.record(.taskSwitch, pid: 0, Int32(0), Int32(99)),
    ]
    #expect(try kept([records], command: 42) == ["taskSwitch 0", "taskSwitch 42"])
  }
}
