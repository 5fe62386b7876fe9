extension ContentKind {
  /// What a teacher wants to learn (leervraag).
  public static let learningQuestion = ContentKind(
    "learning_question", name: "LearningQuestion", path: "requests/{id}/learning-question", tag: "Requests",
    about: """
      What the teacher wants to learn, in their own words. Theirs alone; the coach reads it from the assignment until \
      the trajectory closes, anybody else by the teacher's consent.
      """,
    form: Form([
      Field(
        "text", .prose(limit: 4000), "The question.", example: #""Hoe houd ik de klas bij de les na het buitenspelen?""#
      )
    ]),
    shape: [.init("text", .text)])
}
