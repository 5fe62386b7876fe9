import Crypto
import Postgres

/// Takes in the file of an import that was begun, as it comes, and keeps it in the database: neither the whole of it in
/// memory, nor a connection while nothing comes.
public struct ImportUpload: Sendable {
  public let id: UUIDv7
  /// Bytes taken in so far.
  public private(set) var byteCount = 0

  private let jobs: Database
  private let limit: Int
  private var gathered: [UInt8] = []
  private var pieces = 0
  private var hash = SHA256()
  private var survey = EncodingSurvey()

  /// How many bytes are gathered before they are sent to the database.
  static let pieceLength = 256 * 1024

  /// - Parameters:
  ///   - jobs: the database as the role `beeld_jobs`, which alone reaches the bytes of imports.
  ///   - limit: in bytes.
  public init(_ id: UUIDv7, in jobs: Database, limit: Int = ImportFile.sizeLimit) {
    self.id = id
    self.jobs = jobs
    self.limit = limit
  }

  /// Takes in everything that the source has, and answers its SHA-256; whatever goes wrong, nothing of it stays.
  ///
  /// Throws what `append` and `finish` throw, and what the source does.
  @discardableResult
  public static func receive<Chunks: AsyncSequence>(
    _ source: Chunks, for id: UUIDv7, in jobs: Database, limit: Int = ImportFile.sizeLimit
  ) async throws -> [UInt8] where Chunks.Element: Collection<UInt8> {
    var upload = ImportUpload(id, in: jobs, limit: limit)
    do {
      for try await chunk in source { try await upload.append(chunk) }
      return try await upload.finish()
    } catch {
      await upload.abandon()
      throw error
    }
  }

  /// Takes the next bytes, and returns when those that make a piece are in the database: read the source no faster.
  ///
  /// Throws `ImportFile.TooLarge` as soon as there are more bytes than the limit; `BE409` when the import was discarded
  /// meanwhile.
  public mutating func append(_ bytes: some Collection<UInt8>) async throws {
    byteCount += bytes.count
    guard byteCount <= limit else { throw ImportFile.TooLarge(limit: limit) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.pieceLength - gathered.count)
      gathered += part
      rest = rest.dropFirst(part.count)
      if gathered.count == Self.pieceLength { try await store() }
    }
  }

  /// There is no more: the file is whole, and can be previewed. Answers its SHA-256.
  @discardableResult
  public mutating func finish() async throws -> [UInt8] {
    if !gathered.isEmpty { try await store() }
    let digest = Array(hash.finalize())
    _ = try await jobs.write(
      Segment(
        Self.received(
          .text(id.description), .int(pieces), .int(byteCount), .binary(digest),
          .text(survey.encoding.rawValue))))
    return digest
  }

  /// There will be no more: lets go of what came in. When even that fails, `app.forget_imports` does it within a day.
  public func abandon() async {
    do { _ = try await jobs.write(Segment(Self.abandoned(.text(id.description)))) } catch {}
  }

  private mutating func store() async throws {
    hash.update(data: gathered)
    survey.feed(gathered)
    _ = try await jobs.write(Segment(Self.piece(.text(id.description), .int(pieces), .binary(gathered))))
    pieces += 1
    gathered.removeAll(keepingCapacity: true)
  }

  private static let piece = Statement("select app.import_append($1, $2, $3)")
  private static let received = Statement("select app.import_received($1, $2, $3, $4, $5)")
  private static let abandoned = Statement("select app.import_abandon($1)")
}
