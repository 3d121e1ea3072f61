/// Checks of a machine as JSON, schema `kvm-inittrace/doctor` version 1.
public enum ChecksJSON {
  /// What the machine is; nil for what is not known.
  public struct Machine: Sendable, Hashable {
    /// `uname -r` and `uname -m`.
    public var kernel: String?
    public var machine: String?
    public var cpu: String?
    public var microcode: String?
    /// The module that a recording loads.
    public var module: String?

    public init(kernel: String?, machine: String?, cpu: String?, microcode: String?, module: String?) {
      self.kernel = kernel
      self.machine = machine
      self.cpu = cpu
      self.microcode = microcode
      self.module = module
    }
  }

  public static func write(_ rows: [CheckRow], machine: Machine, to output: inout some TextOutputStream) {
    var json = JSONWriter(pretty: true)
    json.object { json in
      json.field("schema", "kvm-inittrace/doctor")
      json.field("version", 1)
      json.field("kernel", machine.kernel)
      json.field("machine", machine.machine)
      json.field("cpu", machine.cpu)
      json.field("microcode", machine.microcode)
      json.field("module", machine.module)
      json.array("checks") { json in
        for row in rows { write(row, to: &json) }
      }
    }
    json.newLine()
    json.drain(into: &output)
  }

  private static func write(_ row: CheckRow, to json: inout JSONWriter) {
    json.object { json in
      json.field("name", row.name)
      json.field("status", row.status.rawValue)
      json.field("found", row.found)
      json.field("remedy", row.remedy)
    }
  }
}
