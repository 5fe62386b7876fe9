extension ContentKind {
  /// Which pupil an objection is about.
  public static let pupil = ContentKind(
    "pupil", name: "Pupil", path: "objections/{id}/pupil", tag: "Objections",
    about: """
      Which pupil an objection is about, as the school refers to them. The school's alone; the coach reads it while they \
      are to film the group.
      """,
    owner: .school,
    form: Form([Field("reference", .pattern(.pupilReference), PupilReference.about, example: #""L-0412""#)]),
    shape: [.init("reference", .text)])

  /// What the school keeps of an objection beside it.
  public static let objectionNote = ContentKind(
    "objection_note", name: "ObjectionNote", path: "objections/{id}/note", tag: "Objections",
    about: "What the school notes of an objection. The school's alone.", owner: .school,
    form: Form([
      Field(
        "text", .prose(limit: 2000), "The note.", example: #""Ouder wil vooraf bericht als er gefilmd wordt.""#)
    ]),
    shape: [.init("text", .text)])
}
