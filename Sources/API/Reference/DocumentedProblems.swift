extension Problem {
  /// A kind of problem as the document and the reference name it.
  struct Documented {
    let status: Int
    /// Its name among the components.
    let name: String
    let about: String
    /// The header that comes with it.
    var header: (name: String, component: String)?
  }

  static let documented: [Documented] = [
    .init(
      status: 400, name: "BadRequest", about: "A parameter, a header or the JSON is malformed; `errors` names each."),
    .init(
      status: 401, name: "Unauthenticated", about: "No token, or one that is not accepted.",
      header: ("WWW-Authenticate", "WWWAuthenticate")),
    .init(status: 403, name: "Forbidden", about: "You may see it, but not do this."),
    .init(status: 404, name: "NotFound", about: "It does not exist, or not for you."),
    .init(status: 406, name: "NotAcceptable", about: "There is no such form of it."),
    .init(status: 409, name: "Conflict", about: "The state of things forbids it; `code` says what stands in the way."),
    .init(status: 412, name: "PreconditionFailed", about: "It has changed since the version in If-Match."),
    .init(status: 413, name: "TooLarge", about: "The body is larger than is taken here."),
    .init(status: 415, name: "UnsupportedMediaType", about: "The body is not said to be of a type that is taken here."),
    .init(status: 422, name: "InvalidFields", about: "Fields of the body are faulty; `errors` names every one."),
    .init(status: 428, name: "PreconditionRequired", about: "If-Match is needed."),
    .init(
      status: 429, name: "TooManyRequests", about: "More requests than one identity may make.",
      header: ("Retry-After", "RetryAfter")),
    .init(status: 500, name: "InternalError", about: "Our mistake; the request's id finds it in the log."),
    .init(
      status: 503, name: "Unavailable", about: "Not now; nothing was done, or nobody knows (`outcome_unknown`).",
      header: ("Retry-After", "RetryAfter")),
  ]

  static func documentedName(of status: Int) -> String {
    documented.first { $0.status == status }?.name ?? "InternalError"
  }
}
