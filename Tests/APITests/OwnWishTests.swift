import TestDatabase
import Testing

/// A voluntary recording that its teacher keeps to themselves leaves no trace in any answer to anybody else: not as a
/// row, a reason, a figure, a tag or a length. Shown by taking it away: nobody's answers change but the teacher's. The
/// coach and those who assign and guard are told of the guidance; a director and a school of nothing at all.
@Suite struct OwnWishTests {
  /// Every address of the truth table but those of the audit, which is to tell of the taking away too, and of what was
  /// asked before.
  private static func addresses(_ truths: [RouteTruth]) -> [String] {
    truths.filter { ![.operation, .audit, .export].contains($0.subject) }.flatMap {
      $0.expectations(for: .adviser).map(\.path)
    }
  }

  /// The addresses of the programme, and the views in which such a recording would show most.
  private static let programme: [String] = {
    let days = [-85, -80, -75, -70, -17, -15, -12, -10, -1, 0, 5].map { "app.today() + \($0)" }
    let coaching = Set((coachingTruths + parentsTruths + coachingRegistryTruths).map(\.route))
    return addresses(routeTruths.filter { !coaching.contains($0.route) })
      + ["covered", "recorded", "planned", "open"].map { "/v1/starters?coverage=\($0)" }
      + ["none", "due_soon", "at_risk", "overdue"].map { "/v1/starters?urgency=\($0)&limit=1" }
      + days.flatMap { day in
        ["/v1/starters?as_of={\(day)}", "/v1/coverage?group_by=school&as_of={\(day)}"]
          + [Organisation.Person.teacher, .colleague].map { "/v1/starters/\($0.id)/explanation?as_of={\(day)}" }
      }
  }()

  @Test("Taking the private recordings away changes no answer to anybody but their teachers")
  func noTrace() async throws {
    try await Site.with { site in
      let addresses = try await Self.dated(Self.programme, site)
      let before = try await answers(of: site, to: addresses)
      try await site.organisation.database.script(
        "delete from recording where not counts_for_programme and trajectory_id is null")
      let after = try await answers(of: site, to: addresses)

      let owners: Set<Organisation.Person> = [.teacher, .colleague]
      for (person, answers) in before where !owners.contains(person) {
        for (address, answer) in answers { #expect(answer == after[person]?[address], "\(address) as \(person)") }
      }
      for owner in owners {
        let changed = before[owner]!.filter { after[owner]![$0.key] != $0.value }.map(\.key)
        #expect(!changed.isEmpty, "the teacher's own explanation shows it")
        #expect(changed.allSatisfy { $0.contains("/\(owner.id)/explanation") }, "and nothing else does")
      }
    }
  }

  @Test("Taking every own wish away, with all guidance that came of it, changes no answer to a director or a school")
  func noTraceOfGuidance() async throws {
    try await Site.with { site in
      let addresses = Self.addresses(routeTruths)
      let bystanders: [Organisation.Person] = [
        .director, .directorElsewhere, .schoolAdmin, .systemAdmin, .support, .futureDirector, .teacherFarAway,
        .newcomer,
      ]
      let before = try await answers(of: site, to: addresses, as: bystanders + [.adviser, .coach])
      try await site.organisation.database.script(
        "delete from request where origin = 'own_wish'; delete from recording where origin = 'own_wish'")
      let after = try await answers(of: site, to: addresses, as: bystanders + [.adviser, .coach])

      for person in bystanders {
        for (address, answer) in before[person] ?? [:] {
          // That a class is filmed at some hour, the school is told; not whose wish it is.
          let tellsPlans = address.hasSuffix("planned-recordings") || address.hasPrefix("/v1/objections/")
          if person == .schoolAdmin, tellsPlans { continue }
          #expect(answer == after[person]?[address], "\(address) as \(person)")
        }
      }
      #expect(before[.adviser] != after[.adviser] && before[.coach] != after[.coach], "the test can tell")
    }
  }

  @Test("One that its teacher lets count shows as the programme's own do: the test above can tell")
  func counted() async throws {
    try await Site.with { site in
      let addresses = try await Self.dated(Self.programme, site)
      let before = try await answers(of: site, to: addresses)
      try await site.organisation.database.script(
        "update recording set counts_for_programme = true where trajectory_id is null")
      let after = try await answers(of: site, to: addresses)
      for person in [Organisation.Person.adviser, .director, .schoolAdmin] {
        #expect(before[person] != after[person], "as \(person)")
      }
      for person in [Organisation.Person.privacyOfficer, .systemAdmin, .teacherElsewhere, .directorElsewhere] {
        #expect(before[person] == after[person], "as \(person)")
      }
    }
  }

  @Test("The row of a voluntary recording is nowhere in the report that was stored")
  func storedRun() async throws {
    try await Site.with { site in
      let answer = try await site.ask(
        "/v1/report-runs/\(Organisation.reportRunID)/rows", as: .adviser, ["Accept: text/csv"])
      let line = try #require(answer.text.split(separator: "\r\n").first { $0.contains("Person colleague") })
      #expect(line.contains(",open,"))
    }
  }

  private func answers(
    of site: Site, to addresses: [String], as people: [Organisation.Person] = Organisation.Person.allCases
  ) async throws -> [Organisation.Person: [String: String]] {
    let wire = try site.connect()
    var answers: [Organisation.Person: [String: String]] = [:]
    for person in people {
      for address in addresses {
        answers[person, default: [:]][address] = try await wire.ask(address, as: person).likeness
      }
    }
    return answers
  }

  /// The addresses with their days, which the database's clock gives.
  private static func dated(_ addresses: [String], _ site: Site) async throws -> [String] {
    var dated: [String] = []
    for address in addresses {
      guard let open = address.firstIndex(of: "{"), let end = address.firstIndex(of: "}") else {
        dated.append(address)
        continue
      }
      let day = try await site.organisation.database.script("select \(address[address.index(after: open)..<end])")
      dated.append(address[..<open] + (day?.string(0, 0) ?? ""))
    }
    return dated
  }
}
