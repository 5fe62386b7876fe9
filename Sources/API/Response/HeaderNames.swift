import HTTPTypes

extension HTTPField.Name {
  static let link = named("Link")
  static let requestID = named("X-Request-ID")
  static let referrerPolicy = named("Referrer-Policy")
  static let idempotencyKey = named("Idempotency-Key")

  private static func named(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no header name") }
    return name
  }
}
