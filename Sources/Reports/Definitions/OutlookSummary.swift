import Postgres
import Program

/// The figures of a run of the outlook, as the database reckons them from its rows.
struct OutlookLines: Sendable {
  struct Month: Sendable {
    /// Its first day.
    let day: CivilDate
    let deadlines, inHand, inTime, missed, places, recordingsNeeded: Int

    /// The worst first.
    var parts: [Int] { [missed, inTime, inHand] }
  }

  var months: [Month] = []
  /// How many starters there are of each outlook.
  var starters: [String: Int] = [:]

  private static let statement = Statement(
    """
    select
      l.outlook, l.month, l.number, l.deadlines, l.in_hand, l.in_time, l.missed, l.places, l.recordings_needed
    from app.report_outlook_lines($1) l
    """)

  init(of run: Run, in session: Session) async throws {
    for row in try await session.query(Self.statement(.text(run.id.description))) {
      if let day = row.string(1).flatMap({ CivilDate($0) }) {
        func count(_ column: Int) throws -> Int { try row.int(column) ?? 0 }
        months.append(
          Month(
            day: day, deadlines: try count(3), inHand: try count(4), inTime: try count(5), missed: try count(6),
            places: try count(7), recordingsNeeded: try count(8)))
      } else if let outlook = row.string(0) {
        starters[outlook] = try row.int(2) ?? 0
      }
    }
  }

  var deadlines: Int { months.reduce(0) { $0 + $1.deadlines } }
  var places: Int { months.reduce(0) { $0 + $1.places } }
}

/// What the page of the outlook says of a run's figures.
struct OutlookSummary {
  private let lines: OutlookLines
  private let report: OutlookReport
  private let language: Language
  private let wording: Wording

  init(_ lines: OutlookLines, _ report: OutlookReport, _ language: Language) {
    self.lines = lines
    self.report = report
    self.language = language
    wording = Wording(language)
  }

  var summary: Summary {
    Summary(
      lead: lead, figures: figures, chart: chart, table: table,
      terms: report.terms.map { .init(term: $0.name(language), meaning: $0.meaning(language)) })
  }

  private func say(_ dutch: String, _ english: String) -> String { language(dutch: dutch, english: english) }

  private func count(_ number: Int) -> String { wording.number(number) }

  private func starters(_ outlook: String) -> Int { lines.starters[outlook] ?? 0 }

  private var lead: String {
    let (deadlines, missed) = (lines.deadlines, starters("missed"))
    if deadlines == 0 { return say("Er zijn geen termijnen die nog komen.", "There are no deadlines to come.") }
    if missed == 0 {
      return say(
        "Voor elk van de \(count(deadlines)) termijnen die nog komen is er op tijd plaats.",
        "For each of the \(count(deadlines)) deadlines to come there is a place in time.")
    }
    return say(
      "Van de \(count(deadlines)) termijnen die nog komen \(missed == 1 ? "wordt" : "worden") er \(count(missed)) gemist als"
        + " er niets verandert. Met \(count(missed)) opnamen meer, elk op tijd, wordt niemand gemist.",
      "Of the \(count(deadlines)) deadlines to come \(count(missed)) will be missed if nothing changes. With \(count(missed))"
        + " recordings more, each in time, nobody is missed.")
  }

  private var figures: [Summary.Figure] {
    [
      .init(
        value: count(starters("missed")), label: say("Gemist", "Missed"),
        note: say("als er niets verandert", "if nothing changes"), isAlarming: starters("missed") > 0),
      .init(
        value: count(starters("overdue")), label: say("Verstreken", "Passed"),
        note: say("de termijn is al voorbij", "the deadline is over already")),
      .init(
        value: count(starters("in_time")), label: say("Op tijd", "In time"),
        note: say("er is een plaats vóór de termijn", "there is a place before the deadline")),
      .init(
        value: count(starters("in_hand")), label: say("Geregeld", "In hand"),
        note: say("gefilmd, gepland of toegezegd", "filmed, planned or promised")),
      .init(
        value: count(lines.places), label: say("Plaatsen over", "Places left"),
        note: say("tot en met de laatste termijn", "to the last deadline")),
    ]
  }

  private func name(_ month: OutlookLines.Month) -> String {
    // "1 december 2026" without its day.
    wording.date(month.day).split(separator: " ").dropFirst().joined(separator: " ")
  }

  private var chart: Summary.Chart {
    Summary.Chart(
      title: say("Termijnen per maand", "Deadlines by month"),
      description: say(
        "Maanden waarin een termijn afloopt, en of er op tijd gefilmd wordt.",
        "Months in which a deadline falls, and whether filming is in time."),
      kinds: [
        .init(label: say("gemist", "missed"), tone: "serious"),
        .init(label: say("plaats op tijd", "place in time"), tone: "attention"),
        .init(label: say("geregeld", "in hand"), tone: "fine"),
      ],
      bars: lines.months.filter { $0.deadlines > 0 }.map { .init(label: name($0), parts: $0.parts) })
  }

  private var table: Summary.Table? {
    guard !lines.months.isEmpty else { return nil }
    let labels = [
      say("termijnen", "deadlines"), say("gemist", "missed"), say("op tijd", "in time"), say("geregeld", "in hand"),
      say("plaatsen over", "places left"), say("opnamen te kort", "recordings short"),
    ]
    return Summary.Table(
      title: say("Per maand", "By month"), name: say("Maand", "Month"), columns: labels.map { .init(label: $0) },
      rows: lines.months.map(row))
  }

  private func row(_ month: OutlookLines.Month) -> Summary.Table.Row {
    let numbers = [month.deadlines] + month.parts + [month.places, month.recordingsNeeded]
    let alarming: Set = [1, 5]
    return .init(
      name: name(month), note: "",
      cells: numbers.enumerated().map { index, number in
        .init(text: count(number), isZero: number == 0, isAlarming: alarming.contains(index) && number > 0)
      },
      parts: month.parts)
  }
}
