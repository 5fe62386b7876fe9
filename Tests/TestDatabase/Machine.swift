/// A state machine of the coaching, as the product's own description has it; nothing here reads the table of the
/// database's.
public struct Machine: Sendable {
  public struct Step: Sendable, Hashable {
    /// Empty for being made.
    public let from: String
    public let to: String
    public let actor: Actor
  }

  /// What somebody is to a row.
  public enum Actor: String, CaseIterable, Sendable {
    case teacher, coach, director, adviser, maker, counterpart
    case privacyOfficer = "privacy_officer"
    case schoolAdmin = "school_admin"
    case server

    /// Its place in the database's mask.
    public var bit: Int { 1 << (Self.allCases.firstIndex(of: self) ?? 0) }
  }

  public let name: String
  public let steps: [Step]

  private init(_ name: String, _ steps: [(String, String, [Actor])]) {
    self.name = name
    self.steps = steps.flatMap { from, to, actors in actors.map { Step(from: from, to: to, actor: $0) } }
  }

  /// Where somebody who is this may bring what is in a state, in the order of the alphabet.
  public func allowed(from state: String, to actors: Set<Actor>) -> [String] {
    Set(steps.filter { $0.from == state && actors.contains($0.actor) }.map(\.to)).sorted()
  }

  /// Whether somebody who is this ever brings anything there.
  public func isTheirs(_ state: String, _ actors: Set<Actor>) -> Bool {
    steps.contains { $0.from != "" && $0.to == state && actors.contains($0.actor) }
  }

  public static let all: [Machine] = [
    .request, .trajectory, .recording, .copy, .agreement, .storyboard, .consent, .objection, .measure, .promise,
    .quarantine,
  ]

  public static let request = Machine(
    "request",
    [
      ("", "submitted", [.teacher]),
      ("", "invited", [.director, .adviser, .server]),
      ("invited", "submitted", [.teacher]),
      ("invited", "declined", [.teacher]),
      ("invited", "expired", [.server]),
      ("invited", "withdrawn", [.maker]),
      ("submitted", "offered", [.adviser]),
      ("submitted", "withdrawn", [.teacher]),
      ("offered", "assigned", [.coach]),
      ("offered", "submitted", [.coach, .adviser, .server]),
      ("offered", "withdrawn", [.teacher]),
      ("assigned", "closed", [.server]),
    ])

  public static let trajectory = Machine(
    "trajectory",
    [
      ("", "open", [.server]),
      ("open", "paused", [.adviser, .server]),
      ("paused", "open", [.adviser, .server]),
      ("open", "closing", [.teacher, .coach, .adviser]),
      ("paused", "closing", [.teacher, .adviser]),
      ("closing", "closed", [.server]),
    ])

  /// What was filmed before this administration comes in as it is, by the server.
  public static let recording = Machine(
    "recording",
    [
      ("", "planned", [.coach]),
      ("", "made", [.server]),
      ("", "debriefed", [.server]),
      ("planned", "made", [.coach]),
      ("planned", "cancelled", [.coach, .teacher, .server]),
      ("made", "debriefed", [.server]),
      ("made", "waived", [.teacher]),
      ("made", "voided", [.adviser]),
    ])

  public static let copy = Machine(
    "copy",
    [
      ("", "held", [.coach, .server]),
      ("held", "handed_over", [.coach]),
      ("held", "deleted", [.coach, .teacher, .adviser]),
      ("held", "lost", [.coach, .teacher]),
    ])

  public static let agreement = Machine(
    "agreement",
    [
      ("", "proposed", [.teacher, .coach, .adviser, .server]),
      ("proposed", "agreed", [.counterpart]),
      ("proposed", "declined", [.counterpart, .server]),
    ])

  public static let storyboard = Machine(
    "storyboard", [("", "draft", [.teacher]), ("draft", "presented", [.teacher])])

  public static let consent = Machine(
    "consent",
    [("", "granted", [.teacher]), ("granted", "withdrawn", [.teacher]), ("granted", "expired", [.server])])

  public static let objection = Machine(
    "objection",
    [
      ("", "received", [.schoolAdmin, .director]),
      ("received", "measure_set", [.schoolAdmin, .director]),
      ("received", "ended", [.schoolAdmin, .director]),
      ("measure_set", "ended", [.schoolAdmin, .director]),
      ("measure_set", "received", [.server]),
    ])

  public static let measure = Machine(
    "measure",
    [("", "in_force", [.schoolAdmin, .director]), ("in_force", "ended", [.schoolAdmin, .director, .server])])

  public static let promise = Machine("promise", [("", "promised", [.coach]), ("promised", "attested", [.coach])])

  public static let quarantine = Machine(
    "quarantine",
    [
      ("", "open", [.server]),
      ("open", "released", [.adviser, .privacyOfficer, .server]),
      ("open", "deleted", [.server]),
    ])
}
