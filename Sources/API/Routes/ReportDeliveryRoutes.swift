import HTTPTypes
import Hummingbird
import Postgres
import Program

/// What became of the mails of a run, and the address in each by which its recipient unsubscribes.
struct ReportDeliveryRoutes {
  let database: Database
  let limits: RateLimits<[UInt8]>

  func add(to routes: inout RouteBuilder) {
    routes.identified(listing, list)
    routes.open(reading) { try await show($0, $1) }
    routes.open(changing) { try await change($0, $1) }
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let page = query.page(ReportDeliveries.List.cursor)
    try query.finish()
    let list = ReportDeliveries.List(run: try context.id("id"), page: page)
    return try Reply.list(await database.read(context.identity.read(list.query)), to: request)
  }

  /// Changes nothing: programs that look at the addresses in mails come here too.
  private func show(_ request: Request, _ context: OpenContext) async throws -> Response {
    let (delivery, key) = try secret(request, context)
    return try page(await database.read(Segment(Subscription.read(delivery, key))))
  }

  private func change(_ request: Request, _ context: OpenContext) async throws -> Response {
    let (delivery, key) = try secret(request, context)
    let body = try await request.body.collect(upTo: Self.limit)
    guard let wish = SubscriptionWish(String(buffer: body)) else { throw Problem.notFound }
    let change = Subscription.change(delivery, key, wanted: wish == .again)
    return try page(await database.write(Segment(change)))
  }

  /// Bytes of a body at most: a form of one field.
  private static let limit = 1 << 12

  /// Whatever is wrong is one and the same answer: who guesses learns nothing.
  private func secret(_ request: Request, _ context: OpenContext) throws -> (UUIDv7, UnsubscribeKey) {
    var query = QueryReader(request.uri.query)
    let text = query.value(Self.keyParameter)
    do throws(Problem) { try query.finish() } catch { throw Problem.notFound }
    guard let delivery = context.parameters.get("id").flatMap({ UUIDv7($0) }),
      let key = text.flatMap({ UnsubscribeKey(presented: $0) })
    else { throw Problem.notFound }
    try limits.admit(key.hash)
    return (delivery, key)
  }

  private func page(_ rows: Rows) throws -> Response {
    guard let subscription = try Subscription(rows) else { throw Problem.notFound }
    return SubscriptionPage(subscription).response
  }
}

/// What a form that is sent to the address of a mail asks for.
enum SubscriptionWish: Equatable {
  case end, again

  /// Reads what a mail programme sends for its reader (RFC 8058), as either kind of form, or the page's own form; nil
  /// for anything else.
  init?(_ body: String) {
    if body == SubscriptionPage.again {
      self = .again
    } else if body.contains("List-Unsubscribe"), body.contains("One-Click") {
      self = .end
    } else {
      return nil
    }
  }
}

// What is to be said of the routes.
extension ReportDeliveryRoutes {
  private static let keyParameter = Shape.Member("key", .text, "The secret of the address.")
  private static let path = "/v1/report-deliveries/{id}/subscription"

  private var listing: Route {
    Route(
      .get, "/v1/report-runs/{id}/deliveries", name: "listReportDeliveries", tag: "ReportRuns",
      "Who was told of a run by mail", answer: .list(of: ReportDeliveries.shape)
    ).with {
      $0.about = "One row for each recipient, told or not, and why not. For advisers and system administrators."
      $0.parameters = Route.page
    }
  }

  private var reading: Route {
    Route(
      .get, Self.path, .open, name: "readSubscription", tag: "ReportRuns", "Whether one goes on being told",
      answer: .documents(["text/html"], about: "A page with one button.")
    ).with {
      $0.about = """
        For whoever has the secret address of a mail, without a token. Whatever is wrong with the address is answered as \
        what does not exist.
        """
      $0.parameters = [Self.keyParameter]
    }
  }

  private var changing: Route {
    Route(
      .post, Self.path, .open, name: "changeSubscription", tag: "ReportRuns", "Unsubscribe by one click (RFC 8058)",
      answer: .documents(["text/html"], about: "The page as it is then.")
    ).with {
      $0.about = """
        `List-Unsubscribe=One-Click` ends the mails of the schedule to the recipient of this mail, but for one that is \
        required; `subscribe=again` renews them. Any other form is answered as what does not exist.
        """
      $0.parameters = [Self.keyParameter]
      $0.body = .file("application/x-www-form-urlencoded")
    }
  }
}
