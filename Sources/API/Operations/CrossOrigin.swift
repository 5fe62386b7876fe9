import HTTPTypes
import Hummingbird

/// Pages of other origins that may ask (CORS): none unless configured, and then by name.
struct CrossOrigin: Sendable {
  let origins: Set<String>

  /// The answer to a browser that asks whether it may ask; nil when this is no such question, or not from a page that
  /// may.
  /// - Parameter methods: those of the address; looked for among all routes, and so only when it is such a question.
  func preflight(_ request: Request, allowed methods: @autoclosure () -> [HTTPRequest.Method]) -> Response? {
    guard request.method == .options, request.headers[.accessControlRequestMethod] != nil, origin(of: request) != nil
    else { return nil }
    let allowed = methods()
    if allowed.isEmpty { return nil }
    return Response(
      status: .noContent,
      headers: [
        .accessControlAllowMethods: allowed.map(\.rawValue).joined(separator: ", "),
        .accessControlAllowHeaders:
          "Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Idempotency-Key",
        .accessControlMaxAge: "600",
      ])
  }

  /// Lets a page read the answer, when it may.
  func open(_ response: inout Response, to request: Request) {
    guard let origin = origin(of: request) else { return }
    response.headers[.accessControlAllowOrigin] = origin
    response.headers[.accessControlExposeHeaders] = "ETag, Link, Location, Retry-After, X-Request-ID"
    response.headers.append(HTTPField(name: .vary, value: "Origin"))
  }

  private func origin(of request: Request) -> String? {
    if origins.isEmpty { return nil }
    return request.headers[.origin].flatMap { origins.contains($0) ? $0 : nil }
  }
}
