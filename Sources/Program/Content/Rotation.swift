import Postgres

/// Puts every data key under the first of the master keys, in portions, while servers go on: the data keys stay, and
/// nothing that is sealed under them changes.
public struct Rotation: Sendable {
  private let keys: MasterKeys
  private let database: Database

  /// - Parameter database: logged in as `beeld_jobs`, which reaches data keys as they are wrapped, and no content.
  public init(_ keys: MasterKeys, database: Database) {
    self.keys = keys
    self.database = database
  }

  /// How many live data keys a master key wraps.
  public struct Count: Sendable, Equatable {
    public let masterKey: String
    public let number: Int
  }

  /// By the names of all master keys that are in use.
  public static func counts(in database: Database) async throws -> [Count] {
    let rows = try await database.read(Segment(count()))
    return try rows.map { Count(masterKey: $0.string(0) ?? "", number: try $0.int(1) ?? 0) }
  }

  /// - Parameter report: called after each portion with how many were wrapped anew so far.
  /// - Returns: how many there were.
  /// - Throws: `PostgresError`; `ContentFault` where one cannot be unwrapped, with all before it done.
  public func run(portion: Int = 500, report: (Int) -> Void = { _ in }) async throws -> Int {
    var done = 0
    while true {
      let rows = try await database.read(Segment(Self.next(.text(keys.current.name), .int(portion))))
      if rows.isEmpty { return done }
      for row in 0..<rows.count {
        if try await rewrap(rows, row) { done += 1 }
      }
      report(done)
    }
  }

  /// False when it was another one by then: rotated by somebody else, or destroyed.
  private func rewrap(_ rows: Rows, _ row: Int) async throws -> Bool {
    guard let before = try DataKey.Wrapped(rows, row, from: 0) else { return false }
    let after = try DataKey(before, with: keys).wrapped(with: keys)
    let answer = try await database.write(
      Segment(
        Self.replace(
          .text(before.id.description), .binary(before.sealed.bytes), .text(after.masterKey),
          .binary(after.sealed.bytes))))
    return try answer.bool(0, 0) == true
  }

  private static let count = Statement("select master_key, number from app.data_key_counts()")
  private static let next = Statement("select id, bound_to, master_key, wrapped from app.data_keys_to_rewrap($1, $2)")
  private static let replace = Statement("select app.rewrap_data_key($1, $2, $3, $4)")
}
