import CLibpq

/// One libpq connection and its place with the reactor. Speaks no protocol of its own and never waits.
///
/// Touched on the reactor's thread only.
final class Wire {
  enum Flushed { case done, pending, broken }

  let connection: OpaquePointer
  private let reactor: Reactor
  private let socket: Int32
  private var watch: UInt64?
  private var interest: Interest = []
  private var arguments = Arguments()
  private var onNotice: ((ServerError) -> Void)?

  init(_ fresh: FreshConnection, _ reactor: Reactor) {
    connection = fresh.pointer
    self.reactor = reactor
    socket = PQsocket(connection)
    PQsetnonblocking(connection, 1)
  }

  /// Tells of notices until the wire is closed.
  func receiveNotices(_ body: @escaping (ServerError) -> Void) {
    onNotice = body
    // The wire outlives the connection's use of the pointer: `close` finishes the connection, and `deinit` calls it.
    let context = Unmanaged.passUnretained(self).toOpaque()
    PQsetNoticeReceiver(
      connection,
      { context, result in
        guard let context, let result, let notice = ServerError(result) else { return }
        Unmanaged<Wire>.fromOpaque(context).takeUnretainedValue().onNotice?(notice)
      }, context)
  }

  /// Says what the socket is watched for; an empty interest takes it from the reactor altogether.
  func want(_ interest: Interest, for watcher: any Watcher) {
    guard interest != self.interest, !isClosed else { return }
    if interest.isEmpty {
      unwatch()
    } else if let watch {
      reactor.change(socket, watch, interest)
    } else {
      watch = reactor.watch(socket, interest, watcher)
    }
    self.interest = interest
  }

  private func unwatch() {
    if let watch { reactor.unwatch(socket, watch) }
    watch = nil
    interest = []
  }

  private(set) var isClosed = false

  /// The socket leaves the reactor before libpq closes it: its number may be another's a moment later.
  func close() {
    guard !isClosed else { return }
    unwatch()
    isClosed = true
    PQfinish(connection)
    onNotice = nil
  }

  deinit { close() }

  var isBroken: Bool { isClosed || PQstatus(connection) == CONNECTION_BAD }

  /// libpq's words for what went wrong; one line.
  var complaint: String {
    guard !isClosed, let message = PQerrorMessage(connection) else { return "closed" }
    return FreshConnection.oneLine(message)
  }

  func flush() -> Flushed {
    switch PQflush(connection) {
    case 0: .done
    case 1: .pending
    default: .broken
    }
  }

  /// Reads what is there. False when the connection has ended; what had come before can still be fetched.
  func consume() -> Bool { PQconsumeInput(connection) == 1 }

  var isBusy: Bool { PQisBusy(connection) == 1 }

  func nextResult() -> OpaquePointer? { PQgetResult(connection) }

  var transactionStatus: PGTransactionStatusType { PQtransactionStatus(connection) }

  /// By the server's own word, as of its last answer.
  var isInTransaction: Bool {
    transactionStatus == PQTRANS_INTRANS || transactionStatus == PQTRANS_INERROR
  }

  func enterPipeline() -> Bool { PQenterPipelineMode(connection) == 1 }

  func sync() -> Bool { PQpipelineSync(connection) == 1 }

  func sendPrepare(_ statement: Statement) -> Bool {
    PQsendPrepare(connection, statement.source.name, statement.source.text, 0, nil) == 1
  }

  /// Sends a statement by its name, or by its text when it is one that is not prepared.
  func send(_ bound: BoundStatement) -> Bool {
    guard bound.statement.source.isPrepared else { return sendText(bound) }
    arguments.load(bound.parameters)
    return PQsendQueryPrepared(
      connection, bound.statement.source.name, Int32(bound.parameters.count), arguments.values, arguments.lengths,
      arguments.formats, 0) == 1
  }

  func sendText(_ bound: BoundStatement) -> Bool {
    arguments.load(bound.parameters)
    return PQsendQueryParams(
      connection, bound.statement.source.text, Int32(bound.parameters.count), nil, arguments.values,
      arguments.lengths, arguments.formats, 0) == 1
  }

  func sendScript(_ sql: String) -> Bool { PQsendQuery(connection, sql) == 1 }
}
