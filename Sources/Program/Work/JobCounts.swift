import Synchronization

/// How often the server's own work was done, and with what outcome: counted where it is done, shown in the metrics.
public final class JobCounts: Sendable {
  public struct Key: Hashable, Sendable, Comparable {
    public let job: String
    public let outcome: String

    public static func < (left: Key, right: Key) -> Bool { (left.job, left.outcome) < (right.job, right.outcome) }
  }

  private let counts = Mutex<[Key: Int]>([:])

  public init() {}

  /// - Parameters:
  ///   - job: a name out of the program, never a value.
  ///   - outcome: `succeeded`, `failed`, `abandoned` and the like.
  public func count(_ job: String, _ outcome: String) {
    counts.withLock { $0[Key(job: job, outcome: outcome), default: 0] += 1 }
  }

  /// What has been counted, in a stable order.
  public var snapshot: [(key: Key, count: Int)] {
    counts.withLock { Array($0) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
