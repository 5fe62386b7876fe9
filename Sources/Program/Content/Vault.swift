import Crypto
import Postgres

/// The way to content: what goes into the database is sealed before it goes, and opened after it came. Who may read and
/// who may write, the database judges; the vault has the keys.
public struct Vault: Sendable {
  private let keys: MasterKeys?
  /// Derived of the first master key; nil where there is none.
  private let veilKey: SymmetricKey?
  private let database: Database

  /// - Parameters:
  ///   - keys: nil where the server has none: everything then throws `ContentFault.noMasterKeys`.
  ///   - database: logged in as `beeld_app`.
  public init(_ keys: MasterKeys?, database: Database) {
    self.keys = keys
    self.database = database
    veilKey = keys.map {
      HKDF<SHA256>.deriveKey(
        inputKeyMaterial: $0.current.key, info: Array("command".utf8), outputByteCount: SHA256.byteCount)
    }
  }

  /// What a text is to replace.
  public enum Known: Sendable, Equatable {
    /// There is none yet.
    case first
    /// Whichever there is.
    case any
    /// Whichever there is, or none.
    case anyOrNone
    case version(Int)
  }

  /// A text with its version.
  public struct Opened: Sendable {
    public let version: Int
    public let text: Plaintext
  }

  /// Reads a text. That of another is written into the audit first, and so this goes by the write lane.
  /// - Parameter request: the id of the request, for the audit.
  /// - Returns: nil when the answer had no row.
  /// - Throws: `PostgresError`, with `BE404` when there is none for this identity; `ContentFault`.
  public func read(_ kind: ContentKind, of item: UUIDv7, as identity: Identity, request: String) async throws -> Opened?
  {
    let keys = try masterKeys()
    let segment = Segment(Self.reading(kind, item), after: [identity.identify(), Self.name(.text(request))])
    return try Self.open(try await readTwice(segment), kind, of: item, with: keys)
  }

  /// Writes texts of one item and does what belongs to them, as one transaction.
  /// - Parameters:
  ///   - texts: of kinds that the item has.
  ///   - item: its id; where `follows`, it may be made by what `perform` does after the acts.
  ///   - school: whose they are, where the item of a school is made with them.
  ///   - perform: sends the acts it is given, in the order given. Called again, with other acts, when another key than
  ///     the one that they were sealed under is by then their owner's.
  /// - Throws: what `perform` throws; `ContentFault`.
  public func write<Outcome: Sendable>(
    _ texts: [Plaintext], of item: UUIDv7, replacing known: Known = .any, follows: Bool = false,
    school: UUIDv7? = nil, as identity: Identity,
    _ perform: @Sendable ([BoundStatement]) async throws -> Outcome
  ) async throws -> Outcome {
    func acts() async throws -> [BoundStatement] {
      try await writing(texts, of: item, replacing: known, follows: follows, school: school, as: identity)
    }
    for _ in 1..<Self.attempts {
      let acts = try await acts()
      do {
        return try await perform(acts)
      } catch PostgresError.server(let error) where error.isOtherKey {
        continue
      }
    }
    return try await perform(try await acts())
  }

  /// The acts that write texts of one item, one for each. Two first texts of one owner may be written at once: `write`
  /// tries again then.
  private func writing(
    _ texts: [Plaintext], of item: UUIDv7, replacing known: Known, follows: Bool, school: UUIDv7?,
    as identity: Identity
  ) async throws -> [BoundStatement] {
    guard let kind = texts.first?.kind else { return [] }
    let keys = try masterKeys()
    let (key, wrapped) = try await dataKey(for: kind, of: item, school, identity, with: keys)
    return try texts.map { text in
      Self.write(
        .text(text.kind.code), .text(item.description), known.parameter, .bool(follows), .text(key.id.description),
        .optional(wrapped?.masterKey), wrapped.map { .binary($0.sealed.bytes) } ?? .null,
        .binary(try key.seal(text, of: item).bytes))
    }
  }

  /// A command that writes a text into an item that is there, and answers with the text as it is now.
  public func replacing(_ kind: ContentKind, of item: UUIDv7, by acts: [BoundStatement], status: Int) -> Command {
    Command(acts, on: item.description, status: status) { _ in Self.reading(kind, item) }
  }

  /// What a command answered that wrote a text.
  public func opened(_ done: Command.Done, _ kind: ContentKind, of item: UUIDv7) throws -> Opened? {
    try Self.open(done.rows, kind, of: item, with: try masterKeys())
  }

  /// A mark of bytes that hold a text, by which only the server can try a guess: for the hash of a command.
  public func veil(_ bytes: [UInt8]) throws(ContentFault) -> [UInt8] {
    guard let veilKey else { throw .noMasterKeys }
    return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: veilKey))
  }

  /// Two first writes of one owner meet once; a third attempt is for a key that was destroyed in between.
  private static let attempts = 3
}

extension Vault {
  private func masterKeys() throws(ContentFault) -> MasterKeys {
    guard let keys else { throw .noMasterKeys }
    return keys
  }

  /// The key to seal under: the owner's, or a new one with its wrapping.
  private func dataKey(
    for kind: ContentKind, of item: UUIDv7, _ school: UUIDv7?, _ identity: Identity, with keys: MasterKeys
  ) async throws -> (DataKey, DataKey.Wrapped?) {
    let question = Self.sealing(.text(kind.code), .text(item.description), .optional(school?.description))
    let rows = try await database.read(Segment(question, after: [identity.identify(for: .write)]))
    guard rows.count == 1, let owner = rows.string(0, 0).flatMap({ UUIDv7($0) }) else {
      throw PostgresError.decoding(column: "owner_id", row: 0, expected: "an id")
    }
    if let wrapped = try DataKey.Wrapped(rows, from: 1) { return (try DataKey(wrapped, with: keys), nil) }
    let key = DataKey(for: owner)
    return (key, try key.wrapped(with: keys))
  }

  private static func open(_ rows: Rows, _ kind: ContentKind, of item: UUIDv7, with keys: MasterKeys) throws -> Opened?
  {
    guard rows.count == 1, let version = try rows.int(0, 0), let sealed = try rows.bytea(0, 1),
      let wrapped = try DataKey.Wrapped(rows, from: 2)
    else { return nil }
    return Opened(version: version, text: try DataKey(wrapped, with: keys).open(Sealed(sealed), kind, of: item))
  }

  /// Read once more when the connection broke: it may be in the audit twice then, which is no untruth.
  private func readTwice(_ segment: Segment) async throws -> Rows {
    do {
      return try await database.write(segment)
    } catch PostgresError.connectionLost(outcome: .unknown) {
      return try await database.write(segment)
    }
  }

  private static func reading(_ kind: ContentKind, _ item: UUIDv7) -> BoundStatement {
    read(.text(kind.code), .text(item.description))
  }

  private static let read = Statement(
    "select version, sealed, data_key_id, bound_to, master_key, wrapped from app.read_content($1, $2)")
  private static let write = Statement("select app.write_content($1, $2, $3, $4, $5, $6, $7, $8)")
  private static let sealing = Statement(
    "select owner_id, id, bound_to, master_key, wrapped from app.sealing_key($1, $2, $3)")
  private static let name = Statement("select set_config('app.request_id', $1, true)")

  /// For the benchmark: what a text takes beside its command.
  public static let statements = (key: sealing, write: write)
}

extension Vault.Known {
  fileprivate var parameter: Parameter {
    switch self {
    case .first: .int(0)
    case .any: .null
    case .anyOrNone: .int(-1)
    case .version(let number): .int(number)
    }
  }
}

extension DataKey.Wrapped {
  /// Columns from `column` on: id, bound_to, master_key, wrapped. Nil where there is none.
  init?(_ rows: Rows, _ row: Int = 0, from column: Int) throws {
    guard let id = rows.string(row, column).flatMap({ UUIDv7($0) }),
      let owner = rows.string(row, column + 1).flatMap({ UUIDv7($0) }),
      let masterKey = rows.string(row, column + 2), let wrapped = try rows.bytea(row, column + 3)
    else { return nil }
    self.init(id: id, owner: owner, masterKey: masterKey, sealed: Sealed(wrapped))
  }
}

extension ServerError {
  /// The text was sealed under a key that is not, or no longer, its owner's.
  fileprivate var isOtherKey: Bool { sqlState == .serializationFailure && detail == "data_key" }
}
