/// How a transaction sees others'.
public enum Isolation: String, Sendable {
  case readCommitted = "read committed"
  case repeatableRead = "repeatable read"
  case serializable = "serializable"
}

extension Session {
  /// Runs `body` between BEGIN and COMMIT, or ROLLBACK when it throws.
  ///
  /// Throws what `body` throws; `rolledBack` when the server answers the COMMIT with ROLLBACK, because a statement had
  /// failed and `body` went on; `connectionLost(.unknown)` when the connection breaks before the COMMIT is answered, or
  /// the standby has not confirmed it. A connection that breaks earlier is `connectionLost(.notSent)`.
  @discardableResult
  public func transaction<Result: Sendable>(
    isolation: Isolation = .readCommitted, readOnly: Bool = false, on actor: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
  ) async throws -> Result {
    let begin = "begin isolation level \(isolation.rawValue)" + (readOnly ? " read only" : "")
    _ = try await perform(.script(begin), leavesUncommitted: true)
    let result: Result
    do {
      result = try await body()
      // Cancelled before its COMMIT, a transaction has no effect; afterwards that could not be promised.
      if Task.isCancelled { throw PostgresError.cancelled }
    } catch {
      await rollBack()
      throw error
    }
    try await commit()
    return result
  }

  private func commit() async throws(PostgresError) {
    let rows = try onlyRows(await perform(.script("commit"), isShielded: true, leavesUncommitted: false))
    if rows.commandTag != "COMMIT" { throw .rolledBack }
  }

  /// A ROLLBACK that fails leaves the connection broken or in its transaction, and then it is not used again: either
  /// way nothing is committed, and what the caller has to hear is the error before.
  private func rollBack() async {
    do { _ = try await perform(.script("rollback"), isShielded: true, leavesUncommitted: false) } catch {}
  }
}
