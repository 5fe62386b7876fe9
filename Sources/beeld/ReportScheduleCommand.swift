import ArgumentParser
import Jobs
import Postgres
import Program
import Reports

struct ReportScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "When reports are made of their own accord.",
    subcommands: [List.self, RunDue.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the schedules, each with its next five nights in Europe/Amsterdam.")

    func run() async throws {
      let rows = try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.read(Segment(ReportSchedules.overview))
      }
      for row in rows {
        let facts = (0..<4).map { row.string($0) ?? "" }
        let isOn = try row.bool(4) ?? false
        print((facts + ["\(try row.int(6) ?? 0) recipients"] + (isOn ? [] : ["off"])).joined(separator: "  "))
        if isOn { print("  next: \(row.string(5) ?? "")") }
      }
    }
  }

  struct RunDue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run-due",
      abstract: "Make every scheduled report whose time has come, send the mails that wait, once each, then stop.",
      discussion: "What `serve` does by itself. Exit status 1 when one of them failed.")

    func run() async throws {
      let settings = try Settings.fromEnvironment()
      let failures = try await settings.withDatabase(as: .jobs) { database in
        let mails = try settings.dueMails(in: database)
        var failures = 0
        try await DueReports(database).makeAll { claim, outcome in
          print(ReportScheduleCommand.line(claim, outcome))
          if outcome.isFailure { failures += 1 }
        }
        try await mails?.sendAll { claim, outcome in
          print(ReportScheduleCommand.line(claim, outcome))
          if outcome.isFailure { failures += 1 }
        }
        return failures
      }
      if failures > 0 { throw ExitCode(1) }
    }
  }

  /// One line for the operator; ids and dates only.
  static func line(_ claim: DueReports.Claim, _ outcome: DueReports.Outcome) -> String {
    let what = "\(claim.report) of \(claim.asOf)\(claim.isLate ? ", late" : "")"
    return switch outcome {
    case .succeeded(let rows): "\(what): \(rows) rows, run \(claim.run)"
    case .failed(let reason): "\(what): failed (\(reason)), will be tried again"
    case .abandoned(let reason): "\(what): abandoned (\(reason))"
    case .lost: "\(what): taken over by another instance"
    }
  }

  /// One line for the operator; nothing of whom it went to.
  static func line(_ claim: DueMails.Claim, _ outcome: DueMails.Outcome) -> String {
    switch outcome {
    case .sent: "mail \(claim.delivery): sent"
    case .failed(let reason), .unreachable(let reason):
      "mail \(claim.delivery): not sent (\(reason)), will be tried again"
    case .dead(let reason): "mail \(claim.delivery): given up (\(reason))"
    case .lost: "mail \(claim.delivery): taken over by another instance"
    }
  }
}

extension DueReports.Outcome {
  fileprivate var isFailure: Bool {
    switch self {
    case .failed, .abandoned: true
    case .succeeded, .lost: false
    }
  }
}

extension DueMails.Outcome {
  fileprivate var isFailure: Bool {
    switch self {
    case .failed, .unreachable, .dead: true
    case .sent, .lost: false
    }
  }
}
