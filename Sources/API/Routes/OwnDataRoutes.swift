import Archive
import HTTPTypes
import Hummingbird
import Postgres
import Program

/// The rights of the one whose data it is: to see who sees it, to take it along, to have what they wrote erased.
struct OwnDataRoutes {
  let database: Database
  let vault: Vault
  let slots: DocumentSlots

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/me/visibility", name: "readMyVisibility", tag: "Me", "Who can see what of mine, and why",
        answer: .json(Visibility.shape)), visibility)
    routes.identified(
      Route(
        .get, "/v1/me/export", name: "exportMyData", tag: "Me", "Everything held about me",
        answer: .documents(["application/zip"], about: "A ZIP of JSON, with an index to read.")
      ).with { $0.about = "AVG art. 15 and 20. What I wrote is in it, opened; nothing of anybody else is." }, export)
    routes.identified(
      Route(
        .delete, "/v1/me/content", .identified(.write), name: "eraseMyContent", tag: "Me",
        "Erase everything that I wrote", answer: .json(Erasure.shape)
      ).with {
        $0.about = """
          At once and for everyone: the key that it is sealed under is destroyed. Facts stay, and with them the figures. \
          Backups forget it within 30 days.
          """
      }, erase)
  }

  @Sendable private func visibility(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.figures(await database.read(context.identity.read(Visibility.query)))
  }

  @Sendable private func erase(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let done = try await Erasure.command.perform(
      as: context.identity, named: Command.Name(), request: context.requestID.description, in: database)
    return try Reply.done(done, at: "/v1/me")
  }

  /// The texts are read first: whether they can be opened is known before the first byte is on its way.
  @Sendable private func export(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let (database, identity, language) = (database, context.identity, context.language)
    let texts = try await texts(of: identity, request: context.requestID.description)
    let place = try slots.take()
    let body = ResponseBody { writer in
      let archive = try ZIPArchive()
      try await writer.write(
        ByteBuffer(bytes: archive.add("index.html", OwnDataIndex(language, texts.map(\.name)).bytes)))
      try await database.withSession { session in
        try await session.transaction(isolation: .repeatableRead, readOnly: true) {
          try await identity.take(session)
          for part in try await session.query(OwnData.facts).files {
            try await writer.write(ByteBuffer(bytes: archive.add(part.name + ".json", part.bytes)))
          }
        }
      }
      for text in texts { try await writer.write(ByteBuffer(bytes: archive.add(text.name, text.bytes))) }
      try await writer.write(ByteBuffer(bytes: archive.finish()))
      try await writer.finish(nil)
      withExtendedLifetime(place) {}
    }
    return Response(status: .ok, headers: Self.headers, body: body)
  }

  private struct File: Sendable {
    let name: String
    let bytes: [UInt8]
  }

  private func texts(of identity: Identity, request: String) async throws -> [File] {
    let found = try await database.read(identity.read(OwnData.texts))
    var files: [File] = []
    for row in 0..<found.count {
      guard let kind = ContentKind.all.first(where: { $0.code == found.string(row, 0) }),
        let item = found.string(row, 1).flatMap({ UUIDv7($0) }),
        let opened = try await vault.read(kind, of: item, as: identity, request: request)
      else { continue }
      files.append(File(name: "texts/\(kind.code)/\(item).json", bytes: opened.text.bytes))
    }
    return files
  }

  private static let headers: HTTPFields = [
    .contentType: "application/zip", .contentDisposition: "attachment; filename=\"beeld.zip\"",
    .cacheControl: "no-store", .vary: "Authorization, Accept-Language",
  ]
}

extension Rows {
  /// Rows of a name and its bytes.
  fileprivate var files: [(name: String, bytes: [UInt8])] {
    (0..<count).compactMap { row in
      guard let name = string(row, 0), let bytes = withBytes(row, 1, { Array($0) }) else { return nil }
      return (name, bytes)
    }
  }
}

/// The page that says what the files of an export are.
private struct OwnDataIndex {
  let language: Language
  let texts: [String]

  init(_ language: Language, _ texts: [String]) {
    self.language = language
    self.texts = texts
  }

  var bytes: [UInt8] {
    let title = language(dutch: "Alles wat over u bewaard wordt", english: "Everything held about you")
    let parts = OwnData.parts.map {
      "<li><a href=\"\($0.name).json\">\($0.name).json</a> \($0.about(in: language))</li>"
    }
    let written = language(dutch: "Wat u schreef", english: "What you wrote")
    let files = texts.map { "<li><a href=\"\($0)\">\($0)</a></li>" }
    return Array(
      """
      <!doctype html>
      <html lang="\(language.rawValue)">
      <meta charset="utf-8">
      <title>\(title)</title>
      <h1>\(title)</h1>
      <ul>
      \(parts.joined(separator: "\n"))
      </ul>
      <h2>\(written)</h2>
      <ul>
      \(files.joined(separator: "\n"))
      </ul>
      </html>

      """.utf8)
  }
}
