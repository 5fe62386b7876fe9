import Foundation
import Program
import TestDatabase
import Testing

/// Where the matrix gives somebody less than the whole of a row: which members are told, and that the others are null.
@Suite struct PartialViewTests {
  private typealias Person = Organisation.Person

  @Test("Of an own wish the adviser is told what it takes to assign it, and of guidance coach, state and number")
  func adviser() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let assigning: Set = [
        "id", "teacher", "origin", "aim", "subject", "coach", "state", "made_by", "allowed_transitions",
      ]
      for request in Organisation.requests where request.isOwnWish {
        let told = try await members(wire, "/v1/requests/\(request.id)", as: .adviser)
        #expect(told == assigning.subtracting(request.coach == nil ? ["coach"] : []), "\(request.number)")
      }
      let guiding: Set = ["id", "request", "coach", "state", "recordings", "made", "allowed_transitions"]
      for trajectory in Organisation.trajectories {
        #expect(try await members(wire, "/v1/trajectories/\(trajectory.id)", as: .adviser) == guiding)
      }
      let filming: Set = ["id", "trajectory", "ordinal", "coach", "state", "quarantined", "allowed_transitions"]
      for recording in Organisation.recordings {
        let unknown =
          (recording.trajectory == nil ? ["trajectory", "ordinal"] : []) + (recording.coach == nil ? ["coach"] : [])
        let told = try await members(wire, "/v1/recordings/\(recording.id)", as: .adviser)
        #expect(told == filming.subtracting(unknown), "\(recording.number)")
      }
    }
  }

  @Test("A request of the programme is told to the adviser and the director as it is to its teacher")
  func programme() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let path = "/v1/requests/\(Organisation.requests[3].id)"
      let whole = try await members(wire, path, as: .colleague)
      #expect(whole.isSuperset(of: ["state_since", "created_at", "school", "talk_on", "talk_kind", "expires_on"]))
      for person in [Person.adviser, .director] {
        #expect(try await members(wire, path, as: person) == whole, "as \(person)")
      }
    }
  }

  @Test("The teacher and the coach are told the whole of guidance, own wishes included")
  func guidance() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let (wish, film) = (Organisation.trajectories[1].id, Organisation.recordings[6].id)
      for person in [Person.colleague, .coach] {
        let told = try await members(wire, "/v1/trajectories/\(wish)", as: person)
        #expect(told.isSuperset(of: ["teacher", "origin", "state_since", "opened_on"]), "as \(person)")
        let filmed = try await members(wire, "/v1/recordings/\(film)", as: person)
        #expect(
          filmed.isSuperset(of: [
            "teacher", "origin", "scheduled_at", "group", "school", "carrier", "teacher_agreed", "counts_for_programme",
          ]), "as \(person)")
      }
    }
  }

  @Test("Everybody knows who coaches; what room a coach has, that coach and the adviser")
  func coaches() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for person in Person.allCases {
        for coach in [Person.coach, .directorAndCoach] {
          let told = try await members(wire, "/v1/coaches/\(coach.id)", as: person)
          let isTold = person == .adviser || person == coach
          #expect(told == Set(["id", "name"] + (isTold ? ["capacity", "load"] : [])), "\(coach) as \(person)")
        }
        #expect(try await wire.ask("/v1/coaches/\(Person.formerDirector.id)", as: person).status == 404)
      }
    }
  }

  @Test("A school is told when a class is filmed, and not whose lesson or wish it is")
  func plannedRecordings() async throws {
    try await Site.with { site in
      let path = "/v1/schools/\(Organisation.School.first.id)/planned-recordings"
      let answer = try await site.ask(path, as: .schoolAdmin)
      let list = try JSONValue(answer.body)
      guard case .object(let page) = list, case .array(let items)? = page.first(where: { $0.name == "items" })?.value
      else { return #expect(Bool(false), "\(answer.text)") }
      #expect(items.count == Organisation.recordings.filter { $0.state == "planned" && $0.trajectory != nil }.count)
      for item in items { #expect(Self.told(item) == ["scheduled_at", "group"]) }
      #expect(answer.names.isEmpty)
    }
  }

  /// The members that are not null.
  private func members(_ wire: Wire, _ path: String, as person: Person) async throws -> Set<String> {
    let answer = try await wire.ask(path, as: person)
    #expect(answer.status == 200, "\(path) as \(person): \(answer.text)")
    return Self.told(try JSONValue(answer.body))
  }

  private static func told(_ value: JSONValue) -> Set<String> {
    guard case .object(let members) = value else { return [] }
    return Set(members.filter { if case .null = $0.value { false } else { true } }.map(\.name))
  }
}
