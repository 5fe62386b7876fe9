import Postgres

/// Everything held about the one who asks (AVG art. 15 and 20): kinds of facts, and the texts that are theirs.
public enum OwnData {
  /// A kind of fact, as one file of the export.
  public struct Part: Sendable {
    public let name: String
    let dutch: String
    let english: String

    public func about(in language: Language) -> String { language(dutch: dutch, english: english) }
  }

  /// Columns `name` and `body`, one row for each part.
  public static var facts: BoundStatement { facts_() }
  /// Columns `kind` and `item_id`, one row for each text.
  public static var texts: BoundStatement { texts_() }

  private static let facts_ = Statement("select name, body from app.my_data()")
  private static let texts_ = Statement("select kind, item_id from app.my_contents()")

  /// What the parts are, in the order of the export.
  public static let parts: [Part] = [
    .init(name: "person", dutch: "Uw naam in deze administratie.", english: "Your name in this administration."),
    .init(
      name: "registration",
      dutch: "Wat het bestuur van u registreert: personeelsnummer, adres op het werk, eerste lesdag.",
      english: "What the board registers of you: personnel number, address at work, first teaching day."),
    .init(name: "employments", dutch: "Uw aanstellingen.", english: "Your employments."),
    .init(name: "roles", dutch: "Uw rollen.", english: "Your roles."),
    .init(
      name: "absences", dutch: "Verlof: soort en dagen, nooit de reden.",
      english: "Leave: kind and days, never the reason."),
    .init(name: "prior_experience", dutch: "Ervaring elders.", english: "Experience elsewhere."),
    .init(name: "exemptions", dutch: "Vrijstellingen.", english: "Exemptions."),
    .init(
      name: "merged_entries", dutch: "Dubbele registraties die zijn samengevoegd.",
      english: "Double entries that were merged."),
    .init(name: "coach", dutch: "Uw ruimte als beeldbegeleider.", english: "Your room as a coach."),
    .init(name: "unavailability", dutch: "Dagen waarop u niet kunt filmen.", english: "Days on which you cannot film."),
    .init(
      name: "calendar", dutch: "Uw agenda als beeldbegeleider: dat hij te lezen is.",
      english: "Your calendar as a coach: that it can be read."),
    .init(name: "requests", dutch: "Aanvragen om begeleiding.", english: "Requests for coaching."),
    .init(name: "trajectories", dutch: "Uw trajecten.", english: "Your trajectories."),
    .init(name: "follow_ups", dutch: "Vervolgafspraken.", english: "Follow-up talks."),
    .init(
      name: "recordings", dutch: "Opnamen: dat ze er zijn; nooit de beelden.",
      english: "Recordings: that they are; never the footage."),
    .init(
      name: "agreements", dutch: "Afspraken tussen u en uw begeleider.",
      english: "Agreements between you and your coach."),
    .init(
      name: "copies", dutch: "Kopieën van uw beelden: wie ze heeft of had.",
      english: "Copies of your footage: who has or had them."),
    .init(
      name: "quarantines", dutch: "Opnamen van u die stilliggen om een bezwaar of omdat iets ontbrak.",
      english: "Recordings of yours that are held up by an objection, or because something was missing."),
    .init(name: "copies_held", dutch: "Kopieën die u hebt of had.", english: "Copies that you have or had."),
    .init(name: "storyboards", dutch: "Storyboards: dat ze er zijn.", english: "Storyboards: that they are."),
    .init(name: "consents_given", dutch: "Toestemmingen die u gaf.", english: "Consents that you gave."),
    .init(name: "consents_received", dutch: "Toestemmingen die u kreeg.", english: "Consents that you were given."),
    .init(
      name: "content_keys", dutch: "Sleutels waaronder uw teksten verzegeld zijn: dat ze er zijn.",
      english: "Keys under which your texts are sealed: that they are."),
    .init(
      name: "tokens", dutch: "Tokens waarmee u zich meldt; nooit het token zelf.",
      english: "Tokens by which you sign in; never the token itself."),
    .init(
      name: "commands", dutch: "Verzoeken van de laatste 24 uur met een Idempotency-Key.",
      english: "Requests of the last 24 hours with an Idempotency-Key."),
    .init(
      name: "imports", dutch: "Bestanden die u hebt aangeboden: dat u het deed.",
      english: "Files that you uploaded: that you did."),
    .init(
      name: "access", dutch: "Wat u op welke dagen mag, uit uw rollen afgeleid.",
      english: "What you may do on which days, derived from your roles."),
    .init(
      name: "report_rows", dutch: "Regels over u in bewaarde rapporten.", english: "Rows about you in stored reports."),
    .init(
      name: "report_mails", dutch: "Mails over rapporten die u kreeg: dat ze gingen, met de aantallen erin.",
      english: "Mails about reports that you got: that they went, with the numbers in them."),
    .init(
      name: "report_unsubscriptions", dutch: "Rapporten waarvan u geen mail meer wilt.",
      english: "Reports of which you want no mail any more."),
    .init(
      name: "request_steps", dutch: "Hoe uw verwijzingen en uitnodigingen verliepen.",
      english: "How your referrals and invitations went."),
    .init(
      name: "breaches", dutch: "Kopieën van uw beelden, of bij u, die verloren gingen: hoe dat beoordeeld is.",
      english: "Copies of your footage, or with you, that were lost: how that was judged."),
    .init(
      name: "audit", dutch: "Wie wat deed met uw gegevens, en wat u deed.",
      english: "Who did what with your data, and what you did."),
  ]
}

/// Who can see what of mine, and why.
public enum Visibility {
  public static let shape = Shape.named(
    "Visibility",
    .object([
      .init(
        "items",
        .list(
          .object([
            .init("person", .namedPerson),
            .init(
              "as",
              .choice([
                "director", "school_admin", "adviser", "privacy_officer", "system_admin", "coach", "holder",
                "recipient",
              ])), .init("what", .list(.text), "Kinds of facts, or of content, as codes."),
            .init(
              "because",
              .choice([
                "works_at_my_school", "role_for_the_board", "coaches_me", "coached_me", "is_asked_to_coach_me",
                "holds_a_copy", "consent",
              ])), .init("resource", .nullable(.text), "The address of what gives the sight, where there is one."),
            .init("until", .nullable(.date)),
          ])))
    ]))

  public static var query: BoundStatement { statement() }

  private static let statement = Statement("select app.my_visibility() as body")
}

/// The erasure of what a teacher wrote.
public enum Erasure {
  public static let shape = Shape.named(
    "Erasure",
    .object([
      .init("erased_at", .nullable(.instant), "From when on nobody can read it any more."),
      .init("backups_until", .nullable(.date), "First day on which no backup has it any more."),
      .init("texts", .integer(0...Int.max), "How many there are now."),
    ]))

  /// Destroys the key of everything the identity wrote.
  public static var command: Command {
    Command([erasing()], on: "content", status: 200, read: { _ in erased() })
  }

  private static let erasing = Statement("select app.erase_my_content()")
  private static let erased = Statement("select 1 as version, app.my_erasure() as body")
}
