import TestDatabase
import Testing

/// The matrix "who writes what" over HTTP: every writing route, everybody, own and other schools.
@Suite struct WritingMatrixTests {
  @Test("Every writing route that the server has is in the matrix, and nothing else is")
  func routes() async throws {
    try await Site.with { site in
      // One address needs no identity: whoever has the secret in a mail ends the mails.
      let open = site.server.routes.routes.filter { $0.method != .get && $0.access == .open }
      #expect(open.map { "\($0.method) \($0.path)" } == ["POST /v1/report-deliveries/{id}/subscription"])
      let routes = site.server.routes.routes.filter { $0.method != .get && $0.access != .open }
      #expect(routes.map { "\($0.method) \($0.path)" }.sorted() == Set(writingTruths.map(\.route)).sorted())
      #expect(routes.allSatisfy { $0.access != .identified(.read) })
    }
  }

  @Test("Who may write does; whoever may not is refused, and nothing is changed", arguments: writingTruths)
  func matrix(of line: WritingTruth) async throws {
    try await Site.with(arrangement: line.arrangement) { site in
      let before = try await site.organisation.contents()
      try await site.organisation.database.script(Organisation.keepingOfCoaching)
      let wire = try site.connect()
      var allowed: [(WritingTruth.Attempt, Organisation.Person)] = []
      for attempt in line.attempts {
        for person in Organisation.Person.allCases {
          let verdict = line.verdict(of: attempt, by: person)
          if verdict.isDone {
            allowed.append((attempt, person))
            continue
          }
          let answer = try await wire.send(line, attempt, as: person)
          let what = "\(attempt.path) \(attempt.body) as \(person)"
          #expect(answer.status == verdict.status(success: line.success), "\(what): \(answer.text)")
          if answer.status == verdict.status(success: line.success) { try verdict.check(answer, what) }
        }
        let nobody = try await wire.send(line, attempt, as: nil)
        #expect(nobody.status == 401, "\(attempt.path)")
      }
      #expect(try await site.organisation.contents() == before)

      #expect(!allowed.isEmpty)
      for (attempt, person) in allowed {
        // A connection of its own: between two attempts everything is brought back, which takes its time.
        let answer = try await site.connect().send(line, attempt, as: person)
        let status = line.verdict(of: attempt, by: person).status(success: line.success)
        #expect(answer.status == status, "\(attempt.path) \(attempt.body) as \(person): \(answer.text)")
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
    if verdicts != nil { return Organisation.restorationOfCoaching }
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
  private static let coachingTables = [
    "coach", "coach_unavailability", "request", "trajectory", "follow_up", "carrier", "recording", "copy", "agreement",
    "breach", "data_key", "content", "storyboard", "consent", "notice", "objection", "placement", "measure", "promise",
    "quarantine", "report_acknowledgement",
  ]

  /// SQL that keeps the coaching as it is, to be brought back after a step that has no way back.
  static let keepingOfCoaching =
    (["create schema kept"] + coachingTables.map { "create table kept.\($0) as table beeld.\($0)" })
    .joined(separator: ";\n")

  /// SQL that brings it back, past the machines and what follows from them.
  static let restorationOfCoaching =
    (["set session_replication_role = replica"]
    + coachingTables.map { "delete from beeld.\($0); insert into beeld.\($0) table kept.\($0)" })
    .joined(separator: ";\n")

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
