import TestDatabase

/// Who writes when reports are made: advisers. Those whose report it is see it, and the system administrator.
let scheduleWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/report-schedules",
    attempts: [
      Attempt(
        "/v1/report-schedules",
        #"{"report":"coverage","cadence":"weekly","weekday":1,"at":"06:30","recipients":[{"role":"adviser"}]}"#,
        Organisation.Fact(table: "report_schedule", key: "")
      ) { $0.isAdviser ? .done : .forbidden }
    ]),
  WritingTruth(
    route: "PATCH /v1/report-schedules/{id}",
    attempts: [
      Attempt(
        "/v1/report-schedules/\(Organisation.reportScheduleID)",
        #"{"at":"05:15","recipients":[{"role":"director","school":null}]}"#,
        Organisation.Fact(table: "report_schedule", key: Organisation.reportScheduleID)
      ) { person in
        if person.isAdviser { return .done }
        let isSystemAdmin = Organisation.roles[person, default: []].contains(.systemAdmin)
        return person.isDirector || isSystemAdmin ? .forbidden : .absent
      }
    ]),
]

private typealias Attempt = WritingTruth.Attempt
