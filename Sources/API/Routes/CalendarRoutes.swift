import HTTPTypes
import Hummingbird
import Postgres
import Program

/// The coach's private calendar: its secret address, and what is to be had there.
struct CalendarRoutes {
  let database: Database
  /// Under which the server is known outside, without a slash at its end.
  let publicURL: String
  let limits: RateLimits<[UInt8]>

  func add(to routes: inout RouteBuilder) {
    routes.identified(opening, open)
    routes.identified(closing, close)
    routes.open(reading, show)
  }

  @Sendable private func open(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let coach = try context.id("id")
    // Given again under its key, the address of then cannot be told a second time: the answer is a new one.
    for name in [try Conditions.name(request, []), Command.Name()] {
      let opening = CalendarFeed.Opening(of: coach)
      let done = try await opening.command.perform(
        as: context.identity, named: name, request: context.requestID.description, in: database)
      if let createdAt = opening.createdAt(done) { return answer(coach, opening.key, createdAt) }
    }
    throw Problem.internal
  }

  @Sendable private func close(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let done = try await CalendarFeed.closing(of: try context.id("id")).perform(
      as: context.identity, named: try Conditions.name(request, []), request: context.requestID.description,
      in: database)
    return try Reply.done(done, at: "/v1/coaches")
  }

  /// Whatever is wrong is one and the same answer: who guesses learns nothing.
  @Sendable private func show(_ request: Request, _ context: OpenContext) async throws -> Response {
    guard let coach = context.parameters.get("id").flatMap({ UUIDv7($0) }), let key = Self.key(in: request.uri.query)
    else { throw Problem.notFound }
    try limits.admit(key.hash)
    let events = try await database.read(Segment(CalendarFeed.events(of: coach, key)))
    return Reply.calendar(try CoachCalendar.bytes(events), to: request)
  }

  private func answer(_ coach: UUIDv7, _ key: CalendarKey, _ createdAt: String) -> Response {
    var json = JSONText()
    json.object {
      $0.member("address", "\(publicURL)/v1/coaches/\(coach)/calendar.ics?key=\(key.text)")
      $0.member("created_at", createdAt)
    }
    var response = Reply.json(json.bytes)
    response.status = .created
    response.headers[.cacheControl] = "no-store"
    return response
  }

  private static func key(in query: String?) -> CalendarKey? {
    var query = QueryReader(query)
    let text = query.value(keyParameter)
    do throws(Problem) {
      try query.finish()
      return text.flatMap { CalendarKey(presented: $0) }
    } catch {
      return nil
    }
  }
}

// What is to be said of the routes.
extension CalendarRoutes {
  private static let keyParameter = Shape.Member("key", .text, "The secret of the address.")

  private var opening: Route {
    Route(
      .post, "/v1/coaches/{id}/calendar", .identified(.write), name: "openCalendar", tag: "Coaches",
      "Make a secret address for one's calendar", answer: .json(CalendarFeed.shape, status: 201)
    ).with {
      $0.about = """
        For the coach alone. The address is told this once; one made before is good for nothing from then on. Given \
        again under its Idempotency-Key, it makes another address.
        """
    }
  }

  private var closing: Route {
    Route(
      .delete, "/v1/coaches/{id}/calendar", .identified(.write), name: "closeCalendar", tag: "Coaches",
      "Revoke the secret address of one's calendar", answer: .none
    )
  }

  private var reading: Route {
    Route(
      .get, "/v1/coaches/{id}/calendar.ics", .open, name: "readCalendar", tag: "Coaches",
      "The coach's planned recordings, for a calendar programme",
      answer: .documents(
        ["text/calendar"], about: "iCalendar (RFC 5545): when and at which school, and nothing of whom.")
    ).with {
      $0.about = """
        For whoever has the secret address, without a token: from 30 days ago on. Whatever is wrong with the address is \
        answered as what does not exist.
        """
      $0.parameters = [Self.keyParameter]
      $0.hasEntityTag = true
    }
  }
}
