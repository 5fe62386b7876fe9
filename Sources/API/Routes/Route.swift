import HTTPTypes
import Program

/// One route of the server with all that is to be said of it: what the router serves, the document describes and the
/// tests enumerate is this one value.
public struct Route: Sendable {
  public enum Access: Sendable, Equatable {
    /// Anybody may ask: no data of people behind it.
    case open
    /// Needs an identity whose token is good for this.
    case identified(Identity.Scope)
  }

  /// What stands in a request's body.
  public enum Body: Sendable {
    case form(Form, Form.Act)
    /// `{"to": …}` with one of these states.
    case transition([String])
    /// A file of this media type.
    case file(String)
  }

  /// What is answered when all is well.
  public enum Answer: Sendable {
    case json(Shape, status: Int = 200)
    case list(of: Shape)
    case none
    /// Documents in these media types.
    case documents([String], about: String)
  }

  public let method: HTTPRequest.Method
  /// With `{name}` for a variable part.
  public let path: String
  public let access: Access
  /// Unique, for programs that are made from the document: `listEmployments`.
  public let name: String
  /// Under which heading it stands.
  public let tag: String
  /// One line.
  public let summary: String
  public var about = ""
  public var parameters: [Shape.Member] = []
  public var body: Body?
  public var answer: Answer
  /// Media types of documents that it can be had as beside JSON.
  public var documents: [String] = []
  /// Whether `If-Match` is needed.
  public var isConditional = false
  /// Whether it writes the whole of something, or makes it: with `If-Match` or `If-None-Match: *`.
  public var isWhole = false
  /// Whether the answer carries an `ETag` and `If-None-Match` is heeded.
  public var hasEntityTag = false
  /// Whether what it answers without naming anything, figures of the board, is not there for everybody.
  public var isForSome = false
  /// Whether a reading is refused to some who see what it is about, rather than not found.
  public var mayRefuse = false
  /// Whether it writes nothing: it tells what a writing would do.
  public var isTrial = false
  /// Where what it answers, or makes, can be found by its id: `/v1/employments`.
  public var leadsTo: String?
  /// What the variable parts of the path look like; ids where nothing is said.
  public var pathShapes: [String: Shape] = [:]

  init(
    _ method: HTTPRequest.Method, _ path: String, _ access: Access = .identified(.read), name: String, tag: String,
    _ summary: String, answer: Answer
  ) {
    self.method = method
    self.path = path
    self.access = access
    self.name = name
    self.tag = tag
    self.summary = summary
    self.answer = answer
  }

  /// The same with more said of it.
  func with(_ more: (inout Route) -> Void) -> Route {
    var route = self
    more(&route)
    return route
  }

  /// Names of the variable parts of the path, in order.
  public var pathParameters: [String] {
    path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
  }
}
