extension Database {
  /// How to reach the server, and the bounds of every lane. The defaults suit one instance of the product.
  public struct Configuration: Sendable {
    /// A libpq connection string or URI; several hosts are allowed.
    public var conninfo: String
    /// The role to log in as, instead of the one in `conninfo`.
    public var user: String?
    public var applicationName = "beeld"

    /// Connections of the read lane, each shared by many requests.
    public var readConnections = 2
    /// Requests in flight on one read connection; beyond that they queue here, where a deadline can still remove them.
    public var readDepth = 64
    public var readQueue = 1024
    /// `-c` options that the read lane's sessions start with.
    public var readOptions = "-c default_transaction_read_only=on"

    /// Connections of the write lane, each with one segment at a time.
    ///
    /// More than there are processors: while one waits for the disk, another works. Of eight, each had to be woken more
    /// often, and the server's own time for a write was a seventh longer.
    public var writeConnections = 12
    public var writeQueue = 256

    /// Exclusive connections.
    public var longConnections = 2
    public var longQueue = 64

    /// `-c` options that every session starts with. The server looks every two seconds whether its client is still
    /// there, so that a statement given up here does not run on for nothing.
    public var sessionOptions = "-c client_connection_check_interval=2s"

    public var readDeadline: Duration = .seconds(10)
    public var writeDeadline: Duration = .seconds(15)
    /// How long a caller waits for an exclusive connection.
    public var sessionDeadline: Duration = .seconds(30)
    /// The longest one operation of a session may take, the reading of a stream excepted.
    public var operationLimit: Duration = .seconds(900)
    /// How long a cancelled operation may take to end before its connection is closed.
    public var cancelGrace: Duration = .seconds(3)

    /// The longest the request at the head of a shared connection may take before the connection is given up, and
    /// how long after its deadline an unanswered write keeps its connection.
    public var headAgeLimit: Duration = .seconds(5)
    /// How long requests wait while no connection can be had before they are refused as `unavailable`.
    public var patience: Duration = .seconds(1)
    public var backoffInitial: Duration = .milliseconds(50)
    public var backoffMaximum: Duration = .seconds(2)

    /// Whole seconds for one host, at least 2 (libpq).
    public var connectTimeout = 5
    /// After how much silence the network is asked whether the server is there; TCP only.
    public var keepaliveIdle: Duration = .seconds(10)
    /// How long sent data may stay unacknowledged; TCP only.
    public var tcpUserTimeout: Duration = .seconds(15)
    /// How often a listening connection that heard nothing is tried.
    public var listenHeartbeat: Duration = .seconds(30)

    public init(conninfo: String) { self.conninfo = conninfo }
  }
}
