import HTTPTypes
import Hummingbird
import Program

/// All routes, in the order of their registration.
public struct RouteTable: Sendable {
  public internal(set) var routes: [Route] = []

  /// The methods that an address knows; none where no route fits. A word of a route goes before a parameter, as it does
  /// for the router.
  func methods(for path: String) -> [HTTPRequest.Method] {
    let parts = path.split(separator: "/")
    let fitting = routes.filter { $0.matches(parts) }
    let fewest = fitting.map(\.pathParameters.count).min()
    let methods = fitting.filter { $0.pathParameters.count == fewest }.map(\.method)
    return methods.contains(.get) ? methods + [.head] : methods
  }
}

extension Route {
  fileprivate func matches(_ parts: [Substring]) -> Bool {
    let pattern = path.split(separator: "/")
    return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
  }
}

/// Registers routes and remembers them: nothing is served that the table does not name.
struct RouteBuilder {
  let router = Router(context: OpenContext.self, options: .autoGenerateHeadEndpoints)
  private let limits: RateLimits<Identity>
  private let use: TokenUse
  private(set) var table = RouteTable()

  init(limits: RateLimits<Identity>, use: TokenUse) {
    self.limits = limits
    self.use = use
  }

  /// A route that anybody may ask.
  mutating func open(
    _ route: Route, _ handler: @escaping @Sendable (Request, OpenContext) async throws -> Response
  ) {
    table.routes.append(route)
    router.on(RouterPath(route.path), method: route.method, use: handler)
  }

  /// A route that needs an identity.
  mutating func identified(
    _ route: Route, _ handler: @escaping @Sendable (Request, IdentifiedContext) async throws -> Response
  ) {
    table.routes.append(route)
    let (limits, use) = (limits, use)
    router.group(context: IdentifiedContext.self).on(RouterPath(route.path), method: route.method) { request, context in
      try limits.admit(context.identity)
      let response = try await handler(request, context)
      // Only now: of a token that nobody has, nothing is to be remembered.
      use.note(context.identity)
      return response
    }
  }
}

extension IdentifiedContext {
  /// The id in the address. A malformed one names nothing that exists.
  func id(_ name: String) throws(Problem) -> UUIDv7 {
    guard let id = parameters.get(name).flatMap({ UUIDv7($0) }) else { throw .notFound }
    return id
  }
}
