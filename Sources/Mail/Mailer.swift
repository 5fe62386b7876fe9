import CLibcurl
import Glibc
import Synchronization

/// Sends mails through one mail server, one at a time, over a connection that is kept between them.
///
/// libcurl blocks: every sending has a thread of its own, and no other waits for it.
public final class Mailer: Sendable {
  /// How long a server may take.
  public struct Patience: Sendable {
    /// Until there is a connection, TLS included.
    public var connection: Duration
    /// Until the mail is taken, the connection included.
    public var whole: Duration

    public init(connection: Duration = .seconds(10), whole: Duration = .seconds(30)) {
      self.connection = connection
      self.whole = whole
    }
  }

  public let server: MailServer
  private let patience: Patience
  private let connection: Mutex<Connection>

  public init(_ server: MailServer, patience: Patience = Patience()) {
    self.server = server
    self.patience = patience
    connection = Mutex(Connection())
  }

  /// Hands a mail to the server. Returns when the server has said that it takes it.
  ///
  /// A failure after the mail was sent and before the server's answer came leaves open whether it was taken.
  /// - Throws: `SendingFailure`.
  public func send(_ message: MailMessage) async throws(SendingFailure) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    try await run(
      Errand(
        .mail(from: message.from.address.text, to: message.to.text), bytes: message.bytes(sentAt: now.tv_sec)))
  }

  /// Connects, logs in and says nothing more: whether mails could be sent.
  /// - Throws: `SendingFailure`.
  public func tryOut() async throws(SendingFailure) {
    try await run(Errand(.greeting, bytes: []))
  }

  private func run(_ errand: Errand) async throws(SendingFailure) {
    let failure = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<SendingFailure?, Never>) in
        let isStarted = Thread.start {
          continuation.resume(
            returning: self.connection.withLock { $0.perform(errand, with: self.server, self.patience) })
        }
        if !isStarted { continuation.resume(returning: .unreachable("no_thread")) }
      }
    } onCancel: {
      errand.cancel()
    }
    if let failure { throw failure }
  }
}
