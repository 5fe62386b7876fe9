/// A file as it was handed in, whole, before anybody looks at what is in it.
///
/// It is taken in first and worked on afterwards, so that a slow upload holds neither a connection nor a lock, and so
/// that its encoding is known before its first character is read.
public struct ImportFile: Sendable {
  /// The largest file that is taken, in bytes.
  public static let sizeLimit = 32 * 1024 * 1024

  let chunks: [[UInt8]]
  public let byteCount: Int
  public let encoding: TextEncoding

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
    self.init(chunks: chunks, byteCount: chunks.reduce(0) { $0 + $1.count }, encoding: survey.encoding)
  }

  private init(chunks: [[UInt8]], byteCount: Int, encoding: TextEncoding) {
    self.chunks = chunks
    self.byteCount = byteCount
    self.encoding = encoding
  }

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

    var file: ImportFile { ImportFile(chunks: chunks, byteCount: byteCount, encoding: survey.encoding) }
  }
}
