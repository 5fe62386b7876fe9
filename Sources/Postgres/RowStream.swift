/// The rows of one statement, fetched as they are taken. Iterated once, inside the session's closure.
public struct RowStream: AsyncSequence {
  public typealias Element = Row
  public typealias Failure = PostgresError

  let session: Session
  let bound: BoundStatement

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reading: Reading(session), bound: bound) }

  public struct AsyncIterator: AsyncIteratorProtocol {
    private static let batch = 256

    private let reading: Reading
    private let bound: BoundStatement
    private var rows: [Rows] = []
    private var index = 0

    init(reading: Reading, bound: BoundStatement) {
      self.reading = reading
      self.bound = bound
    }

    public mutating func next() async throws(PostgresError) -> Row? { try await next(isolation: #isolation) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Row? {
      if index == rows.count {
        if let objection = bound.objection { throw .misuse(objection) }
        index = 0
        rows = []
        let answer = try await reading.next(opening: .open(bound), fetching: .fetchRows(limit: Self.batch))
        guard case .rows(let batch)? = answer else { return nil }
        rows = batch
      }
      defer { index += 1 }
      return rows[index][0]
    }
  }
}

/// What `COPY … TO STDOUT` gives, in pieces of whole rows. Iterated once, inside the session's closure.
public struct CopyOut: AsyncSequence {
  public typealias Element = [UInt8]
  public typealias Failure = PostgresError

  let session: Session
  let sql: String

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reading: Reading(session), sql: sql) }

  public struct AsyncIterator: AsyncIteratorProtocol {
    private static let piece = 64 << 10

    let reading: Reading
    let sql: String

    public mutating func next() async throws(PostgresError) -> [UInt8]? { try await next(isolation: #isolation) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> [UInt8]? {
      let answer = try await reading.next(opening: .beginCopyOut(sql), fetching: .fetchBytes(limit: Self.piece))
      guard case .bytes(let bytes)? = answer else { return nil }
      return bytes
    }
  }
}

/// A statement that is being read: opened with the first fetch, and ended, if it has not ended by itself, when nobody
/// holds it any more.
final class Reading {
  private enum State { case fresh, open, ended }

  private let session: Session
  private var state = State.fresh

  init(_ session: Session) { self.session = session }

  deinit {
    if state == .open { session.leave() }
  }

  /// Nil at the end.
  func next(
    opening: Operation.Kind, fetching: Operation.Kind, on actor: isolated (any Actor)? = #isolation
  ) async throws(PostgresError) -> Operation.Answer? {
    if state == .ended { return nil }
    do {
      if state == .fresh {
        state = .ended
        _ = try await session.perform(opening)
        state = .open
      }
      let answer = try await session.perform(fetching)
      guard case .end = answer else { return answer }
      state = .ended
      return nil
    } catch {
      try end(after: error)
    }
  }

  /// An error of the server has ended the statement; one of this side's own has not.
  private func end(after error: PostgresError) throws(PostgresError) -> Never {
    let mustLeave = state == .open
    state = .ended
    if case .server = error { throw error }
    if mustLeave { session.leave() }
    throw error
  }
}
