extension ContentKind {
  /// The teacher's viewing guide Tops en tips: two satisfying moments, and afterwards the action suggestions.
  public static let reflection = ContentKind(
    "reflection", name: "Reflection", path: "recordings/{id}/reflection", tag: "Recordings",
    about: """
      The two moments of the recording that satisfied the teacher, and the action suggestions that came of the debrief. \
      Theirs alone; the coach reads it while the trajectory is open, anybody else by the teacher's consent.
      """,
    form: Form([
      Field(
        "moments", .several(.object(moment), 2...2), "Exactly two, each inside the twenty minutes.",
        example: #"[{"at":"3:20","text":"Ze vroegen elkaar om hulp."},{"at":"17:05","text":"Iedereen keek op."}]"#),
      Field(
        "suggestions", .several(.prose(limit: 2000), 0...20), .optional, "Action suggestions (handelingssuggesties).",
        example: #"["Wacht drie tellen na een vraag."]"#),
    ]),
    shape: [
      .init("moments", .list(.object([.init("at", .text), .init("text", .text)]))),
      .init("suggestions", .list(.text), isRequired: false),
    ])

  private static let moment: [Shape.Member] = [
    .init("at", .pattern(.moment), "Minutes and seconds from the beginning."), .init("text", .prose(limit: 2000)),
  ]
}

extension TextPattern {
  /// A place in twenty minutes of footage.
  static let moment = TextPattern(
    expression: "^(1?[0-9]:[0-5][0-9]|20:00)$", limit: 5,
    dutch: "Geef minuten en seconden van 0:00 tot en met 20:00.",
    english: "Give minutes and seconds from 0:00 to 20:00.")
}
