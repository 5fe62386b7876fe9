import Foundation
import Testing

/// A problem (RFC 9457) as the server words it.
struct ProblemBody: Decodable {
  struct Fault: Decodable {
    /// Exactly one of the three says where.
    let parameter: String?
    let pointer: String?
    let header: String?
    let code: String
    let detail: String
  }

  let type: String
  let title: String
  let status: Int
  let detail: String
  let code: String
  let request_id: String
  let errors: [Fault]?
  /// With a step that is not possible now: those that are.
  let allowed_transitions: [String]?
}

extension Answer {
  /// The body as a problem, after checks of what every problem has in common.
  func problem(sourceLocation: SourceLocation = #_sourceLocation) throws -> ProblemBody {
    #expect(self["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
    #expect(self["cache-control"] == "no-store", sourceLocation: sourceLocation)
    let problem = try JSONDecoder().decode(ProblemBody.self, from: Data(body))
    #expect(problem.status == status, sourceLocation: sourceLocation)
    #expect(problem.type.hasSuffix(":" + problem.code), sourceLocation: sourceLocation)
    #expect(!problem.title.isEmpty && !problem.detail.isEmpty, sourceLocation: sourceLocation)
    #expect(problem.request_id == self["x-request-id"], sourceLocation: sourceLocation)
    return problem
  }
}
