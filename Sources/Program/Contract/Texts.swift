import Postgres

/// Texts that come with a draft, each in the column of its kind's name: they are sealed, and never enter the statement
/// that the draft is for.
public struct Texts: Sendable {
  /// When they are written.
  public enum Place: Sendable {
    /// Before the statement, which wants them to be there.
    case before
    /// After the statement, which makes what they belong to.
    case after
  }

  let kinds: [ContentKind]
  /// When they are written.
  public let place: Place
  /// The column of the draft for the school whose texts they are; nil where they are the asker's.
  private let schoolColumn: String?

  init(_ kinds: [ContentKind], _ place: Place, ofSchool schoolColumn: String? = nil) {
    self.kinds = kinds
    self.place = place
    self.schoolColumn = schoolColumn
  }

  /// The texts in a draft, and what is left of it.
  public func part(_ draft: Draft) -> (texts: [Plaintext], facts: Draft) {
    let texts = kinds.compactMap { kind in draft.text(kind.code).map { Plaintext(kind, alone: $0) } }
    return (texts, kinds.reduce(draft) { $0.without($1.code) })
  }

  /// The school whose texts they are.
  public func school(in draft: Draft) -> UUIDv7? {
    schoolColumn.flatMap(draft.text).flatMap { UUIDv7($0) }
  }

  /// The command with the acts that write them.
  public func join(_ acts: [BoundStatement], to command: Command) -> Command {
    switch place {
    case .before: command.after(acts)
    case .after: command.before(acts)
    }
  }
}
