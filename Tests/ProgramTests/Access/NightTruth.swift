/// What the nights leave: how much was removed, and what is told of voluntary requests.
let nightLines: [TruthLine] = [
  TruthLine(
    table: "retention", key: "night::text", columns: "night kind number finished_at",
    adviser: [.all], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "own_wish_year", key: "school_year::text",
    columns: "school_year requests guided classroom_management interaction didactics", adviser: [.all]),
]
