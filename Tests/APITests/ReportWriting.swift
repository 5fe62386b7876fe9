import TestDatabase

/// Who says of an exception of a report that it may stand: the adviser alone, of what is one.
let reportWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/report-runs/{id}/acknowledgements",
    attempts: [
      WritingTruth.Attempt(
        "/v1/report-runs/\(Organisation.reportRunID)/acknowledgements",
        #"{"key":"0193b6a0-0002-7000-8000-000000099999","reason":"agreed","until":"2126-08-01"}"#,
        .init(table: "report_acknowledgement", key: "")
      ) { person in
        let roles = Organisation.roles[person, default: []]
        // Nobody in the organisation is late: there is nothing to say anything of.
        if roles.contains(.adviser) { return .invalid(["/key"]) }
        let seesTheRun = roles.contains {
          if case .director = $0 { true } else { $0 == .systemAdmin }
        }
        return seesTheRun ? .forbidden : .absent
      }
    ]),
  WritingTruth(
    route: "DELETE /v1/report-acknowledgements/{id}",
    attempts: [
      WritingTruth.Attempt(
        "/v1/report-acknowledgements/0193b6a0-0002-7000-8000-000000099999", "",
        .init(table: "report_acknowledgement", key: "")
      ) { _ in .absent }
    ]),
]
