import Crypto
import Postgres

/// The way to content: what goes into the database is sealed before it goes, and opened after it came. Who may read and
/// who may write, the database judges; the vault has the keys.
public struct Vault: Sendable {
  private let keys: MasterKeys?
  private let database: Database

  /// - Parameters:
  ///   - keys: nil where the server has none: everything then throws `ContentFault.noMasterKeys`.
  ///   - database: logged in as `beeld_app`.
  public init(_ keys: MasterKeys?, database: Database) {
    self.keys = keys
    self.database = database
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

  /// Writes a text and does what belongs to it, as one transaction.
  /// - Parameters:
  ///   - text: of the kind that the item has.
  ///   - item: its id; where `follows`, it may be made by what `perform` does after the acts.
  ///   - perform: sends the acts it is given, in the order given. Called again, with other acts, when another key than
  ///     the one that the text was sealed under is by then the teacher's.
  /// - Throws: what `perform` throws; `ContentFault`.
  public func write<Outcome: Sendable>(
    _ text: Plaintext, of item: UUIDv7, replacing known: Known = .any, follows: Bool = false, as identity: Identity,
    _ perform: @Sendable ([BoundStatement]) async throws -> Outcome
  ) async throws -> Outcome {
    for _ in 1..<Self.attempts {
      let acts = try await writing(text, of: item, replacing: known, follows: follows, as: identity)
      do {
        return try await perform(acts)
      } catch PostgresError.server(let error) where error.isOtherKey {
        continue
      }
    }
    return try await perform(try await writing(text, of: item, replacing: known, follows: follows, as: identity))
  }

  /// The acts that write a text: for a command, before what asks for it. `write` does so, and tries again where two
  /// first texts of a teacher are written at once.
  public func writing(
    _ text: Plaintext, of item: UUIDv7, replacing known: Known = .any, follows: Bool = false, as identity: Identity
  ) async throws -> [BoundStatement] {
    let keys = try masterKeys()
    let (key, wrapped) = try await dataKey(of: identity, with: keys)
    let sealed = try key.seal(text, of: item)
    return [
      Self.write(
        .text(text.kind.code), .text(item.description), known.parameter, .bool(follows), .text(key.id.description),
        .optional(wrapped?.masterKey), wrapped.map { .binary($0.sealed.bytes) } ?? .null, .binary(sealed.bytes))
    ]
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
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: try masterKeys().current.key, info: Array("command".utf8), outputByteCount: 32)
    return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
  }

  /// Two first writes of one teacher meet once; a third attempt is for a key that was destroyed in between.
  private static let attempts = 3
}

extension Vault {
  private func masterKeys() throws(ContentFault) -> MasterKeys {
    guard let keys else { throw .noMasterKeys }
    return keys
  }

  /// The key to seal under: the teacher's own, or a new one with its wrapping.
  private func dataKey(of identity: Identity, with keys: MasterKeys) async throws -> (DataKey, DataKey.Wrapped?) {
    let rows = try await database.read(Segment(Self.mine(), after: [identity.identify(for: .write)]))
    guard rows.count == 1, let person = rows.string(0, 0).flatMap({ UUIDv7($0) }) else {
      throw PostgresError.decoding(column: "person_id", row: 0, expected: "an id")
    }
    if let wrapped = try DataKey.Wrapped(rows, from: 1) { return (try DataKey(wrapped, with: keys), nil) }
    let key = DataKey(for: person)
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
  private static let mine = Statement("select person_id, id, bound_to, master_key, wrapped from app.my_data_key()")
  private static let name = Statement("select set_config('app.request_id', $1, true)")

  /// For the benchmark: what a text takes beside its command.
  public static let statements = (key: mine, write: write)
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
  /// The text was sealed under a key that is not, or no longer, the teacher's.
  fileprivate var isOtherKey: Bool { sqlState == .serializationFailure && detail == "data_key" }
}
