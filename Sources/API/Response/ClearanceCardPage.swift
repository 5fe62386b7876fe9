import Mustache
import Program

/// The clearance card: one A5 page, complete in itself, in the language of the one who asks.
struct ClearanceCardPage {
  private let page: Page

  init(_ card: ClearanceCard, _ language: Language) { page = Page(card, language) }

  /// The page, in UTF-8.
  /// - Throws: when the template is no template, which a test would show.
  func bytes() throws -> [UInt8] {
    Array(try MustacheTemplate(string: Self.template).render(page).utf8)
  }

  /// Plain values, named as the template names them.
  private struct Page {
    let language, title, verdict, judged, warning: String
    let isCleared: Bool
    let facts: [Line]
    let reasonsTitle, measuresTitle, pupil, measure, sound, promise: String
    let reasons: [Reason]
    let measures: [Measure]
    let hasReasons: Bool
    let hasMeasures: Bool

    init(_ card: ClearanceCard, _ language: Language) {
      let words = Words(language)
      let clearance = card.clearance
      self.language = language.rawValue
      title = language(dutch: "Vrijgavekaart", english: "Clearance card")
      verdict = words.verdict(clearance)
      isCleared = clearance.isCleared == true && !clearance.isQuarantined
      judged = words.judged(card)
      warning = language(
        dutch: """
          Een bezwaar dat later komt, gaat voor: vraag de vrijgave vlak voor het filmen opnieuw op. Vernietig deze kaart \
          na de opname.
          """,
        english: """
          An objection that comes later wins: ask for the clearance again just before filming. Destroy this card after \
          the recording.
          """)
      facts = words.facts(card)
      reasonsTitle = language(dutch: "Wat in de weg staat", english: "What stands in the way")
      measuresTitle = language(dutch: "Maatregelen", english: "Measures")
      pupil = language(dutch: "Leerling", english: "Pupil")
      measure = language(dutch: "Maatregel", english: "Measure")
      sound = language(dutch: "Geluid", english: "Sound")
      promise = language(dutch: "Toegezegd", english: "Promised")
      reasons = clearance.reasons.map {
        Reason(text: $0.text(in: language), liftedBy: $0.liftedBy.map { words.lifter($0) } ?? "")
      }
      measures = (clearance.measures ?? []).map { words.measure($0, of: card.pupils[$0.objection]) }
      hasReasons = !reasons.isEmpty
      hasMeasures = !measures.isEmpty
    }
  }

  private struct Line {
    let name, value: String
  }

  private struct Reason {
    let text, liftedBy: String
  }

  private struct Measure {
    let pupil, kind, sound, promise: String
  }

  /// What is said of a card in one language.
  private struct Words {
    let language: Language

    init(_ language: Language) { self.language = language }

    func verdict(_ clearance: Clearance) -> String {
      if clearance.isQuarantined {
        return language(dutch: "In quarantaine", english: "Quarantined")
      }
      switch (clearance.state == "planned", clearance.isCleared) {
      case (true, true?): return language(dutch: "Vrijgegeven", english: "Cleared")
      case (true, _): return language(dutch: "Niet vrijgegeven: niet filmen", english: "Not cleared: do not film")
      case (false, true?): return language(dutch: "Met vrijgave gemaakt", english: "Made with clearance")
      case (false, false?): return language(dutch: "Zonder vrijgave gemaakt", english: "Made without clearance")
      case (false, nil): return language(dutch: "Niet beoordeeld", english: "Not judged")
      }
    }

    func judged(_ card: ClearanceCard) -> String {
      let day = card.printedOn?.written(in: language) ?? ""
      let time = card.printedAt ?? ""
      return language(dutch: "Stand van \(day), \(time) uur.", english: "As of \(day), \(time).")
    }

    func facts(_ card: ClearanceCard) -> [Line] {
      let day = card.day?.written(in: language)
      let found: [(String, String?)] = [
        (language(dutch: "Dag", english: "Day"), day), (language(dutch: "Tijd", english: "Time"), card.time),
        ("School", card.school), (language(dutch: "Groep", english: "Group"), card.group),
        (language(dutch: "Leerkracht", english: "Teacher"), card.teacher),
        (language(dutch: "Beeldbegeleider", english: "Coach"), card.coach),
        (language(dutch: "Beelden op", english: "Footage on"), card.carrier),
      ]
      return found.compactMap { name, value in value.map { Line(name: name, value: $0) } }
    }

    func lifter(_ code: String) -> String {
      switch code {
      case "school": language(dutch: "de school", english: "the school")
      case "teacher": language(dutch: "de leerkracht", english: "the teacher")
      default: language(dutch: "de beeldbegeleider", english: "the coach")
      }
    }

    func measure(_ measure: Clearance.Measure, of pupil: String?) -> Measure {
      Measure(
        pupil: pupil ?? "—", kind: MeasureWording.text(measure.kind, in: language),
        sound: measure.coversSound
          ? language(dutch: "ook het geluid", english: "sound too")
          : language(dutch: "geluid mag", english: "sound may be"),
        promise: state(measure.state))
    }

    private func state(_ code: String) -> String {
      switch code {
      case "promised": language(dutch: "ja", english: "yes")
      case "attested": language(dutch: "bevestigd", english: "attested")
      default: language(dutch: "nog niet", english: "not yet")
      }
    }
  }
}

extension ClearanceCardPage {
  private static let template = """
    <!doctype html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light">
    <meta name="robots" content="noindex">
    <title>{{title}}</title>
    <style>
    * { box-sizing: border-box; }
    html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    body { margin: 0 auto; max-width: 128mm; padding: 8mm 4mm; background: #fff; color: #1d2327;
      font: 400 10pt/1.4 "Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }
    h1 { font-size: 11pt; margin: 0; color: #11515c; }
    h2 { font-size: 10pt; margin: 4mm 0 1mm; }
    .verdict { font-size: 17pt; line-height: 1.2; font-weight: 600; margin: 1mm 0 3mm; padding: 2mm 3mm;
      border: 1.5pt solid #9d2b1c; color: #9d2b1c; }
    .verdict::before { content: "\\2715\\2002"; }
    .cleared { border-color: #17616c; color: #17616c; }
    .cleared::before { content: "\\2713\\2002"; }
    dl { display: grid; grid-template-columns: auto 1fr; gap: .5mm 4mm; margin: 0; }
    dt { color: #5d666d; }
    dd { margin: 0; }
    ul { margin: 0; padding-left: 4.5mm; }
    li small { color: #5d666d; }
    table { width: 100%; border-collapse: collapse; }
    th, td { text-align: left; padding: 1mm 2mm 1mm 0; border-bottom: .5pt solid #d9dde0; vertical-align: baseline; }
    th { font-weight: 600; font-size: 8.5pt; color: #5d666d; border-bottom-color: #1d2327; }
    td:first-child { font-weight: 600; font-size: 11pt; white-space: nowrap; }
    footer { margin-top: 5mm; font-size: 8.5pt; color: #5d666d; }
    footer p { margin: 0 0 1mm; }
    @media print {
      @page { size: A5 portrait; margin: 10mm; }
      body { max-width: none; padding: 0; }
      li, tr { break-inside: avoid; }
    }
    </style>
    </head>
    <body>
    <header>
    <h1>{{title}}</h1>
    <p class="verdict{{#isCleared}} cleared{{/isCleared}}">{{verdict}}</p>
    </header>
    <main>
    <dl>
    {{#facts}}
    <dt>{{name}}</dt><dd><bdi>{{value}}</bdi></dd>
    {{/facts}}
    </dl>
    {{#hasReasons}}
    <section>
    <h2>{{reasonsTitle}}</h2>
    <ul>
    {{#reasons}}
    <li>{{text}}{{#liftedBy}} <small>({{liftedBy}})</small>{{/liftedBy}}</li>
    {{/reasons}}
    </ul>
    </section>
    {{/hasReasons}}
    {{#hasMeasures}}
    <section>
    <h2>{{measuresTitle}}</h2>
    <table>
    <thead><tr><th scope="col">{{pupil}}</th><th scope="col">{{measure}}</th><th scope="col">{{sound}}</th>\
    <th scope="col">{{promise}}</th></tr></thead>
    <tbody>
    {{#measures}}
    <tr><td>{{pupil}}</td><td>{{kind}}</td><td>{{sound}}</td><td>{{promise}}</td></tr>
    {{/measures}}
    </tbody>
    </table>
    </section>
    {{/hasMeasures}}
    </main>
    <footer>
    <p>{{judged}}</p>
    <p>{{warning}}</p>
    </footer>
    </body>
    </html>

    """
}
