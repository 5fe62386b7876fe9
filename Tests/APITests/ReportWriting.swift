import Foundation
import TestDatabase

/// Who says of an exception of a report that it may stand, and takes it back: the adviser alone.
let reportWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/report-runs/{id}/acknowledgements",
    attempts: [
      acknowledging(late) { $0.isAdviser ? .done : nil },
      acknowledging(Organisation.Person.colleague) { $0.isAdviser ? .invalid(["/key"]) : nil },
    ], arrangement: lateness),
  WritingTruth(
    route: "DELETE /v1/report-acknowledgements/{id}",
    attempts: [
      Attempt("/v1/report-acknowledgements/\(acknowledgement)", "", .init(table: "report_acknowledgement", key: "")) {
        if $0.isAdviser { return .done }
        return Organisation.attribution[late].map($0.directed.contains) == true ? .forbidden : .absent
      }
    ], arrangement: lateness + "; " + acknowledged),
]

private typealias Attempt = WritingTruth.Attempt

/// Whose deadline has passed, as the run tells it once it is arranged so.
private let late = Organisation.Person.teacher
private let acknowledgement = Organisation.id(12, 9)

private func acknowledging(_ person: Organisation.Person, by verdict: (Organisation.Person) -> Verdict?) -> Attempt {
  let until = Date.now.addingTimeInterval(90 * 86_400).formatted(.iso8601.year().month().day())
  return Attempt(
    "/v1/report-runs/\(Organisation.reportRunID)/acknowledgements",
    #"{"key":"\#(person.id)","reason":"agreed","until":"\#(until)"}"#, .init(table: "report_acknowledgement", key: "")
  ) { person in
    let seesTheRun = Organisation.roles[person, default: []].contains {
      if case .director = $0 { true } else { $0 == .systemAdmin }
    }
    return verdict(person) ?? (seesTheRun ? .forbidden : .absent)
  }
}

/// SQL that makes an exception of a row that has been stored, past what keeps stored rows as they are.
private let lateness = """
  set session_replication_role = replica;
  update beeld.report_row set severity = 2, since = app.today()
  where run_id = '\(Organisation.reportRunID)' and key = '\(late.id)';
  reset session_replication_role
  """

private let acknowledged = """
  insert into beeld.report_acknowledgement (id, run_id, key, reason, until_date)
  values ('\(acknowledgement)', '\(Organisation.reportRunID)', '\(late.id)', 'agreed', app.today() + 30)
  """
