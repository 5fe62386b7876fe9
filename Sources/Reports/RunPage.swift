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
  let chart: ChartDrawing
  let table: TableDrawing
  let terms: [Summary.Term]
  let origin: [Line]
  let rowHash: String
  /// How many rows each group of the list has, by the value that makes the group.
  let groupCounts: [String: Int]
  /// Whether the list has anybody in it.
  let hasPeople: Bool
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

  init(of run: Run, _ report: any Report, in language: Language, session: Session) async throws {
    let summary = try await report.summary(of: run, in: language, session: session)
    var counts: [String: Int] = [:]
    for row in try await session.query(RunRows.counted(report.listing, of: run)) {
      if let group = row.string(0) { counts[group] = try row.int(1) }
    }
    self.init(of: run, report, in: language, summary: summary, groupCounts: counts)
  }

  init(of run: Run, _ report: any Report, in language: Language, summary: Summary, groupCounts: [String: Int]) {
    let wording = Wording(language)
    self.language = language.rawValue
    words = PageWords(language)
    title = report.title(language)
    date = wording.date(run.asOf)
    isoDate = run.asOf.description
    isLate = run.isLate
    lead = summary.lead
    figures = summary.figures.map {
      Figure(value: $0.value, label: $0.label, note: $0.note, isAlarming: $0.isAlarming)
    }
    chart = ChartDrawing(summary.chart, wording)
    table = TableDrawing(summary.table, kinds: summary.chart.kinds)
    terms = summary.terms
    origin = Self.origin(of: run, wording)
    rowHash = run.rowHash
    self.groupCounts = groupCounts
    hasPeople = groupCounts.values.contains { $0 > 0 }
    footer = "\(report.title(language)) · \(wording.date(run.asOf))"
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
      Line(name: language(dutch: "Nummer", english: "Number"), value: run.id.description),
    ]
  }
}

/// The words of the page that belong to no report.
struct PageWords {
  let kind, asOf, late, people, noPeople, person, school, remarks, terms: String
  let origin, hash, hashMeaning, confidential: String

  init(_ language: Language) {
    kind = language(dutch: "Beeldbegeleiding · rapportage", english: "Video coaching · report")
    asOf = language(dutch: "Stand van", english: "As of")
    late = language(dutch: "ingehaald: later gemaakt dan voorzien", english: "caught up: made later than intended")
    people = language(dutch: "Wie er nog moet", english: "Who is still to come")
    noPeople = language(dutch: "Niemand.", english: "Nobody.")
    person = language(dutch: "Naam", english: "Name")
    school = "School"
    remarks = language(dutch: "Opmerking", english: "Remark")
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
