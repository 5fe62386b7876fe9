import Crypto

/// The key under which the content of one teacher, or of one school, is sealed.
struct DataKey: Sendable {
  let id: UUIDv7
  /// The person or the school for whom it was made; two entries of one person may have been merged since.
  let owner: UUIDv7
  fileprivate let key: SymmetricKey

  /// A new one.
  init(for owner: UUIDv7) {
    id = UUIDv7()
    self.owner = owner
    key = SymmetricKey(size: .bits256)
  }

  /// Unwraps one.
  /// - Throws: `ContentFault`: the master key is missing, or the wrapping is not what was written.
  init(_ wrapped: Wrapped, with keys: MasterKeys) throws(ContentFault) {
    guard let masterKey = keys.key(named: wrapped.masterKey) else { throw .unknownMasterKey(wrapped.masterKey) }
    do {
      let bytes = try wrapped.sealed.open(under: masterKey, for: wrapped.place)
      key = SymmetricKey(data: bytes)
    } catch {
      throw .damagedKey(wrapped.id)
    }
    (id, owner) = (wrapped.id, wrapped.owner)
  }

  /// Wraps it with the first of the master keys.
  func wrapped(with keys: MasterKeys) throws -> Wrapped {
    let current = keys.current
    let place = Sealed.Place.wrapping(of: id, for: owner, by: current.name)
    let sealed = try key.withUnsafeBytes { try Sealed(Array($0), under: current.key, for: place) }
    return Wrapped(id: id, owner: owner, masterKey: current.name, sealed: sealed)
  }

  /// Seals a text for an item.
  func seal(_ text: Plaintext, of item: UUIDv7) throws -> Sealed {
    try Sealed(text.bytes, under: key, for: .content(text.kind, of: item, under: id, for: owner))
  }

  /// Opens what was sealed for this item.
  /// - Throws: `ContentFault`.
  func open(_ sealed: Sealed, _ kind: ContentKind, of item: UUIDv7) throws(ContentFault) -> Plaintext {
    do {
      return Plaintext(
        kind: kind, bytes: try sealed.open(under: key, for: .content(kind, of: item, under: id, for: owner)))
    } catch {
      throw .damaged(kind, item)
    }
  }

  /// A data key as the database keeps it.
  struct Wrapped: Sendable {
    let id: UUIDv7
    let owner: UUIDv7
    let masterKey: String
    let sealed: Sealed

    fileprivate var place: Sealed.Place { .wrapping(of: id, for: owner, by: masterKey) }
  }
}

extension DataKey: CustomStringConvertible {
  /// Which one, and nothing of it.
  var description: String { "DataKey(\(id))" }
}
