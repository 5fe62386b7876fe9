import Postgres

/// A file as it was handed in, whole, before anybody looks at what is in it: in memory, or in the database.
///
/// It is taken in first and worked on afterwards, so that a slow upload holds neither a connection nor a lock, and so
/// that its encoding is known before its first character is read.
public struct ImportFile: Sendable {
  /// The largest file that is taken, in bytes.
  public static let sizeLimit = 32 * 1024 * 1024

  private let place: Place
  public let byteCount: Int
  public let encoding: TextEncoding

  private enum Place {
    case memory([[UInt8]])
    case database(UUIDv7)
  }

  /// More bytes than the limit.
  public struct TooLarge: Error, Sendable {
    public let limit: Int
  }

  /// Takes all chunks of the source in.
  /// - Parameters:
  ///   - limit: in bytes; `TooLarge` is thrown as soon as there are more.
  ///   - progress: called with the number of bytes so far.
  public static func receive<Chunks: AsyncSequence>(
    _ source: Chunks, limit: Int = sizeLimit, progress: (Int) -> Void = { _ in }
  ) async throws -> ImportFile where Chunks.Element: Sequence<UInt8> {
    var receiver = Receiver(limit: limit)
    for try await chunk in source {
      try receiver.take(Array(chunk))
      progress(receiver.byteCount)
    }
    return receiver.file
  }

  /// A file that is in memory already.
  public init(_ chunks: [[UInt8]]) {
    var survey = EncodingSurvey()
    for chunk in chunks { survey.feed(chunk) }
    self.init(.memory(chunks), byteCount: chunks.reduce(0) { $0 + $1.count }, encoding: survey.encoding)
  }

  /// A file that `ImportUpload` has put into the database, where it is read from piece by piece.
  init(storedFor id: UUIDv7, byteCount: Int, encoding: TextEncoding) {
    self.init(.database(id), byteCount: byteCount, encoding: encoding)
  }

  private init(_ place: Place, byteCount: Int, encoding: TextEncoding) {
    self.place = place
    self.byteCount = byteCount
    self.encoding = encoding
  }

  /// The pieces from this one on: all of a file in memory, about a megabyte of one in the database. None: that was all.
  func pieces(from first: Int, in session: Session) async throws -> ArraySlice<[UInt8]> {
    switch place {
    case .memory(let chunks): return chunks.dropFirst(first)
    case .database(let id):
      let rows = try await session.query(Self.stored(.text(id.description), .int(first)))
      return try rows.map { try $0.bytea(0) ?? [] }[...]
    }
  }

  private static let stored = Statement(
    "select bytes from import_chunk where import_id = $1 and ordinal >= $2 order by ordinal limit 4")

  private struct Receiver {
    let limit: Int
    var chunks: [[UInt8]] = []
    var byteCount = 0
    var survey = EncodingSurvey()

    init(limit: Int) { self.limit = limit }

    mutating func take(_ chunk: [UInt8]) throws(TooLarge) {
      byteCount += chunk.count
      guard byteCount <= limit else { throw TooLarge(limit: limit) }
      survey.feed(chunk)
      // Many crumbs would weigh more than what is in them.
      if let last = chunks.last, last.count + chunk.count <= 65_536 {
        chunks[chunks.count - 1].append(contentsOf: chunk)
      } else if !chunk.isEmpty {
        chunks.append(chunk)
      }
    }

    var file: ImportFile { ImportFile(.memory(chunks), byteCount: byteCount, encoding: survey.encoding) }
  }
}
