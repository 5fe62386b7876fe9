import ArgumentParser
import Glibc
import Postgres
import Program

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import a file: show the difference it makes, and with --commit make it.",
    discussion: """
      Kinds: schools (the register of locations as DUO publishes it), staff (people and employments of the personnel \
      system), absences (leave, by category), past-recordings (of the time before this administration). Referrals \
      are made in somebody's name, which the operator's is not: a director or adviser uploads them to /v1/imports. \
      Without --commit nothing changes. With it everything in the file is done, or nothing: each faulty row is named as \
      FILE:LINE: COLUMN: what is wrong (code), and the exit status is 1.
      """)

  @Argument(help: "What the file holds: \(Self.kinds).") var kind: String
  @Argument(help: "The CSV file; - for standard input.") var file: String
  @Flag(help: "Make the difference, all of it or nothing.") var commit = false
  @Option(help: "schools: only the locations of the board with this number.") var board: String?
  @Option(help: "schools: the day the file speaks of, YYYY-MM-DD. Default: the one in its name, else today.")
  var date: String?
  @Option(help: "How many faults and how many changes to list.") var list = 50
  @Option(help: "nl or en. Default: of LANG, else nl.") var language: String?
  @Flag(help: "Print the outcome as one line of JSON.") var json = false

  private static let kinds = ImportKind.all.filter { !$0.isInSomebodysName }.map(\.name).joined(separator: ", ")

  func validate() throws {
    guard let known = ImportKind(named: kind) else {
      throw ValidationError("'\(kind)' cannot be imported; expected \(Self.kinds)")
    }
    if known.isInSomebodysName {
      throw ValidationError(
        "\(kind) are made in the name of a director or adviser, who uploads them: POST /v1/imports?kind=\(kind)")
    }
    if kind != ImportKind.schools.name, board != nil || date != nil {
      throw ValidationError("--board and --date are for schools")
    }
    if let board, board.utf8.count != 5 || !board.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      throw ValidationError("--board takes five digits, not '\(board)'")
    }
    if let date, CivilDate(date) == nil { throw ValidationError("--date takes YYYY-MM-DD, not '\(date)'") }
    guard list >= 0 else { throw ValidationError("--list takes a number from 0 on") }
    if let language, Language(rawValue: language) == nil {
      throw ValidationError("--language takes nl or en, not '\(language)'")
    }
  }

  func run() async throws {
    guard let kind = ImportKind(named: kind) else { return }
    let settings = try Settings.fromEnvironment()
    let progress = ImportProgressBar(language: chosenLanguage)
    let content = try await receive(progress)
    let importer = Importer(kind, options: options)
    let outcome = try await settings.withDatabase(as: .jobs) { database in
      try await database.withSession { session in
        if commit { return try await importer.commit(content, in: session) { progress.show($0) } }
        return try await importer.preview(content, in: session) { progress.show($0) }
      }
    }
    progress.clear()
    report(outcome)
    if outcome.faultCount > 0 { throw ExitCode(1) }
  }

  private func receive(_ progress: ImportProgressBar) async throws -> ImportFile {
    do {
      return try await ImportFile.receive(try FileBytes(path: file)) { progress.show(received: $0) }
    } catch let refusal as ImportFile.TooLarge {
      throw ValidationError("\(file) is larger than \(refusal.limit / 1_048_576) MiB")
    }
  }

  private var options: ImportOptions {
    var options = ImportOptions(board: board)
    if let date {
      options.date = CivilDate(date)
    } else if kind == ImportKind.schools.name {
      options.date = ImportOptions.date(inFileName: String(file.split(separator: "/").last ?? ""))
    }
    (options.faultLimit, options.changeLimit) = (list, list)
    return options
  }

  private var chosenLanguage: Language {
    if let language, let chosen = Language(rawValue: language) { return chosen }
    let environment = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { (name: String) in
      getenv(name).map { String(cString: $0) }
    }
    return environment.first { !$0.isEmpty }?.hasPrefix("en") == true ? .english : .dutch
  }

  private func report(_ outcome: ImportOutcome) {
    if json { return print(String(decoding: outcome.json(in: chosenLanguage), as: UTF8.self)) }
    let report = ImportReport(outcome, file: file, language: chosenLanguage)
    for line in report.faultLines { print(line) }
    for line in report.changeLines { print(line) }
    for line in report.summaryLines { print(line) }
  }
}
