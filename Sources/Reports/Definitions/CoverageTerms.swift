import Program

/// The words of the coverage report, and what they mean by the rules that a run was reckoned by.
struct CoverageTerms {
  private let rules: CoverageRules
  private let language: Language

  init(_ rules: CoverageRules, _ language: Language) {
    self.rules = rules
    self.language = language
  }

  var all: [Summary.Term] {
    [starter, completed, recorded, coverage, onTime, passed, atRisk, approaching]
  }

  private func term(_ name: (dutch: String, english: String), _ dutch: String, _ english: String) -> Summary.Term {
    .init(
      term: language(dutch: name.dutch, english: name.english), meaning: language(dutch: dutch, english: english))
  }

  private var starter: Summary.Term {
    term(
      ("Starter", "Starter"),
      """
      Leraar in de eerste \(rules.windowMonths) maanden na de eerste bevoegde lesdag, of daarna nog niet afgerond; in \
      dienst of onderbroken. Verlof van ten minste \(rules.pauseDays) dagen en tijd zonder aanstelling als leraar \
      verlengen die periode.
      """,
      """
      A teacher in the first \(rules.windowMonths) months after the first qualified teaching day, or past them without \
      having completed; employed or on pause. Leave of at least \(rules.pauseDays) days and time without a teaching \
      post extend that period.
      """)
  }

  private var completed: Summary.Term {
    term(
      ("Afgerond", "Completed"),
      """
      Ten minste één opname is gemaakt én nabesproken; leraar en begeleider hebben dat beiden bevestigd. Te laat: de \
      opname is gemaakt na het einde van de startersperiode.
      """,
      """
      At least one recording was made and talked over, as teacher and coach have both confirmed. Late: it was recorded \
      after the end of the starter window.
      """)
  }

  private var recorded: Summary.Term {
    term(("Opgenomen", "Recorded"), "Gefilmd, nog niet nabesproken.", "Filmed, not yet talked over.")
  }

  private var coverage: Summary.Term {
    term(
      ("Dekking", "Coverage"),
      "Het deel van de starters, vrijgestelden niet meegeteld, dat heeft afgerond, op tijd of te laat.",
      "The share of the starters, those exempt left out, who have completed, in time or late.")
  }

  private var onTime: Summary.Term {
    term(
      ("Op tijd", "On time"),
      "Van de termijnen die sinds 1 augustus afliepen het deel waarin op tijd een opname is gemaakt en nabesproken.",
      "Of the deadlines that fell since 1 August, the share with a recording made in time and talked over.")
  }

  private var passed: Summary.Term {
    term(
      ("Verstreken", "Passed"),
      "De startersperiode is voorbij zonder een opname op tijd.",
      "The starter window has ended without a recording in time.")
  }

  private var atRisk: Summary.Term {
    term(
      ("In gevaar", "At risk"),
      "De startersperiode eindigt binnen \(rules.atRiskDays) dagen en er is geen opname vóór het einde gepland.",
      "The starter window ends within \(rules.atRiskDays) days and no recording is planned before its end.")
  }

  private var approaching: Summary.Term {
    term(
      ("Nadert", "Approaching"),
      "De startersperiode eindigt binnen \(rules.dueSoonDays) dagen.",
      "The starter window ends within \(rules.dueSoonDays) days.")
  }
}
