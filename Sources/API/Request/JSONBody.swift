import HTTPTypes
import Hummingbird
import Program

/// The JSON body of a request: bounded, strict, and kept as bytes too, since the name of a command covers them.
struct JSONBody {
  /// Bytes of a body at most.
  static let limit = 1 << 20

  let bytes: [UInt8]
  let value: JSONValue

  /// - Parameter types: the media types that are taken, without parameters.
  /// - Throws: `Problem` 413, 415 or 400.
  init(_ request: Request, types: [String] = ["application/json"]) async throws {
    try Self.demand(types, of: request)
    let buffer = try await request.body.collect(upTo: Self.limit)
    bytes = Array(buffer.readableBytesView)
    do {
      value = try JSONValue(bytes)
    } catch {
      throw Problem.malformedJSON(error)
    }
  }

  /// - Throws: `Problem` 422 with every faulty field.
  func draft(_ form: Form, for act: Form.Act) throws(Problem) -> Draft {
    do {
      return try form.draft(of: value, for: act)
    } catch {
      throw .invalidFields(error.list)
    }
  }

  /// Refuses a body that is not said to be of one of these media types.
  static func demand(_ types: [String], of request: Request) throws(Problem) {
    guard let type = type(of: request), types.contains(type) else { throw .unsupportedMediaType(types) }
  }

  private static func type(of request: Request) -> String? {
    request.headers[.contentType].map { header in
      String(header.prefix { $0 != ";" }).lowercased().filter { !$0.isWhitespace }
    }
  }
}
