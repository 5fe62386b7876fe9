import Crypto
import Testing

@testable import Program

@Suite("What is sealed")
struct SealedTests {
  private let key = SymmetricKey(size: .bits256)
  private let item = UUIDv7()
  private let owner = UUIDv7()
  private let keyID = UUIDv7()
  private let words = Array("Een zin die niemand anders leest.".utf8)

  private var place: Sealed.Place { .content(.reflection, of: item, under: keyID, for: owner) }

  @Test("It opens where and for what it was sealed")
  func opens() throws {
    #expect(try Sealed(words, under: key, for: place).open(under: key, for: place) == words)
  }

  @Test("The same words are sealed into other bytes each time")
  func nonces() throws {
    let all = try (0..<500).map { _ in try Sealed(words, under: key, for: place).bytes }
    #expect(Set(all.map { Array($0[1..<13]) }).count == 500)
  }

  @Test("Whichever bit is flipped, it does not open")
  func flipped() throws {
    let bytes = try Sealed(words, under: key, for: place).bytes
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        #expect(throws: Sealed.Damaged.self) { try Sealed(changed).open(under: key, for: place) }
      }
    }
  }

  @Test("However short or long it is made, it does not open")
  func cut() throws {
    let bytes = try Sealed(words, under: key, for: place).bytes
    for count in 0..<bytes.count {
      #expect(throws: Sealed.Damaged.self) { try Sealed(Array(bytes.prefix(count))).open(under: key, for: place) }
    }
    #expect(throws: Sealed.Damaged.self) { try Sealed(bytes + [0]).open(under: key, for: place) }
  }

  @Test("Of another kind, for another item, owner or key it does not open")
  func elsewhere() throws {
    let sealed = try Sealed(words, under: key, for: place)
    let places: [Sealed.Place] = [
      .content(.learningQuestion, of: item, under: keyID, for: owner),
      .content(.reflection, of: UUIDv7(), under: keyID, for: owner),
      .content(.reflection, of: item, under: UUIDv7(), for: owner),
      .content(.reflection, of: item, under: keyID, for: UUIDv7()),
      .wrapping(of: keyID, for: owner, by: "reflection"),
    ]
    for other in places {
      #expect(throws: Sealed.Damaged.self) { try sealed.open(under: key, for: other) }
    }
    #expect(throws: Sealed.Damaged.self) { try sealed.open(under: SymmetricKey(size: .bits256), for: place) }
  }

  @Test("A wrapped key opens for its owner under its master key, and for nobody under another")
  func wrapping() throws {
    let keys = try MasterKeys(MasterKeys.newLine(named: "a") + "\n" + MasterKeys.newLine(named: "b"))
    let dataKey = DataKey(for: owner)
    let wrapped = try dataKey.wrapped(with: keys)
    #expect(wrapped.sealed.bytes.count == 61, "as data_key_wrapped_length says")
    let text = Plaintext(.reflection, Draft.empty.with("text", "Een zin."))
    let sealed = try dataKey.seal(text, of: item)
    #expect(try DataKey(wrapped, with: keys).open(sealed, .reflection, of: item).bytes == text.bytes)

    let stranger = DataKey.Wrapped(id: wrapped.id, owner: UUIDv7(), masterKey: "a", sealed: wrapped.sealed)
    #expect(throws: ContentFault.damagedKey(wrapped.id)) { try DataKey(stranger, with: keys) }
    let another = DataKey.Wrapped(id: UUIDv7(), owner: owner, masterKey: "a", sealed: wrapped.sealed)
    #expect(throws: ContentFault.damagedKey(another.id)) { try DataKey(another, with: keys) }
    let renamed = DataKey.Wrapped(id: wrapped.id, owner: owner, masterKey: "b", sealed: wrapped.sealed)
    #expect(throws: ContentFault.damagedKey(wrapped.id)) { try DataKey(renamed, with: keys) }
    let unknown = DataKey.Wrapped(id: wrapped.id, owner: owner, masterKey: "c", sealed: wrapped.sealed)
    #expect(throws: ContentFault.unknownMasterKey("c")) { try DataKey(unknown, with: keys) }
  }

  @Test("Nothing prints a text")
  func printed() {
    let text = Plaintext(.learningQuestion, Draft.empty.with("text", "GEHEIM"))
    var dumped = ""
    dump(text, to: &dumped)
    for printed in ["\(text)", String(reflecting: text), dumped, "\(Optional(text) as Any)"] {
      #expect(!printed.contains("GEHEIM"), "\(printed)")
    }
  }

  @Test("A text is kept in Unicode's composed form")
  func composed() {
    let text = Plaintext(.learningQuestion, Draft.empty.with("text", "e\u{301}e\u{301}n"))
    #expect(String(decoding: text.bytes, as: UTF8.self).unicodeScalars.count == #"{"text":"één"}"#.unicodeScalars.count)
  }
}
