import Postgres
import Program
import TestDatabase

/// The organisation, without the texts of its own, in which the coach coaches the teacher: a request, its trajectory, a
/// recording that was made. And the two ends of a desk: the API's database with a vault, and the server's own.
struct Guidance: Sendable {
  static let request = "0193b6a0-0030-7000-8000-000000000001"
  static let trajectory = "0193b6a0-0030-7000-8000-000000000002"
  static let recording = "0193b6a0-0030-7000-8000-000000000003"

  let organisation: Organisation
  let api: Database
  let jobs: Database

  init() async throws {
    organisation = try await Organisation.fresh()
    let (teacher, coach) = (Organisation.Person.teacher, Organisation.Person.coach)
    try await organisation.database.script(
      """
      set session_replication_role = replica;
      delete from content;
      delete from data_key;
      insert into request (id, teacher_id, origin, state, made_by, made_as, aim, subject, coach_id)
      values ('\(Self.request)', '\(teacher.id)', 'own_wish', 'assigned', '\(teacher.id)', 'teacher', 'personal', 'didactics', '\(coach.id)');
      insert into trajectory (id, request_id, teacher_id, coach_id, origin, state)
      values ('\(Self.trajectory)', '\(Self.request)', '\(teacher.id)', '\(coach.id)', 'own_wish', 'open');
      insert into recording (id, teacher_id, coach_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, trajectory_id, ordinal)
      values ('\(Self.recording)', '\(teacher.id)', '\(coach.id)', 'own_wish', false, 'made', '2026-10-01', '2026-10-08', '2026-10-08', '\(Self.trajectory)', 1);
      """)
    api = organisation.database.connect(as: "beeld_app") {
      $0.patience = .seconds(30)
      $0.writeConnections = 4
    }
    jobs = organisation.database.connect(as: "beeld_jobs") { $0.patience = .seconds(30) }
  }

  func end() async {
    await api.shutdown(graceful: .seconds(5))
    await jobs.shutdown(graceful: .seconds(5))
  }

  /// Runs `body` with guidance of its own.
  static func with(_ body: (Guidance) async throws -> Void) async throws {
    let guidance = try await Guidance()
    do {
      try await body(guidance)
    } catch {
      await guidance.end()
      throw error
    }
    await guidance.end()
  }

  /// Writes a text as its teacher.
  func write(
    _ words: String, _ kind: ContentKind, of item: String, as person: Organisation.Person = .teacher, in vault: Vault
  ) async throws {
    let item = UUIDv7(item)!
    let text = Plaintext(kind, Draft.empty.with("text", words))
    _ = try await vault.write([text], of: item, replacing: .anyOrNone, as: person.identity) { acts in
      try await vault.replacing(kind, of: item, by: acts, status: 200)
        .perform(as: person.identity, named: Command.Name(), request: "test", in: api)
    }
  }

  /// The text as somebody reads it, or the code of the refusal.
  func read(
    _ kind: ContentKind, of item: String, as person: Organisation.Person = .teacher, in vault: Vault
  ) async throws -> String {
    do {
      let opened = try await vault.read(kind, of: UUIDv7(item)!, as: person.identity, request: "test")
      return opened.map { String(decoding: $0.text.bytes, as: UTF8.self) } ?? "none"
    } catch let error as PostgresError {
      return error.sqlState?.rawValue ?? "\(error)"
    } catch let fault as ContentFault {
      return "\(fault)"
    }
  }
}
