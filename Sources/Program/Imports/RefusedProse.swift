/// Text that may not be in a file: a column that is called so, or a cell too long to be anything else.
struct RefusedProse: Sendable {
  /// Parts of a heading that give it away, in lower case.
  let headingParts: [String]
  /// Words of a heading that do so only when they stand by themselves.
  let headingWords: Set<String>
  /// Characters of the longest cell that is not taken for prose.
  let cellLimit: Int

  /// What was said in a talk, and what was thought of somebody.
  static let ofTalk = RefusedProse(
    headingParts: [
      "verslag", "toelicht", "opmerking", "notitie", "aantekening", "beschrijving", "omschrijving", "tekst", "samenvat",
      "conclusi", "oordeel", "bevinding", "afspraken", "aandachtspunt", "ontwikkelpunt", "verbeterpunt", "aanbeveling",
      "leervraag", "leerdoel", "comment", "remark", "summar", "description", "explanation", "finding", "feedback",
      "recommendation", "observati", "evaluati", "reflecti", "narrative", "memo",
    ],
    headingWords: [
      "note", "notes", "text", "texts", "report", "minutes", "opinion", "advies", "advice", "inhoud", "content",
      "reden",
      "reason", "doelen", "goals", "judgement", "judgment",
    ],
    cellLimit: 60)

  func isMeant(byHeading heading: String) -> Bool {
    let heading = heading.lowercased()
    let words = heading.split { !$0.isLetter }
    return headingParts.contains { heading.contains($0) } || words.contains { headingWords.contains(String($0)) }
  }

  func isMeant(by cell: Cell) -> Bool {
    cell.count > cellLimit && cell.count { $0 & 0xC0 != 0x80 } > cellLimit
  }
}
