/// Index of a traced function in a recording's `functions`.
public struct FunctionID: Hashable, Sendable {
  public var index: UInt32

  @inlinable
  public init(index: UInt32) { self.index = index }
}

/// Why a name that a symbol source gave for an address is not believed.
///
/// A doubtful name is shown as such and never used as evidence.
public enum NameDoubt: String, Sendable, Hashable {
  /// The symbol table lists the name twice (a defect of the kernel's saved `__init` symbols): one of the entries stands for a
  /// function that is left out.
  case duplicatedSymbol
  /// The address lies near the symbol, but not where this kernel's functions are entered: the symbol of the function itself is gone.
  case notAtEntry
  /// The name contradicts the call tree, for example a KVM function where another module's init function ran.
  case contradictsTree
}

/// A traced function: its address where the trace has addresses, and its name where that is known.
public struct Function: Sendable, Hashable {
  /// Address of the traced call site, or nil in a trace that holds names only (text).
  public var address: UInt64?
  /// The name, or nil when no symbol source gives a name that lies at the function's entry.
  public var name: String?
  /// The kernel module that holds the function (`kvm`, `kvm_intel`), or nil for the kernel image and for unresolved functions.
  public var module: String?
  /// Set when the name must not be used as evidence.
  public var doubt: NameDoubt?
  /// What the function's calls stand for in the account of time.
  public var kind: FunctionKind

  public init(address: UInt64?, name: String?, module: String? = nil, doubt: NameDoubt? = nil) {
    self.address = address
    self.name = name
    self.module = module
    self.doubt = doubt
    self.kind = name.map(FunctionKind.init(name:)) ?? .ordinary
  }

  /// Bytes between a function's symbol and the place at which it is traced, at most: an `endbr64`, patchable entries.
  package static let entryReach: UInt64 = 15

  /// The name if it may be used as evidence, else nil.
  public var trustedName: String? { doubt == nil ? name : nil }

  /// `0xffffffffc05fc014`, or nil where the trace does not tell the address.
  public var shownAddress: String? { address?.hex }

  /// The text a reader sees: `kvm_init [kvm]`, `0xffffffffc05fc014`, `0xffffffffc05fc014 (svm_get_interrupt_shadow?)`.
  public var displayName: String {
    guard let name else { return shownAddress ?? "?" }
    if doubt != nil { return (shownAddress ?? "?") + " (\(name)?)" }
    return module.map { "\(name) [\($0)]" } ?? name
  }
}
