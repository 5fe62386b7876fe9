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
    guard Self.type(of: request).map({ types.contains($0) }) == true else { throw Problem.unsupportedMediaType(types) }
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

  private static func type(of request: Request) -> String? {
    request.headers[.contentType].map { header in
      String(header.prefix { $0 != ";" }).lowercased().filter { !$0.isWhitespace }
    }
  }
}
