import Postgres

/// The answer to "may this recording be made?", with every reason.
public struct Clearance: Sendable {
  /// A measure that is to be kept in the recording.
  public struct Measure: Sendable {
    public let id: UUIDv7
    public let objection: UUIDv7
    public let kind: String
    public let coversSound: Bool
    /// open, promised or attested.
    public let state: String
    let promise: String?
  }

  public let recording: String
  public let state: String
  public let judgedAt: String?
  /// Nil: nobody judged it, as of recordings from before.
  public let isCleared: Bool?
  public let reasons: [ClearanceReason]
  public let isQuarantined: Bool
  /// Nil for who is not told: the teacher.
  public let measures: [Measure]?

  /// - Parameter rows: what `query` answered; nil where there was none.
  /// - Throws: `PostgresError`, where it was not what the function writes.
  public init?(_ rows: Rows) throws {
    guard rows.count == 1, let body = rows.withBytes(0, 0, { Array($0) }) else { return nil }
    guard let json = try? JSONValue(body), let recording = json.text("recording"), let state = json.text("state") else {
      throw PostgresError.decoding(column: "body", row: 0, expected: "a clearance")
    }
    self.recording = recording
    self.state = state
    judgedAt = json.text("judged_at")
    isCleared = json.flag("is_cleared")
    isQuarantined = json.flag("quarantined") == true
    reasons = (json.items("reasons") ?? []).compactMap(ClearanceReason.init)
    measures = json.items("measures").map { $0.compactMap(Measure.init) }
  }

  public static func query(_ recording: UUIDv7) -> BoundStatement { statement(.text(recording.description)) }

  private static let statement = Statement("select app.clearance($1) as body")
}

extension Clearance.Measure {
  fileprivate init?(_ json: JSONValue) {
    guard let id = json.text("measure").flatMap({ UUIDv7($0) }),
      let objection = json.text("objection").flatMap({ UUIDv7($0) }), let kind = json.text("kind"),
      let state = json.text("state")
    else { return nil }
    self.init(
      id: id, objection: objection, kind: kind, coversSound: json.flag("covers_sound") == true, state: state,
      promise: json.text("promise"))
  }
}

extension Clearance {
  /// What the address answers as JSON.
  public static let shape = Shape.named(
    "Clearance",
    .object([
      .init("recording", .id), .init("state", .choice(Noun.recordingStates)),
      .init("judged_at", .nullable(.instant), "Now, or when it was made."),
      .init("is_cleared", .nullable(.flag), "Null where nobody judged it."),
      .init(
        "reasons",
        .list(
          .object([
            .init("code", .choice(ClearanceReason.codes)),
            .init("lifted_by", .nullable(.choice(["school", "coach", "teacher"])), "Who can; null of what was made."),
            .init("subject", .nullable(.text), "Channel of a notice, kind of a measure."),
            .init("text", .text, "The reason in words."),
          ])), "All of them at once."),
      .init("quarantined", .flag),
      .init(
        "measures",
        .nullable(
          .list(
            .object([
              .init("measure", .id), .init("objection", .id), .init("kind", .choice(Noun.measureKinds)),
              .init("covers_sound", .flag), .init("promise", .nullable(.id)),
              .init("state", .choice(["open", "promised", "attested"])),
            ]))), "Those to keep in it, to the coach; null for the teacher."),
    ]))

  /// The body of the answer, in UTF-8.
  public func json(in language: Language) -> [UInt8] {
    var json = JSONText()
    json.object { json in
      json.member("recording", recording)
      json.member("state", state)
      json.member("judged_at", judgedAt)
      json.member("is_cleared", isCleared)
      json.key("reasons")
      json.array { json in for reason in reasons { reason.write(to: &json, in: language) } }
      json.member("quarantined", isQuarantined)
      json.key("measures")
      guard let measures else { return json.null() }
      json.array { json in for measure in measures { measure.write(to: &json) } }
    }
    return json.bytes
  }
}

extension Clearance.Measure {
  fileprivate func write(to json: inout JSONText) {
    json.object { json in
      json.member("measure", id.description)
      json.member("objection", objection.description)
      json.member("kind", kind)
      json.member("covers_sound", coversSound)
      json.member("promise", promise)
      json.member("state", state)
    }
  }
}
