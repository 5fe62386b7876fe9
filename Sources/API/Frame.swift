import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Postgres
import Program

/// Stands around every request: names it, hands its language and credential on, turns whatever was thrown into a
/// problem, adds the headers that every answer has, counts and logs.
struct Frame<Inner: HTTPResponder<OpenContext>>: HTTPResponder {
  let inner: Inner
  let routes: RouteTable
  let signIn: SignIn?
  let crossOrigin: CrossOrigin
  let metrics: RequestMetrics
  let logger: Logger

  func respond(to request: Request, context: OpenContext) async -> Response {
    let started = ContinuousClock.now
    var context = context
    context.requestID = .next()
    context.acceptLanguage = request.headers[.acceptLanguage]
    context.credential = Credential(request.headers[.authorization])
    if let signIn, case .accessToken(let token) = context.credential, request.uri.path.hasPrefix("/v1/") {
      context.credential = await signIn.verify(token)
    }

    var response = await answer(request, context)
    // Whatever is answered to HEAD has no body: one that followed would be read as the next answer.
    if request.method == .head { response = response.createHeadResponse() }
    crossOrigin.open(&response, to: request)
    for field in answerHeaders { response.headers.append(field) }
    response.headers.append(HTTPField(name: .requestID, value: context.requestID.description))
    response.headers.append(HTTPField(name: .date, value: HTTPDate.now))

    let route = context.coreContext.endpointPath.value
    let elapsed = ContinuousClock.now - started
    metrics.record(route: route, method: request.method, status: response.status, elapsed: elapsed)
    log(request, route: route, response.status, elapsed, context.requestID)
    return response
  }

  private func answer(_ request: Request, _ context: OpenContext) async -> Response {
    if let answer = crossOrigin.preflight(request, allowed: routes.methods(for: request.uri.path)) { return answer }
    do {
      let response = try await inner.respond(to: request, context: context)
      // The router's own bare word for an address that no route fits; handlers throw theirs.
      return response.status == .notFound ? present(refusal(of: request), context) : response
    } catch {
      return present(problem(for: error, request, context.requestID), context)
    }
  }

  private func present(_ problem: Problem, _ context: OpenContext) -> Response {
    problem.response(in: context.language, requestID: context.requestID)
  }

  private func problem(for error: any Error, _ request: Request, _ id: RequestName) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let error as PostgresError:
      let problem = Problem(error)
      if problem.status.kind == .serverError {
        // Class and place, never what the server quoted of anybody's data.
        logger.error("database", metadata: ["request_id": "\(id)", "error": "\(error)"])
      }
      return problem
    case let error as ContentFault:
      // Which text or key it is, never anything of it.
      logger.error("content", metadata: ["request_id": "\(id)", "error": "\(error)"])
      return Problem(error)
    case let error as HTTPError where error.status == .contentTooLarge:
      return .tooLarge
    // The client went away, or went on with what is no HTTP, while its body was being read: nobody hears the answer.
    case is ChannelError, is HTTPParserError: return .malformedRequest
    default:
      logger.error("unexpected", metadata: ["request_id": "\(id)", "error_type": "\(type(of: error))"])
      return .internal
    }
  }

  private func refusal(of request: Request) -> Problem {
    let allowed = routes.methods(for: request.uri.path)
    return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed)
  }

  private func log(
    _ request: Request, route: String?, _ status: HTTPResponse.Status, _ elapsed: Duration, _ id: RequestName
  ) {
    let level: Logger.Level = status.code >= 500 ? .warning : .debug
    logger.log(
      level: level, "request",
      metadata: [
        "request_id": "\(id)", "method": "\(request.method)", "route": "\(route ?? "-")", "status": "\(status.code)",
        "ms": "\(elapsed / .milliseconds(1))",
      ])
  }
}

/// The answers are data, for programs: nothing may frame, sniff or run them.
private let answerHeaders = [
  HTTPField(name: .xContentTypeOptions, value: "nosniff"),
  HTTPField(name: .referrerPolicy, value: "no-referrer"),
  HTTPField(
    name: .contentSecurityPolicy,
    value: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"),
]
