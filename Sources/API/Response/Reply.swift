import HTTPTypes
import Hummingbird
import Postgres
import Program

/// Answers that the database wrote: their bytes go to the client as they are.
enum Reply {
  /// One resource: columns `version` and `body`. No row: it does not exist for the one who asks.
  static func resource(_ rows: Rows, to request: Request) throws -> Response {
    guard rows.count == 1, let version = rows.string(0, 0),
      let body = rows.withBytes(0, 1, { ByteBuffer(bytes: $0) })
    else { throw Problem.notFound }
    let tag = entityTag(version: version, body)
    if let known = request.headers[.ifNoneMatch], matches(known, tag) {
      return Response(status: .notModified, headers: headers(tag: tag))
    }
    return Response(status: .ok, headers: headers(tag: tag), body: .init(byteBuffer: body))
  }

  /// What came of a command: the resource as it is now, with its address when it was made.
  static func done(_ done: Command.Done, at collection: String) throws -> Response {
    // Done, and no longer the asker's to see: who hands something over, or declines it, has no more to do with it.
    if done.status == 204 || done.status == 200 && done.rows.count == 0 {
      return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
    // Made, and gone again meanwhile: an answer that came late.
    guard done.rows.count == 1, let version = done.rows.string(0, 0),
      let body = done.rows.withBytes(0, 1, { ByteBuffer(bytes: $0) })
    else { throw Problem.notFound }
    var headers = headers(tag: entityTag(version: version, body))
    if done.status == 201 { headers[.location] = collection + "/" + done.resource }
    return Response(status: done.status == 201 ? .created : .ok, headers: headers, body: .init(byteBuffer: body))
  }

  /// A list: one row, one column `body`, which tells with `next` whether there is more.
  static func list(_ rows: Rows, to request: Request) throws -> Response {
    guard rows.count == 1, let body = rows.withBytes(0, 0, { ByteBuffer(bytes: $0) }) else { throw Problem.notFound }
    var headers = jsonHeaders
    if let next = nextCursor(in: body) {
      headers[.link] = "<\(address(of: request, after: next))>; rel=\"next\""
    }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
  }

  /// Figures, computed for this answer: one row, one column `body`. No row: none for the one who asks.
  static func figures(_ rows: Rows) throws -> Response {
    guard rows.count == 1, let body = rows.withBytes(0, 0, { ByteBuffer(bytes: $0) }) else { throw Problem.notFound }
    return Response(status: .ok, headers: jsonHeaders, body: .init(byteBuffer: body))
  }

  /// A resource that was worded here, in a language.
  static func worded(
    _ bytes: [UInt8], version: Int, in language: Language, status: HTTPResponse.Status, to request: Request
  ) -> Response {
    let body = ByteBuffer(bytes: bytes)
    let tag = entityTag(version: String(version), body)
    var headers = headers(tag: tag)
    headers[.contentLanguage] = language.rawValue
    if request.method == .get, let known = request.headers[.ifNoneMatch], matches(known, tag) {
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: status, headers: headers, body: .init(byteBuffer: body))
  }

  /// A text of a teacher's or a school's: nobody on the way keeps it.
  static func content(_ opened: Vault.Opened?, status: HTTPResponse.Status, to request: Request) throws -> Response {
    guard let opened else { throw Problem.notFound }
    let body = ByteBuffer(bytes: opened.text.bytes)
    let tag = entityTag(version: String(opened.version), body)
    var headers = headers(tag: tag)
    headers[.cacheControl] = "no-store"
    if request.method == .get, let known = request.headers[.ifNoneMatch], matches(known, tag) {
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: status, headers: headers, body: .init(byteBuffer: body))
  }

  /// A calendar: for the programme of one person, which asks every time whether it is still so.
  static func calendar(_ bytes: [UInt8], to request: Request) -> Response {
    let body = ByteBuffer(bytes: bytes)
    let tag = entityTag(version: "1", body)
    let headers: HTTPFields = [
      .contentType: "text/calendar; charset=utf-8", .cacheControl: "private, no-cache", .eTag: tag,
    ]
    if let known = request.headers[.ifNoneMatch], matches(known, tag) {
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
  }

  /// What is the same for everybody, until the server is another.
  static func fixed(_ document: FixedDocument, to request: Request) throws -> Response {
    let (body, tag) = try document.content()
    let headers: HTTPFields = [.contentType: document.type, .cacheControl: "public, max-age=300", .eTag: tag]
    if let known = request.headers[.ifNoneMatch], matches(known, tag) {
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
  }

  /// JSON that was worded here.
  static func json(_ bytes: [UInt8], language: Language? = nil) -> Response {
    var headers = jsonHeaders
    if let language { headers[.contentLanguage] = language.rawValue }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// A page for one person, which nobody on the way keeps.
  static func page(_ bytes: [UInt8], in language: Language) -> Response {
    let headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .contentLanguage: language.rawValue, .cacheControl: "no-store",
      .vary: "Authorization, Accept, Accept-Language",
    ]
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private static let jsonHeaders: HTTPFields = [
    .contentType: "application/json; charset=utf-8",
    .cacheControl: "private, no-cache",
    .vary: "Authorization, Accept-Language",
  ]

  private static func headers(tag: String) -> HTTPFields {
    var headers = jsonHeaders
    headers[.eTag] = tag
    return headers
  }

  /// `"<version>-<body hash>"`: the version is what `If-Match` compares, the hash (FNV-1a) tells representations apart.
  static func entityTag(version: String, _ body: ByteBuffer) -> String {
    let hash = body.withUnsafeReadableBytes { bytes in
      bytes.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
    return "\"\(version)-\(String(hash, radix: 16))\""
  }

  /// Weak comparison (RFC 9110 §13.1.2).
  private static func matches(_ header: String, _ tag: String) -> Bool {
    let candidates = header.split(separator: ",").map { $0.drop { $0 == " " } }
    return header == "*" || candidates.contains { ($0.hasPrefix("W/") ? $0.dropFirst(2) : $0) == tag }
  }

  /// The lists' statements write `next` last, and a cursor needs no escapes.
  private static func nextCursor(in body: ByteBuffer) -> String? {
    let bytes = body.readableBytesView
    guard bytes.count >= 2, bytes[bytes.endIndex - 2] == UInt8(ascii: "\"") else { return nil }
    let end = bytes.endIndex - 2
    guard let start = bytes[..<end].lastIndex(of: UInt8(ascii: "\"")) else { return nil }
    return String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
  }

  private static func address(of request: Request, after cursor: String) -> String {
    let kept = (request.uri.query ?? "").split(separator: "&").filter { QueryReader.name(of: $0) != "after" }
    return request.uri.path + "?" + (kept + ["after=" + cursor]).joined(separator: "&")
  }
}
