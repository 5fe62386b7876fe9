/// How the lanes stand now.
public struct Statistics: Sendable, Hashable {
  public let read: LaneStatistics
  public let write: LaneStatistics
  public let long: LaneStatistics
}

/// How one lane stands now.
public struct LaneStatistics: Sendable, Hashable {
  /// Connections open with nothing to do.
  public var idle = 0
  /// Connections open and in use.
  public var busy = 0
  /// Connections being opened.
  public var connecting = 0
  /// Requests that wait for a connection.
  public var waiting = 0
  /// Requests sent and not yet answered, or sessions held.
  public var inFlight = 0
  /// How long the oldest waiting request has waited.
  public var oldestWait: Duration = .zero
}
