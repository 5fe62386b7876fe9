import Postgres
import Program

/// What the page of a run shows above and below its list: plain values, named as the template names them.
struct RunPage {
  let language: String
  let words: PageWords
  let title: String
  let date: String
  let isoDate: String
  let isLate: Bool
  let lead: String
  let figures: [Figure]
  let chart: ChartDrawing?
  let table: TableDrawing?
  let terms: [Summary.Term]
  let hasTerms: Bool
  let origin: [Line]
  let rowHash: String
  /// The heading of the list, and what stands in its place when it is empty.
  let listTitle, noRows: String
  /// How many rows each group of the list has, by the value that makes the group.
  let groupCounts: [String: Int]
  let hasRows: Bool
  let style = PageStyle.css
  let footer: String

  struct Figure {
    let value, label, note: String
    let isAlarming: Bool
  }

  /// A line of the list of facts about the run.
  struct Line {
    let name, value: String
  }

  /// The page of a run.
  init(
    of run: Run, _ report: any Report, _ sheet: Sheet, title: String, in language: Language, session: Session
  ) async throws {
    let summary = try await report.summary(of: run, in: language, session: session)
    let rows = try await session.query(sheet.groupCounts)
    try self.init(
      of: run, in: language, title: title, listTitle: report.listing.title(language), summary: summary,
      groupCounts: rows)
  }

  /// The page of what changed in a run against an earlier one.
  init(
    of run: Run, against earlier: Run?, _ report: any Report, _ sheet: Sheet, title: String, in language: Language,
    session: Session
  ) async throws {
    let counts = try await Changes.Counts(of: run, against: earlier, in: session)
    let rows = try await session.query(sheet.groupCounts)
    try self.init(
      of: run, in: language, title: title,
      listTitle: language(dutch: "Uitzonderingen", english: "Exceptions"),
      summary: ChangesSummary(counts, against: earlier, language).summary, groupCounts: rows)
  }

  private init(
    of run: Run, in language: Language, title: String, listTitle: String, summary: Summary, groupCounts: Rows
  ) throws {
    let wording = Wording(language)
    self.language = language.rawValue
    words = PageWords(language)
    self.title = title
    date = wording.date(run.asOf)
    isoDate = run.asOf.description
    isLate = run.isLate
    lead = summary.lead
    figures = summary.figures.map {
      Figure(value: $0.value, label: $0.label, note: $0.note, isAlarming: $0.isAlarming)
    }
    chart = summary.chart.flatMap { $0.bars.isEmpty ? nil : ChartDrawing($0, wording) }
    table = summary.table.map { TableDrawing($0, kinds: summary.chart?.kinds ?? []) }
    terms = summary.terms
    hasTerms = !summary.terms.isEmpty
    origin = Self.origin(of: run, wording)
    rowHash = run.rowHash
    self.listTitle = listTitle
    noRows = words.noRows
    self.groupCounts = try Dictionary(
      groupCounts.map { ($0.string(0) ?? "", try $0.int(1) ?? 0) }, uniquingKeysWith: +)
    hasRows = groupCounts.count > 0
    footer = "\(title) · \(wording.date(run.asOf))"
  }

  private static func origin(of run: Run, _ wording: Wording) -> [Line] {
    let language = wording.language
    let reason = run.period.map { night in
      language(dutch: "voor de nacht van \(wording.date(night))", english: "for the night of \(wording.date(night))")
    }
    let finished = run.finishedOn.map { "\(wording.date($0)), \(run.finishedTime)" } ?? run.finishedAt
    return [
      Line(
        name: language(dutch: "Gemaakt", english: "Made"),
        value: reason ?? language(dutch: "op verzoek", english: "on request")),
      Line(name: language(dutch: "Gereed", english: "Finished"), value: finished),
      Line(
        name: language(dutch: "Regels", english: "Rules"),
        value: language(dutch: "beleid, versie \(run.policyVersion)", english: "policy, version \(run.policyVersion)")),
      Line(
        name: language(dutch: "Schema", english: "Schema"),
        value: language(dutch: "versie \(run.schemaVersion)", english: "version \(run.schemaVersion)")),
      Line(name: language(dutch: "Uitgave", english: "Revision"), value: "\(run.revision)"),
      Line(name: language(dutch: "Rijen", english: "Rows"), value: wording.number(run.rowCount)),
      Line(
        name: language(dutch: "Gerekend in", english: "Reckoned in"),
        value: run.durationMilliseconds.map { wording.number($0) + " ms" } ?? "–"),
      Line(name: language(dutch: "Nummer", english: "Number"), value: run.id.description),
    ]
  }
}

/// The words of the page that belong to no report.
struct PageWords {
  let kind, asOf, late, noRows, terms: String
  let origin, hash, hashMeaning, confidential: String

  init(_ language: Language) {
    kind = language(dutch: "Beeldbegeleiding · rapportage", english: "Video coaching · report")
    asOf = language(dutch: "Stand van", english: "As of")
    late = language(dutch: "ingehaald: later gemaakt dan voorzien", english: "caught up: made later than intended")
    noRows = language(dutch: "Geen.", english: "None.")
    terms = language(dutch: "Wat de woorden betekenen", english: "What the words mean")
    origin = language(dutch: "Herkomst", english: "Origin")
    hash = language(dutch: "Controlegetal van de rijen (SHA-256)", english: "Checksum of the rows (SHA-256)")
    hashMeaning = language(
      dutch: """
        Het getal volgt uit de opgeslagen rijen, met nummers in plaats van namen. Met „beeld report verify” is na te \
        gaan dat er sindsdien niets aan veranderd is.
        """,
      english: """
        The number follows from the stored rows, which hold ids in place of names. “beeld report verify” shows that \
        nothing in them has changed since.
        """)
    confidential = language(
      dutch: "Vertrouwelijk: bevat persoonsgegevens. Alleen voor wie ze voor het startersprogramma nodig heeft.",
      english: "Confidential: contains personal data. Only for those who need them for the starter programme.")
  }
}
