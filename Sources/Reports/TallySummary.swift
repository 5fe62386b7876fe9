import Program

/// What a page says of a run's numbers where its report has nothing of its own to say: how many rows, how many of them
/// are exceptions, in which groups, and where.
struct TallySummary {
  private let tally: Tally
  private let report: any Report
  private let language: Language
  private let wording: Wording

  init(_ tally: Tally, _ report: any Report, _ language: Language) {
    self.tally = tally
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

  private var lead: String {
    let about = report.about(language)
    guard tally.total.rows > 0 else {
      return about + " " + say("Op deze dag is er niets.", "There is nothing on this day.")
    }
    return switch (tally.total.attention, tally.total.serious) {
    case (0, 0): about + " " + say("Niets vraagt aandacht.", "Nothing asks for attention.")
    case (let attention, 0):
      about + " "
        + say("Aandacht vraagt: \(wording.number(attention)).", "Asking for attention: \(wording.number(attention)).")
    case (let attention, let serious):
      about + " "
        + say(
          "Ernstig: \(wording.number(serious)); aandacht vraagt: \(wording.number(attention)).",
          "Serious: \(wording.number(serious)); asking for attention: \(wording.number(attention)).")
    }
  }

  private var figures: [Summary.Figure] {
    [
      .init(
        value: wording.number(tally.total.serious), label: say("Ernstig", "Serious"), note: "",
        isAlarming: tally.total.serious > 0),
      .init(
        value: wording.number(tally.total.attention), label: say("Vraagt aandacht", "Asks for attention"), note: ""),
      .init(
        value: wording.number(tally.total.rows), label: say("Samen", "Together"), note: report.listing.title(language)),
    ]
  }

  private static let tones = ["serious", "attention", "fine"]

  private var kinds: [Summary.Chart.Kind] {
    zip(
      [
        say("ernstig", "serious"), say("vraagt aandacht", "asks for attention"),
        say("geen uitzondering", "no exception"),
      ], Self.tones
    ).map { .init(label: $0, tone: $1) }
  }

  private var chart: Summary.Chart {
    Summary.Chart(
      title: say("Naar soort", "By kind"), description: report.listing.title(language), kinds: kinds,
      bars: report.listing.order.compactMap { group in
        tally.groups[group.value].map { .init(label: group.title(language), parts: $0.parts) }
      })
  }

  private var table: Summary.Table? {
    guard report.hasSchools, !tally.schools.isEmpty else { return nil }
    let groups = report.listing.order
    let columns =
      [Summary.Table.Column(label: say("samen", "together"))]
      + groups.map { .init(label: $0.title(language), group: say("Soort", "Kind")) }
      + [say("vraagt aandacht", "asks for attention"), say("ernstig", "serious")].map {
        .init(label: $0, group: say("Uitzonderingen", "Exceptions"))
      }
    var rows = tally.schools.map { row($0.name, note: $0.code, $0.count) }
    if tally.elsewhere.rows > 0 { rows.append(row(say("Van geen school", "Of no school"), note: "", tally.elsewhere)) }
    return Summary.Table(
      title: say("Per school", "By school"), name: "School", columns: columns,
      rows: rows + [row(say("Samen", "Together"), note: "", tally.total, isTotal: true)])
  }

  private func row(_ name: String, note: String, _ count: Tally.Count, isTotal: Bool = false) -> Summary.Table.Row {
    func cell(_ number: Int, isAlarming: Bool = false) -> Summary.Table.Cell {
      .init(text: wording.number(number), isZero: number == 0, isAlarming: isAlarming && number > 0)
    }
    return .init(
      name: name, note: note,
      cells: [cell(count.rows)] + report.listing.order.map { cell(count.by[$0.value] ?? 0) }
        + [cell(count.attention), cell(count.serious, isAlarming: true)],
      parts: count.parts, isTotal: isTotal)
  }
}
