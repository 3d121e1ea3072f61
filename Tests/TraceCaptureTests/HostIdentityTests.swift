import Testing

@testable import TraceCapture

@Suite struct HostIdentityTests {
  private static func hex(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  @Test func derivedAsSystemdDoes() throws {
    let test = try TestMachine()
    try test.write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
    try test.write("/proc/sys/kernel/random/boot_id", "0d9e3b1c-5f0a-4a53-9a57-0f2f6f5f7c11\n")
    let identity = HostIdentity(test.files)
    // systemd-id128 machine-id --app-specific=6813f02a-dc28-4000-b398-6a083be5cd5d, on a machine with this id
    #expect(identity.host == "617ad92ecac24f73af9fa390de6c8cc4")
    #expect(identity.boot == "0d9e3b1c-5f0a-4a53-9a57-0f2f6f5f7c11")
  }

  @Test(arguments: ["", "uninitialized\n", "0123456789abcdef", "g123456789abcdef0123456789abcdef", "00000000000000000000000000000000"])
  func noID(_ text: String) throws {
    let test = try TestMachine()
    try test.write("/etc/machine-id", text)
    #expect(HostIdentity(test.files).host == nil)
    #expect(HostIdentity(try TestMachine().files).host == nil)
  }

  /// The examples of FIPS 180 and RFC 4231.
  @Test func knownHashes() {
    #expect(Self.hex(SHA256.hash(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Self.hex(SHA256.hash([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(Self.hex(SHA256.hash(Array(long.utf8))) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    let code = SHA256.authenticationCode(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
    #expect(Self.hex(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    let wide = SHA256.authenticationCode(
      of: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8), key: [UInt8](repeating: 0xaa, count: 131))
    #expect(Self.hex(wide) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
