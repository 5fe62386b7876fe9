/// What another session said with `NOTIFY`.
public struct Notification: Sendable, Hashable {
  public let channel: String
  public let payload: String
  /// The server's process that said it.
  public let processID: Int32
}

/// What a listener is told.
public enum NotificationEvent: Sendable, Hashable {
  /// Listening has (re)started. What was said before is lost: look for yourself now, polling is the truth.
  case resumed
  case notification(Notification)
}
