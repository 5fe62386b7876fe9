import CLibpq

/// The protocol of an exclusive connection, one operation at a time. It never waits: each step does what can be done
/// now and says what has to happen before the next.
///
/// Touched on the reactor's thread only.
final class Conversation {
  enum State { case idle, answering, reading, copyingIn, copyingOut }

  enum Progress {
    case waiting(Interest)
    case finished(Operation.Answer)
    case failed(PostgresError)
    case broken(String)
  }

  let wire: Wire
  private(set) var state = State.idle
  private var results: [Rows] = []
  private var failure: ServerError?
  private var isUnflushed = false
  /// The server has said that the statement being streamed is done. Without that, an end is a broken connection.
  private var isComplete = false

  init(_ wire: Wire) { self.wire = wire }

  /// Why the operation does not fit here, or nil.
  func objection(to kind: Operation.Kind) -> String? {
    switch (kind, state) {
    case (.query, .idle), (.script, .idle), (.open, .idle), (.beginCopyIn, .idle), (.beginCopyOut, .idle): nil
    case (.fetchRows, .reading), (.fetchBytes, .copyingOut), (.leave, _): nil
    case (.put, .copyingIn), (.endCopyIn, .copyingIn): nil
    case (_, .reading), (_, .copyingOut): "the rows of another statement are being read in this session"
    case (_, .copyingIn): "a COPY is being written in this session"
    default: "nothing is being read or written in this session"
    }
  }

  func begin(_ kind: Operation.Kind) -> Progress {
    if case .open = kind { isComplete = false }
    let isSent: Bool
    switch kind {
    case .query(let bound): isSent = wire.sendText(bound)
    case .open(let bound): isSent = wire.sendText(bound) && PQsetSingleRowMode(wire.connection) == 1
    case .script(let sql), .beginCopyIn(let sql), .beginCopyOut(let sql): isSent = wire.sendScript(sql)
    case .put(let bytes): isSent = put(bytes)
    case .endCopyIn(let failure): isSent = PQputCopyEnd(wire.connection, failure) == 1
    case .leave where state == .copyingIn: isSent = PQputCopyEnd(wire.connection, "given up") == 1
    case .fetchRows, .fetchBytes, .leave: return advance(kind)
    }
    guard isSent else { return .broken(wire.complaint) }
    isUnflushed = true
    switch kind {
    case .put: break
    case .open: state = .reading
    default: state = .answering
    }
    return advance(kind)
  }

  func advance(_ kind: Operation.Kind) -> Progress {
    if isUnflushed {
      switch wire.flush() {
      case .done: isUnflushed = false
      case .pending: return .waiting([.read, .write])
      case .broken: return .broken(wire.complaint)
      }
    }
    return switch kind {
    case .put, .open: .finished(.done)
    case .query, .script, .endCopyIn: collect()
    case .beginCopyIn: start(PGRES_COPY_IN, .copyingIn)
    case .beginCopyOut: start(PGRES_COPY_OUT, .copyingOut)
    case .fetchRows(let limit): fetchRows(limit)
    case .fetchBytes(let limit): fetchBytes(limit)
    case .leave: drain()
    }
  }
}

extension Conversation {
  private func put(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        PQputCopyData(wire.connection, $0.baseAddress, Int32(clamping: $0.count)) == 1
      }
    }
  }

  /// Fetches results until there are no more.
  private func collect() -> Progress {
    while !wire.isBusy {
      guard let result = wire.nextResult() else {
        if results.isEmpty, failure == nil { return .broken(wire.complaint) }
        return conclude(.rows(results))
      }
      if let trouble = keep(result) { return trouble }
    }
    return .waiting(.read)
  }

  private func conclude(_ answer: Operation.Answer) -> Progress {
    state = .idle
    defer {
      results = []
      failure = nil
    }
    return failure.map { .failed(.server($0)) } ?? .finished(answer)
  }

  /// Takes a result in; not nil when the connection cannot go on.
  private func keep(_ result: OpaquePointer) -> Progress? {
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      results.append(Rows(result))
      return nil
    case PGRES_FATAL_ERROR:
      defer { PQclear(result) }
      return note(result)
    case PGRES_SINGLE_TUPLE:
      PQclear(result)
      return nil
    default:
      PQclear(result)
      return .broken("a COPY was begun where none was expected")
    }
  }

  private func note(_ result: OpaquePointer) -> Progress? {
    guard let error = ServerError(result) else { return .broken(wire.complaint) }
    if error.isFatal { return .broken("\(error)") }
    failure = failure ?? error
    return nil
  }

  private func start(_ expected: ExecStatusType, _ next: State) -> Progress {
    while !wire.isBusy {
      guard let result = wire.nextResult() else {
        if results.isEmpty, failure == nil { return .broken(wire.complaint) }
        let answer = conclude(.end)
        if case .finished = answer { return .failed(.misuse("the statement is not a COPY of this direction")) }
        return answer
      }
      if PQresultStatus(result) == expected {
        PQclear(result)
        state = next
        return .finished(.done)
      }
      if let trouble = keep(result) { return trouble }
    }
    return .waiting(.read)
  }

  private func fetchRows(_ limit: Int) -> Progress {
    while results.count < limit, !wire.isBusy {
      guard let result = wire.nextResult() else {
        if failure == nil, !results.isEmpty { break }
        if failure == nil, !isComplete { return .broken(wire.complaint) }
        return conclude(.end)
      }
      if PQresultStatus(result) == PGRES_SINGLE_TUPLE {
        results.append(Rows(result))
      } else if PQresultStatus(result) == PGRES_FATAL_ERROR {
        defer { PQclear(result) }
        if let trouble = note(result) { return trouble }
      } else {
        isComplete = true
        PQclear(result)
      }
    }
    if results.isEmpty { return .waiting(.read) }
    defer { results = [] }
    return .finished(.rows(results))
  }

  private func fetchBytes(_ limit: Int) -> Progress {
    if state == .answering { return endCopyOut() }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      var row: UnsafeMutablePointer<CChar>?
      let length = PQgetCopyData(wire.connection, &row, 1)
      if length > 0 {
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(length)))
        PQfreemem(row)
      } else if length == 0 {
        return bytes.isEmpty ? .waiting(.read) : .finished(.bytes(bytes))
      } else if bytes.isEmpty {
        state = .answering
        return endCopyOut()
      } else {
        break
      }
    }
    return .finished(.bytes(bytes))
  }

  /// The data has ended; whether well is in the results that follow.
  private func endCopyOut() -> Progress {
    switch collect() {
    case .finished: .finished(.end)
    case let progress: progress
    }
  }

  /// Reads into nothing whatever still comes.
  private func drain() -> Progress {
    if state == .copyingOut {
      var row: UnsafeMutablePointer<CChar>?
      var length = PQgetCopyData(wire.connection, &row, 1)
      while length > 0 {
        PQfreemem(row)
        length = PQgetCopyData(wire.connection, &row, 1)
      }
      if length == 0 { return .waiting(.read) }
      state = .answering
    }
    while !wire.isBusy {
      guard let result = wire.nextResult() else {
        failure = nil
        return conclude(.end)
      }
      defer { PQclear(result) }
      if PQresultStatus(result) == PGRES_FATAL_ERROR, let trouble = note(result) { return trouble }
    }
    return .waiting(.read)
  }
}
