import Hummingbird
import Logging
import Program

/// What is known of every request before anybody asks who sent it.
struct OpenContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Names the request in the log, in the audit and in problems.
  var requestID = RequestName.none
  /// What it brought to say who sent it.
  var credential = Credential.missing
  /// The header as it came.
  var acceptLanguage: String?

  /// The language of everything worded for a person.
  var language: Language { Language(acceptLanguage: acceptLanguage) }

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
  }
}

/// The context of routes that need an identity: a handler that takes it cannot be reached without one.
struct IdentifiedContext: ChildRequestContext {
  var coreContext: CoreRequestContextStorage
  let requestID: RequestName
  let identity: Identity
  private let acceptLanguage: String?

  /// The language of everything worded for a person.
  var language: Language { Language(acceptLanguage: acceptLanguage) }

  /// - Throws: `Problem` 401 when the request brought no credential, or none that can be one.
  init(context: OpenContext) throws {
    coreContext = context.coreContext
    requestID = context.requestID
    acceptLanguage = context.acceptLanguage
    identity = try context.credential.identity()
  }
}
