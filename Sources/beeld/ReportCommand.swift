import ArgumentParser
import Glibc
import Postgres
import Program
import Reports

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Make, show and check compliance reports.",
    subcommands: [Run.self, ReportScheduleCommand.self, Show.self, Diff.self, Runs.self, Verify.self, List.self])

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a report now, store it as a run, and write it out.",
      discussion: "A run is never changed: the same report made again is another run, with the next revision.")

    @Argument(help: "Which report: \(ReportCommand.known).") var report: String
    @Option(help: "The day it speaks of, YYYY-MM-DD. Default: today in Europe/Amsterdam.") var asOf: String?
    @OptionGroup var output: ReportOutput

    func validate() throws {
      try ReportCommand.check(report)
      if let asOf, CivilDate(asOf) == nil { throw ValidationError("--as-of takes YYYY-MM-DD, not '\(asOf)'") }
    }

    func run() async throws {
      let make = try MakeReport(report, asOf: asOf.flatMap { CivilDate($0) })
      try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.withSession { session in
          let make = {
            output.tell("\(report): reckoning …")
            return try await make.run(in: session)
          }
          try await output.write(in: session) { try await output.document(of: make(), in: session) }
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write out a run that was made before.")

    @Argument(help: "Its id, as `beeld report runs` shows it; or a report, for its latest run.") var run: String
    @OptionGroup var output: ReportOutput

    func run() async throws {
      try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.withSession { session in
          try await output.write(in: session) {
            try await output.document(of: ReportCommand.find(run, in: session), in: session)
          }
        }
      }
    }
  }

  struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write out what changed in a run: exceptions that are new, resolved, and still open, with their age.")

    @Argument(help: "Its id, as `beeld report runs` shows it; or a report, for its latest run.") var run: String
    @Option(help: "The earlier run to compare with. Default: the last one of the latest earlier day.")
    var against: String?
    @OptionGroup var output: ReportOutput

    func validate() throws {
      if let against, UUIDv7(against) == nil {
        throw ValidationError("--against takes the id of a run, not '\(against)'")
      }
    }

    func run() async throws {
      try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.withSession { session in
          try await output.write(in: session) {
            try await output.document(
              ofChangesIn: ReportCommand.find(run, in: session), against: against.flatMap { UUIDv7($0) }, in: session)
          }
        }
      }
    }
  }

  struct Runs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the runs, the latest first.")

    @Option(help: "Only runs of this report: \(ReportCommand.known).") var report: String?
    @Option(help: "How many at most, 1 to 500.") var limit = 30

    func validate() throws {
      if let report { try ReportCommand.check(report) }
      guard Page.limits.contains(limit) else { throw ValidationError("--limit must be 1 to 500, not \(limit)") }
    }

    func run() async throws {
      let rows = try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.read(Segment(ReportRuns.Overview(report: report, limit: limit).query))
      }
      for row in rows {
        let facts = (0..<4).map { row.string($0) ?? "" }
        let size = row.string(5).map { ["\($0) rows"] } ?? []
        let lateness = row.string(4) == "t" ? ["late"] : []
        print((facts + size + lateness).joined(separator: "  "))
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that the rows of a run are those that were stored: reckon their hash anew.",
      discussion: "Exit status 1 when they are not.")

    @Argument(help: "Its id, as `beeld report runs` shows it; or a report, for its latest run.") var run: String

    func run() async throws {
      let (id, check) = try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.withSession { session in
          let id = try await ReportCommand.find(run, in: session)
          return (id, try await RowHash(of: id, in: session))
        }
      }
      guard check.isTrue else {
        print("\(id): the rows are NOT those that were stored\nstored   \(check.stored)\nreckoned \(check.reckoned)")
        throw ExitCode(1)
      }
      print("\(id): unchanged, \(check.stored)")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the reports there are.")

    func run() {
      for report in Reports.all { print("\(report.key)  \(report.title.dutch) / \(report.title.english)") }
    }
  }

  static let known = Reports.all.map(\.key).joined(separator: ", ")

  static func check(_ report: String) throws {
    guard Reports.named(report) != nil else {
      throw ValidationError("there is no report '\(report)'; there are: \(known)")
    }
  }

  /// The run that a person means by an id, or by the name of a report.
  static func find(_ text: String, in session: Session) async throws -> UUIDv7 {
    if let id = UUIDv7(text) { return id }
    try check(text)
    let latest = try await session.query(ReportRuns.Latest(report: text).query).first?.string(0)
    guard let id = latest.flatMap({ UUIDv7($0) }) else {
      throw ValidationError("no run of '\(text)' has succeeded yet")
    }
    return id
  }
}
