import Postgres
import Program

/// What the teacher of the tour wrote, and which pupils the objections are about: sealed as anybody's is, which no script
/// could do.
struct DemonstrationTexts {
  let keys: MasterKeys

  /// The director of the tour's school, and those of others where parents object.
  private static let director = "D0101"
  private static let teacher = "D1001"

  /// The items in `sql/demonstration/` that the texts belong to, and who writes them, by person number.
  private static let texts: [(author: String, kind: ContentKind, item: String, text: JSONValue)] = [
    (
      teacher, .learningQuestion, "019a0000-0000-7010-8000-000000000001",
      ["text": "Hoe zorg ik dat ook de stille kinderen in de kring aan het woord komen?"]
    ),
    (
      teacher, .learningQuestion, "019a0000-0000-7010-8000-000000000018",
      ["text": "Hoe houd ik de klas bij de les na het buitenspelen?"]
    ),
    (
      teacher, .reflection, "019a0000-0000-7009-8000-000000000001",
      [
        "moments": [
          ["at": "3:20", "text": "Ze vroegen elkaar om hulp voordat ze naar mij keken."],
          ["at": "17:05", "text": "Na mijn vraag bleef het even stil, en toen kwamen er drie vingers."],
        ],
        "suggestions": ["Wacht drie tellen na een vraag."],
      ]
    ),
    (
      teacher, .storyboard, "019a0000-0000-7016-8000-000000000001",
      [
        "strengths": "Rust bij de wisselingen van de les.",
        "development_points": "Langer wachten na een vraag; vaker een kind het laatste woord geven.",
      ]
    ),
    (director, .pupil, "019a0000-0000-7021-8000-000000000001", ["reference": "L-0412"]),
    (
      director, .objectionNote, "019a0000-0000-7021-8000-000000000001",
      ["text": "Ouder wil vooraf bericht als er gefilmd wordt."]
    ),
    (director, .pupil, "019a0000-0000-7021-8000-000000000002", ["reference": "L-0377"]),
    (director, .pupil, "019a0000-0000-7021-8000-000000000003", ["reference": "L-0298"]),
    ("D0104", .pupil, "019a0000-0000-7021-8000-000000000004", ["reference": "24-118"]),
    ("D0106", .pupil, "019a0000-0000-7021-8000-000000000005", ["reference": "P-0091"]),
  ]

  /// - Parameters:
  ///   - database: logged in as `beeld_app`.
  ///   - operators: logged in as `beeld_jobs`: each author has a token for as long as it takes.
  func write(in database: Database, operators: Database) async throws {
    let vault = Vault(keys, database: database)
    for author in Set(Self.texts.map(\.author)).sorted() {
      let issue = IssueToken(name: "demonstration: texts", personNumber: author, days: 1)
      _ = try await operators.write(Segment(issue.command))
      for (_, kind, item, text) in Self.texts.filter({ $0.author == author }) {
        try await write(kind, of: item, text, as: Identity(issue.token), vault, database)
      }
      _ = try await operators.write(Segment(Tokens.revoke(.text(issue.id.description))))
    }
  }

  private func write(
    _ kind: ContentKind, of item: String, _ text: JSONValue, as author: Identity, _ vault: Vault, _ database: Database
  ) async throws {
    guard let item = UUIDv7(item) else { return }
    let plaintext = Plaintext(kind, try kind.form.draft(of: text, for: .creation))
    _ = try await vault.write([plaintext], of: item, replacing: .first, as: author) { acts in
      try await vault.replacing(kind, of: item, by: acts, status: 201).perform(
        as: author, named: Command.Name(), request: "demonstration", in: database)
    }
  }
}
