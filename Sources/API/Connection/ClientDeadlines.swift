import NIOCore

/// How long a client may take: a request must arrive whole within half a minute of the connection's opening or of the
/// answer before it, and an answer that waits for its reader may wait as long.
struct ClientDeadlines {
  static let patience = TimeAmount.seconds(30)

  /// Since when the server has been waiting for the rest of a request; nil while it is the server's turn.
  private var waitingSince: NIODeadline?
  /// Since when what was written has been waiting for the client to take it; nil while it does.
  private var blockedSince: NIODeadline?

  /// The client's turn begins.
  mutating func awaitRequest(now: NIODeadline) { waitingSince = now }

  /// The server's turn begins.
  mutating func oweAnswer() { waitingSince = nil }

  /// Whether what was written waits for the client.
  mutating func block(_ isBlocked: Bool, now: NIODeadline) { blockedSince = isBlocked ? blockedSince ?? now : nil }

  func arePassed(now: NIODeadline) -> Bool {
    [waitingSince, blockedSince].contains { $0.map { $0 + Self.patience <= now } ?? false }
  }
}
