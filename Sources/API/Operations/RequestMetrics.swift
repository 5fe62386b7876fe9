import HTTPTypes
import Hummingbird
import Synchronization

/// Counts and times every request, by route and class of status. No label ever holds a value out of a request.
final class RequestMetrics: Sendable {
  struct Key: Hashable, Sendable {
    let method: String
    let route: String
    let status: Int
  }

  struct Series: Sendable {
    var count: UInt64 = 0
    var seconds: Double = 0
    /// Requests up to each bound of `bounds`, not cumulative.
    var buckets = [UInt64](repeating: 0, count: RequestMetrics.bounds.count + 1)

    mutating func add(_ elapsed: Double, _ bucket: Int) {
      count += 1
      seconds += elapsed
      buckets[bucket] += 1
    }
  }

  /// Upper bounds of the histogram, in seconds.
  static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

  private let series = Mutex<[Key: Series]>([:])

  func record(route: String?, method: HTTPRequest.Method, status: HTTPResponse.Status, elapsed: Duration) {
    // Unknown methods and addresses are the client's words: they share one label each.
    let method = Self.methods.contains(method) ? method.rawValue : "other"
    let key = Key(method: method, route: route ?? "none", status: status.code)
    let seconds = elapsed / .seconds(1)
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    series.withLock { $0[key, default: Series()].add(seconds, bucket) }
  }

  /// What has been counted, in a stable order.
  func snapshot() -> [(key: Key, value: Series)] {
    series.withLock { Array($0) }.sorted {
      ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
    }
  }

  private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}
