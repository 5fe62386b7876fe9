import TestDatabase
import Testing

/// The matrix "who writes what" over HTTP: every writing route, everybody, own and other schools.
@Suite struct WritingMatrixTests {
  @Test("Every writing route that the server has is in the matrix, and nothing else is")
  func routes() async throws {
    try await Site.with { site in
      let routes = site.server.routes.routes.filter { $0.method != .get }
      #expect(routes.map { "\($0.method) \($0.path)" }.sorted() == Set(writingTruths.map(\.route)).sorted())
      #expect(routes.allSatisfy { $0.access != .open && $0.access != .identified(.read) })
    }
  }

  @Test("Who may write does; whoever may not is refused, and nothing is changed", arguments: writingTruths)
  func matrix(of line: WritingTruth) async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let before = try await site.organisation.contents()
      var allowed: [(WritingTruth.Attempt, Organisation.Person)] = []
      for attempt in line.attempts {
        for person in Organisation.Person.allCases {
          let expected = line.status(of: attempt, by: person)
          if expected == line.success {
            allowed.append((attempt, person))
            continue
          }
          let answer = try await wire.send(line, attempt, as: person)
          #expect(answer.status == expected, "\(attempt.path) \(attempt.body) as \(person): \(answer.text)")
          if answer.status >= 400 { _ = try answer.problem() }
        }
        let nobody = try await wire.send(line, attempt, as: nil)
        #expect(nobody.status == 401, "\(attempt.path)")
      }
      #expect(try await site.organisation.contents() == before)

      #expect(!allowed.isEmpty)
      for (attempt, person) in allowed {
        let answer = try await wire.send(line, attempt, as: person)
        #expect(answer.status == line.success, "\(attempt.path) \(attempt.body) as \(person): \(answer.text)")
        if answer.status < 300 { try await site.organisation.database.script(attempt.undoing(answer)) }
      }
    }
  }
}

extension WritingTruth: CustomTestStringConvertible {
  var testDescription: String { route + (attempts.first.map { " " + $0.body.prefix(40) } ?? "") }
}

extension WritingTruth.Attempt {
  /// SQL after which the next one may do the same.
  fileprivate func undoing(_ answer: Answer) -> String {
    if !makes { return [fact.restoration, undo ?? "select 1"].joined(separator: "; ") }
    let id = answer["location"]?.split(separator: "/").last ?? ""
    return undo ?? "delete from \(fact.table) where id = '\(id)'"
  }
}

extension Wire {
  /// Makes an attempt of a line of the matrix, whatever the version.
  func send(
    _ line: WritingTruth, _ attempt: WritingTruth.Attempt, as person: Organisation.Person?
  ) async throws -> Answer {
    let condition = ["If-Match: *"]
    if attempt.body.isEmpty { return try await ask(line.method, attempt.path, as: person, condition) }
    let type = attempt.path.hasPrefix("/v1/imports?") ? "text/csv" : "application/json"
    return try await send(
      line.method, attempt.path, as: person, attempt.body, condition + ["Content-Type: \(type)"])
  }
}

extension Organisation {
  /// Everything in the database in one text, but for when tokens were last used.
  func contents() async throws -> String {
    let tables = try await database.script(
      """
      select relname
      from pg_class
      where relnamespace = 'beeld'::regnamespace and relkind = 'r' and relname <> 'api_token'
      order by relname
      """)
    let queries = (0..<(tables?.count ?? 0)).compactMap { tables?.string($0, 0) }.map {
      "select '\($0) ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') as line from \($0) t"
    }
    let lines = try await database.script(queries.joined(separator: " union all ") + " order by line")
    return (0..<(lines?.count ?? 0)).compactMap { lines?.string($0, 0) }.joined(separator: "\n")
  }
}
