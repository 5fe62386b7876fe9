/// Takes the data of a `COPY … FROM STDIN`.
public struct CopyWriter: Sendable {
  let session: Session

  /// Sends the bytes and returns when the server's side has taken them in: the source is read no faster than that.
  public func write(_ bytes: [UInt8]) async throws(PostgresError) {
    // libpq counts the bytes of one message in 32 bits, and its buffer grows to the size of a message.
    let piece = 1 << 20
    if bytes.count <= piece {
      if !bytes.isEmpty { _ = try await session.perform(.put(bytes)) }
      return
    }
    for start in stride(from: 0, to: bytes.count, by: piece) {
      _ = try await session.perform(.put(Array(bytes[start..<Swift.min(start + piece, bytes.count)])))
    }
  }
}

extension Session {
  /// Sends what `body` writes as the data of a `COPY … FROM STDIN`, and returns how many rows that made.
  ///
  /// An error thrown by `body` ends the COPY, which then has had no effect, and is thrown on.
  @discardableResult
  public func copyIn(
    _ sql: String, on actor: isolated (any Actor)? = #isolation, _ body: (CopyWriter) async throws -> Void
  ) async throws -> Int {
    _ = try await perform(.beginCopyIn(sql))
    do {
      try await body(CopyWriter(session: self))
      if Task.isCancelled { throw PostgresError.cancelled }
    } catch {
      try await endCopy(after: error)
    }
    return try onlyRows(await perform(.endCopyIn(failure: nil))).affected ?? 0
  }

  /// Sends the chunks as the data of a `COPY … FROM STDIN`, and returns how many rows that made.
  ///
  /// An error thrown by the sequence ends the COPY, which then has had no effect, and is thrown on.
  @discardableResult
  public func copyIn<Chunks: AsyncSequence>(
    _ sql: String, _ chunks: Chunks, on actor: isolated (any Actor)? = #isolation
  ) async throws -> Int where Chunks.Element: Sequence<UInt8> {
    try await copyIn(sql) { writer in
      for try await chunk in chunks { try await writer.write(chunk as? [UInt8] ?? Array(chunk)) }
    }
  }

  /// The data of a `COPY … TO STDOUT`; the server sends no faster than it is taken. Leaving the loop early stops it.
  public func copyOut(_ sql: String) -> CopyOut { CopyOut(session: self, sql: sql) }

  /// The server's own complaint about the data is worth more than the write that failed because of it.
  private func endCopy(after error: any Error) async throws -> Never {
    do {
      _ = try await perform(.endCopyIn(failure: "ended by the client"), isShielded: true)
    } catch .server(let complaint) where complaint.sqlState != .queryCanceled {
      throw PostgresError.server(complaint)
    } catch {}
    throw error
  }
}
