import Testing

@testable import Program

@Suite("The file of the master keys")
struct MasterKeysTests {
  private let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

  @Test("A line that was made is read, the first key wraps, the others are known")
  func lines() throws {
    let text = "# of the year\n\n" + MasterKeys.newLine(named: "k2") + "\n" + MasterKeys.newLine(named: "k1") + "\r\n"
    let keys = try MasterKeys(text)
    #expect(keys.names == ["k2", "k1"])
    #expect(keys.current.name == "k2")
    #expect(keys.key(named: "k1") != nil && keys.key(named: "k3") == nil)
  }

  @Test("No two keys are alike")
  func chance() {
    #expect(Set((0..<100).map { _ in MasterKeys.newLine(named: "k") }).count == 100)
  }

  @Test(
    "A fault names its line, and never the key",
    arguments: [
      ("", nil), ("# none\n", nil), ("k1\n", 1), ("\nk1 SECRETSECRET\n", 2),
      ("k1 SECRETAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nK2 SECRETAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1),
      ("k1 SECRETAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA more", 1),
      ("k1 -_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=x", 1),
    ] as [(String, Int?)])
  func faults(text: String, line: Int?) {
    let fault = #expect(throws: MasterKeys.Malformed.self) { try MasterKeys(text) }
    #expect(fault?.line == line)
    #expect(fault.map { !"\($0)".contains("SECRET") && !"\($0)".isEmpty } ?? false)
  }

  @Test("Two keys of one name are refused: which of them was meant?")
  func doubled() {
    let fault = #expect(throws: MasterKeys.Malformed.self) { try MasterKeys("k \(key)\nk \(key)") }
    #expect(fault?.line == 2)
  }

  @Test("Names are what the database takes", arguments: ["k", "2026-11", "a.b_c", String(repeating: "k", count: 63)])
  func names(name: String) { #expect(MasterKeys.isName(name)) }

  @Test("And nothing else", arguments: ["", "K", "-k", ".k", "_k", "k k", "é", String(repeating: "k", count: 64)])
  func noNames(name: String) { #expect(!MasterKeys.isName(name)) }

  @Test("Printed, there are names and no keys")
  func printed() throws {
    let keys = try MasterKeys("k1 \(key)")
    for text in ["\(keys)", String(reflecting: keys)] { #expect(text == "MasterKeys(k1)") }
  }
}
