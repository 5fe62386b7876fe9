import Crypto

/// Bytes that only a key opens, and only where they were sealed for: AES-256-GCM, a fresh nonce for each, the place
/// bound to them as associated data.
///
/// One byte tells the form (1); then 12 bytes of nonce, what is sealed, and 16 bytes of tag.
struct Sealed: Sendable, Equatable {
  let bytes: [UInt8]

  /// Where it belongs: the parts are bound to it, and opening it anywhere else fails.
  struct Place: Sendable {
    fileprivate let parts: [String]

    /// A data key, wrapped: in its row of the table, for its owner, by the master key of this name.
    static func wrapping(of key: UUIDv7, for owner: UUIDv7, by masterKey: String) -> Place {
      Place(parts: ["data_key", "wrapped", key.description, owner.description, masterKey])
    }

    /// A text: of this kind, for this item, under this key of this owner.
    static func content(_ kind: ContentKind, of item: UUIDv7, under key: UUIDv7, for owner: UUIDv7) -> Place {
      Place(parts: ["content", "sealed", kind.code, item.description, key.description, owner.description])
    }

    /// No part can hold the byte that ends each of them, so no two places read alike.
    fileprivate var bytes: [UInt8] { parts.flatMap { Array($0.utf8) + [0] } }
  }

  /// It was sealed for another place or under another key, or was changed.
  struct Damaged: Error {}

  /// As it came out of the database.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Seals bytes.
  init(_ plain: some Sequence<UInt8>, under key: SymmetricKey, for place: Place) throws {
    let box = try AES.GCM.seal(Array(plain), using: key, nonce: AES.GCM.Nonce(), authenticating: place.bytes)
    bytes = [Self.form] + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
  }

  /// - Throws: `Damaged`.
  func open(under key: SymmetricKey, for place: Place) throws(Damaged) -> [UInt8] {
    guard bytes.count > 1 + 12 + 16, bytes[0] == Self.form else { throw Damaged() }
    do {
      let box = try AES.GCM.SealedBox(
        nonce: AES.GCM.Nonce(data: bytes[1..<13]), ciphertext: bytes[13..<(bytes.count - 16)], tag: bytes.suffix(16))
      return Array(try AES.GCM.open(box, using: key, authenticating: place.bytes))
    } catch {
      throw Damaged()
    }
  }

  private static let form: UInt8 = 1
}
