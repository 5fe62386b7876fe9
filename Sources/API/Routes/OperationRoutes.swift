import Glibc
import HTTPTypes
import Hummingbird
import Postgres
import Program
import Schema

/// Health and metrics: for load balancers and monitors, without personal data and without identity.
struct OperationRoutes {
  let database: Database
  let jobs: Database
  let counts: JobCounts
  let observer: DatabaseObserver
  let metrics: RequestMetrics
  let readiness: Readiness

  func add(to routes: inout RouteBuilder) {
    routes.open(
      Route(
        .get, "/health/live", .open, name: "isAlive", tag: "Operation", "The process runs",
        answer: .json(.object([.init("status", .choice(["alive"]))]))), live)
    routes.open(
      Route(
        .get, "/health/ready", .open, name: "isReady", tag: "Operation", "Requests can be answered",
        answer: .json(
          .object([.init("status", .choice(["ready"])), .init("schema_version", .integer(1...10_000))]))), ready)
    routes.open(
      Route(
        .get, "/metrics", .open, name: "readMetrics", tag: "Operation", "Figures of the process, for Prometheus",
        answer: .documents(["text/plain"], about: "Prometheus' text format.")), exposition)
  }

  @Sendable private func live(_: Request, _: OpenContext) async throws -> Response {
    Reply.json(Array(#"{"status":"alive"}"#.utf8))
  }

  @Sendable private func ready(_: Request, _: OpenContext) async throws -> Response {
    guard !readiness.isDraining else { throw Problem.unavailable(retryAfter: .seconds(1)) }
    // Soon, whatever stands before it in the lane: who asks will ask again, and wants to know now.
    guard case .compatible(let version) = try await Compatibility.of(database, deadline: .seconds(1)) else {
      throw Problem.unavailable(retryAfter: .seconds(5))
    }
    var json = JSONText()
    json.object {
      $0.member("status", "ready")
      $0.member("schema_version", version)
    }
    return Reply.json(json.bytes)
  }

  @Sendable private func exposition(_: Request, _: OpenContext) async throws -> Response {
    var text = PrometheusText()
    writeRequests(to: &text)
    writeLanes(to: &text)
    text.family("beeld_database_events_total", .counter, "What happened to connections to the database.")
    for (key, count) in observer.snapshot() {
      text.sample("beeld_database_events_total", [("event", key.event), ("lane", key.lane)], count)
    }
    text.family("beeld_jobs_total", .counter, "The server's own work, by what became of it.")
    for (key, count) in counts.snapshot {
      text.sample("beeld_jobs_total", [("job", key.job), ("outcome", key.outcome)], count)
    }
    text.family("process_resident_memory_bytes", .gauge, "Resident memory of this process.")
    text.sample("process_resident_memory_bytes", [], Process.residentBytes)
    return Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: text.text)))
  }

  private func writeRequests(to text: inout PrometheusText) {
    let series = metrics.snapshot()
    text.family("beeld_http_requests_total", .counter, "Requests answered.")
    for (key, value) in series { text.sample("beeld_http_requests_total", Self.labels(key), value.count) }
    text.family("beeld_http_request_seconds", .histogram, "Time from the request's head to the answer's head.")
    for (key, value) in series {
      var running: UInt64 = 0
      for (bound, count) in zip(RequestMetrics.bounds.map { "\($0)" } + ["+Inf"], value.buckets) {
        running += count
        text.sample("beeld_http_request_seconds_bucket", Self.labels(key) + [("le", bound)], running)
      }
      text.sample("beeld_http_request_seconds_sum", Self.labels(key), value.seconds)
      text.sample("beeld_http_request_seconds_count", Self.labels(key), value.count)
    }
  }

  private func writeLanes(to text: inout PrometheusText) {
    let (ours, work) = (database.statistics, jobs.statistics)
    let lanes = [
      ("read", ours.read), ("write", ours.write), ("long", ours.long), ("jobs_read", work.read),
      ("jobs_write", work.write), ("jobs_long", work.long),
    ]
    text.family("beeld_database_connections", .gauge, "Connections to the database by lane and state.")
    for (name, lane) in lanes {
      for (state, count) in [("idle", lane.idle), ("busy", lane.busy), ("connecting", lane.connecting)] {
        text.sample("beeld_database_connections", [("lane", name), ("state", state)], count)
      }
    }
    text.family("beeld_database_requests", .gauge, "Requests at the database by lane and state.")
    for (name, lane) in lanes {
      text.sample("beeld_database_requests", [("lane", name), ("state", "waiting")], lane.waiting)
      text.sample("beeld_database_requests", [("lane", name), ("state", "in_flight")], lane.inFlight)
    }
    text.family("beeld_database_oldest_wait_seconds", .gauge, "How long the oldest waiting request has waited.")
    for (name, lane) in lanes {
      text.sample("beeld_database_oldest_wait_seconds", [("lane", name)], lane.oldestWait / .seconds(1))
    }
  }

  private static func labels(_ key: RequestMetrics.Key) -> [(String, String)] {
    [("method", key.method), ("route", key.route), ("status", String(key.status))]
  }
}
