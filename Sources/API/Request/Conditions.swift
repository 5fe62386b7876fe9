import Crypto
import HTTPTypes
import Hummingbird
import Program

/// What the headers of a write demand: the version it is meant for, and that it happens once.
enum Conditions {
  /// The version that `If-Match` names; nil for `*`, any. `W/` and the part behind the dash do not matter.
  /// - Throws: `Problem` 428 without the header, 400 when it is not one of our entity tags.
  static func version(_ request: Request) throws(Problem) -> Int? {
    guard let header = request.headers[.ifMatch] else { throw .preconditionRequired }
    let tag = header.drop { $0 == " " }
    if tag == "*" { return nil }
    let quoted = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    guard quoted.count >= 3, quoted.first == "\"", quoted.last == "\"" else { throw .invalidHeader(.entityTag) }
    let parts = quoted.dropFirst().dropLast().split(separator: "-", omittingEmptySubsequences: false)
    let isHexadecimal = parts.count == 2 && parts[1].utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard isHexadecimal, parts[0].utf8.count <= 9, let version = Int(parts[0]), version > 0 else {
      throw .invalidHeader(.entityTag)
    }
    return version
  }

  /// What a text that is written as a whole is to replace: `If-None-Match: *` means that there is none yet.
  /// - Throws: `Problem` 428 without either header, 400 when it is not one of ours.
  static func known(_ request: Request) throws(Problem) -> Vault.Known {
    if let header = request.headers[.ifNoneMatch] {
      guard header.filter({ $0 != " " }) == "*", request.headers[.ifMatch] == nil else {
        throw .invalidHeader(.noEntityTag)
      }
      return .first
    }
    return try version(request).map { .version($0) } ?? .any
  }

  /// The command's name: the client's `Idempotency-Key` and a hash of what is asked, or a name of our own.
  /// - Parameter body: its bytes or a mark of them; asked for where there is a key.
  /// - Throws: `Problem` 400 for a key that is none; what `body` throws.
  static func name(_ request: Request, _ body: @autoclosure () throws -> [UInt8]) throws -> Command.Name {
    guard let key = request.headers[.idempotencyKey] else { return Command.Name() }
    try demandName(request)
    var hash = SHA256()
    for part in [request.method.rawValue, request.uri.string, request.headers[.ifMatch] ?? ""] {
      hash.update(data: Array(part.utf8) + [0])
    }
    hash.update(data: try body())
    return Command.Name(key: key, hash: Array(hash.finalize()))
  }

  /// Refuses a key that is none, before a long body is taken in.
  static func demandName(_ request: Request) throws(Problem) {
    guard let key = request.headers[.idempotencyKey] else { return }
    guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .invalidHeader(.idempotencyKey)
    }
  }
}
