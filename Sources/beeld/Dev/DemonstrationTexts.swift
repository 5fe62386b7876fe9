import Postgres
import Program

/// What the teacher of the tour wrote, and which pupils the objections at the school of the tour are about: sealed as
/// anybody's is, which no script could do.
struct DemonstrationTexts {
  let teacher: Identity
  let schoolAdmin: Identity
  let keys: MasterKeys

  /// The items in `sql/demonstration/` that the texts belong to.
  private static let texts: [(kind: ContentKind, item: String, text: JSONValue)] = [
    (
      .learningQuestion, "019a0000-0000-7010-8000-000000000001",
      ["text": "Hoe zorg ik dat ook de stille kinderen in de kring aan het woord komen?"]
    ),
    (
      .learningQuestion, "019a0000-0000-7010-8000-000000000018",
      ["text": "Hoe houd ik de klas bij de les na het buitenspelen?"]
    ),
    (
      .reflection, "019a0000-0000-7009-8000-000000000001",
      [
        "moments": [
          ["at": "3:20", "text": "Ze vroegen elkaar om hulp voordat ze naar mij keken."],
          ["at": "17:05", "text": "Na mijn vraag bleef het even stil, en toen kwamen er drie vingers."],
        ],
        "suggestions": ["Wacht drie tellen na een vraag."],
      ]
    ),
    (
      .storyboard, "019a0000-0000-7016-8000-000000000001",
      [
        "strengths": "Rust bij de wisselingen van de les.",
        "development_points": "Langer wachten na een vraag; vaker een kind het laatste woord geven.",
      ]
    ),
    (.pupil, "019a0000-0000-7021-8000-000000000001", ["reference": "L-0412"]),
    (
      .objectionNote, "019a0000-0000-7021-8000-000000000001",
      ["text": "Ouder wil vooraf bericht als er gefilmd wordt."]
    ),
    (.pupil, "019a0000-0000-7021-8000-000000000002", ["reference": "L-0377"]),
  ]

  /// - Parameter database: logged in as `beeld_app`.
  func write(in database: Database) async throws {
    let vault = Vault(keys, database: database)
    for (kind, item, text) in Self.texts {
      guard let item = UUIDv7(item) else { continue }
      let plaintext = Plaintext(kind, try kind.form.draft(of: text, for: .creation))
      let owner = kind.owner == .teacher ? teacher : schoolAdmin
      _ = try await vault.write([plaintext], of: item, replacing: .first, as: owner) { acts in
        try await vault.replacing(kind, of: item, by: acts, status: 201).perform(
          as: owner, named: Command.Name(), request: "demonstration", in: database)
      }
    }
  }
}
