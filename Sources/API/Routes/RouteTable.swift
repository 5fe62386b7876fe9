import HTTPTypes
import Hummingbird
import Program

/// One route of the server, as tests and the documentation enumerate them.
public struct Route: Sendable, Hashable {
  public enum Access: Sendable { case open, identified }

  public let method: String
  /// With `{name}` for a variable part.
  public let path: String
  public let access: Access
}

/// All routes, in the order of their registration.
public struct RouteTable: Sendable {
  public internal(set) var routes: [Route] = []

  /// The methods that an address knows; none where no route fits.
  func methods(for path: String) -> [HTTPRequest.Method] {
    let parts = path.split(separator: "/")
    let methods = routes.filter { $0.matches(parts) }.compactMap { HTTPRequest.Method($0.method) }
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
  private(set) var table = RouteTable()

  /// A route that anybody may ask: no data of people behind it.
  mutating func open(
    _ path: String, _ handler: @escaping @Sendable (Request, OpenContext) async throws -> Response
  ) {
    table.routes.append(Route(method: "GET", path: path, access: .open))
    router.get(RouterPath(path), use: handler)
  }

  /// A route that needs an identity.
  mutating func identified(
    _ path: String, _ handler: @escaping @Sendable (Request, IdentifiedContext) async throws -> Response
  ) {
    table.routes.append(Route(method: "GET", path: path, access: .identified))
    router.group(context: IdentifiedContext.self).get(RouterPath(path), use: handler)
  }
}

extension IdentifiedContext {
  /// The id in the address. A malformed one names nothing that exists.
  func id(_ name: String) throws(Problem) -> UUIDv7 {
    guard let id = parameters.get(name).flatMap({ UUIDv7($0) }) else { throw .notFound }
    return id
  }
}
