import Postgres

/// `POST /v1/policies/dry-run`: whose status a changed version of the rules would change, before it is entered. Nothing
/// is stored: the database enters it, judges, and undoes it.
public struct PolicyDryRun: Sendable {
  public var page: Page
  /// Passed `form`.
  public var draft: Draft

  /// - Parameter page: its cursor has `StarterList.cursorKeys` many keys.
  public init(page: Page, draft: Draft) {
    self.page = page
    self.draft = draft
  }

  /// The form of `Noun.policies`; its example is of another day than the one there, on which there may be a version.
  public static let form = Form(
    (Noun.policies.form?.fields ?? []).map { field in
      guard field.name == "valid_from" else { return field }
      return Field(field.name, field.shape, field.use, field.about, example: #""2098-08-01""#)
    })

  static let statement = Statement("select app.dry_run_policy($1, $2, $3, $4) as body")

  /// To be asked on the write lane, as an identity that may write.
  public func segment(as identity: Identity) -> Segment {
    let until = page.after?.keys.first.flatMap { $0.isEmpty ? nil : $0 }
    return Segment(
      Self.statement(
        .text(draft.json), .int(page.limit), .optional(until), .optional(page.after?.keys.last)),
      after: [identity.identify(for: .write)])
  }

  public static let shape = Shape.named(
    "PolicyDryRun",
    .object([
      .init("as_of", .date, "The first day on which the rules would be in force: both are judged on it."),
      .init("policy_version", .integer(1...10_000), "The rules that would be in force without them."),
      .init("changed", .integer(0...Int.max), "How many starters' status would be another."),
      .init("before", .coverageFigures, "The figures of the board as they would be."),
      .init("after", .coverageFigures, "The figures under the changed rules."),
      .init("items", .list(item), "Each starter whose status would be another, the earliest changed deadline first."),
      .init("next", .nullable(.text), "Where the next page begins: the value of `after`. Null on the last page."),
    ]))

  private static let item = Shape.named(
    "PolicyDryRunItem",
    .object([
      .init("person", .namedPerson), .init("school", .namedSchool, "School of attribution."),
      .init("before", .starterStatus), .init("after", .starterStatus),
    ]))
}
