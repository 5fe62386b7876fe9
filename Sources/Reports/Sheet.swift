import Postgres
import Program

/// The columns in which rows are handed out, and the statements that read them: the same for every format.
///
/// The text of a statement depends on the number and place of the run's columns and on nothing else; values are bound.
struct Sheet: Sendable {
  let parts: [Part]
  /// In which groups a page lists the rows; those of none come last, under `rest`.
  let groups: [Listing.Group]
  let rest: LocalizedText
  private let fields: [String]
  private let source: String
  private let parameters: [Parameter]
  private let order: String
  private let group: String
  /// Those that only the group speaks of; the groups' values follow.
  private let groupParameters: [Parameter]
  private let groupOrder: String

  /// A column as people see it, which may be more than one field: an id and a name.
  struct Part: Sendable {
    enum Kind: Sendable {
      /// Fields: the id, the name.
      case named
      /// Fields: the id, the code, the name.
      case school
      /// One field.
      case cell(Column.Kind)
    }

    let key: String
    let label: LocalizedText
    let kind: Kind
    /// Where its first field is in a row.
    let place: Int

    /// Names of its fields, as in CSV's first line.
    var fields: [String] {
      switch kind {
      case .named: [key + "_id", key]
      case .school: [key + "_id", key + "_code", key]
      case .cell: [key]
      }
    }
  }

  /// Names of all fields, in order.
  var fieldNames: [String] { parts.flatMap(\.fields) }

  /// Every row, in order.
  var rows: BoundStatement { statement("select \(fields.joined(separator: ", "))\n\(source)\norder by \(order)") }

  /// Every row, group by group; the last field is the group, empty where it has none.
  var groupedRows: BoundStatement {
    statement(
      """
      select \(fields.joined(separator: ", ")), \(group)
      \(source)
      order by array_position($\(groupsPlace)::text[], \(group)), \(groupOrder), \(order)
      """, groupParameters + [.texts(groups.map(\.value))])
  }

  /// How many rows each group has: value (empty of those without one), number.
  var groupCounts: BoundStatement {
    statement(
      "select \(group), count(*)\n\(source)\nwhere $\(groupsPlace)::text[] is not null\ngroup by 1",
      groupParameters + [.texts(groups.map(\.value))])
  }

  private var groupsPlace: Int { parameters.count + groupParameters.count + 1 }

  private func statement(_ text: String, _ more: [Parameter] = []) -> BoundStatement {
    Statement(unchecked: text).bind(parameters + more)
  }
}

extension Sheet {
  /// The rows of a run.
  init(of run: Run, _ report: any Report) {
    var building = Building(report)
    building.addNames()
    building.addCells(of: run) { run.cell($0.key) ?? "null" }
    building.add(.severity, Self.severity)
    building.add(.since, "x.since")
    building.add(.key, "x.key")

    let listing = report.listing
    let conditions = listing.among.enumerated().map { index, condition in
      "\(run.cell(condition.column) ?? "null") = any ($\(index + 2)::text[])"
    }
    let value = run.cell(listing.group) ?? "null"
    let all = conditions + ["\(value) = any ($\(conditions.count + 2)::text[])"]
    self.init(
      building, groups: listing.order, rest: listing.rest,
      source: "from (\(Self.parted)) x\n\(building.joins.joined(separator: "\n"))",
      parameters: [.text(run.id.description)], order: "x.ordinal",
      group: "case when \(all.joined(separator: " and ")) then \(value) else '' end",
      groupParameters: listing.among.map { .texts($0.values) }, groupOrder: run.cell(listing.sort) ?? "null::text")
  }

  /// What changed in a run against another; nil: against none.
  init(of run: Run, against earlier: Run?, _ report: any Report) {
    var building = Building(report)
    building.add(Changes.change, "x.change")
    building.addNames()
    building.addCells(of: run) { column in
      switch (run.cell(column.key), earlier?.cell(column.key)) {
      case (let now?, let before?) where now == before: now
      case (let now, let before):
        "case when x.run_id = $1 then \(now ?? "null") else \(before ?? "null") end"
      }
    }
    building.add(.severity, Self.severity)
    building.add(.since, "x.since")
    building.add(Changes.age, "x.age_days")
    building.add(Changes.acknowledged, "x.reason")
    building.add(Changes.acknowledgedUntil, "x.until_date")
    building.add(.key, "x.key")
    self.init(
      building, groups: Changes.groups, rest: Changes.rest,
      source: "from (\(Self.changed)) x\n\(building.joins.joined(separator: "\n"))",
      parameters: [.text(run.id.description), .optional(earlier?.id.description), .text(run.asOf.description)],
      order: "array_position(array['new', 'resolved', 'open'], x.change), x.severity desc, x.since, x.ordinal",
      group: "x.change", groupParameters: [], groupOrder: "null::text")
  }

  private static let severity = "case x.severity when 1 then 'attention' when 2 then 'serious' end"

  /// The cells are parted once for each row, which is what `offset 0` sees to.
  private static let parted = """
    select r.ordinal, r.key, r.person_id, r.school_id, r.severity, r.since, string_to_array(r.cells, e'\\t', '') as cells
    from report_row r
    where r.run_id = $1
    offset 0
    """

  private static let changed = """
    select
      c.change, c.run_id, c.ordinal, c.key, r.person_id, c.school_id, c.severity, c.since,
      case when c.change <> 'resolved' then $3::date - c.since end as age_days,
      a.reason, a.until_date, string_to_array(r.cells, e'\\t', '') as cells
    from app.report_changes($1, $2) c
    join report_row r on r.run_id = c.run_id
      and r.ordinal = c.ordinal
    left join report_acknowledgement a on a.id = c.acknowledgement
    offset 0
    """

  private init(
    _ building: Building, groups: [Listing.Group], rest: LocalizedText, source: String, parameters: [Parameter],
    order: String, group: String, groupParameters: [Parameter], groupOrder: String
  ) {
    parts = building.parts
    fields = building.fields
    self.groups = groups
    self.rest = rest
    self.source = source
    self.parameters = parameters
    self.order = order
    self.group = group
    self.groupParameters = groupParameters
    self.groupOrder = groupOrder
  }
}

/// The parts of a sheet while they are put together, and what has to be joined for their names.
private struct Building {
  private let report: any Report
  private(set) var parts: [Sheet.Part] = []
  private(set) var fields: [String] = []
  private(set) var joins: [String] = []

  init(_ report: any Report) { self.report = report }

  mutating func addNames() {
    if let person = report.person {
      joins.append("left join person p on p.id = x.person_id")
      add("person", person, .named, ["x.person_id", "p.name"])
    }
    if report.hasSchools {
      joins.append("left join school s on s.id = x.school_id")
      add("school", LocalizedText("School", "School"), .school, ["x.school_id", "s.code", "s.name"])
    }
  }

  /// The columns as the run keeps them; one of an earlier day that the report no longer has is text.
  mutating func addCells(of run: Run, _ expression: (Column) -> String) {
    for name in run.columns {
      let column = report.columns.first { $0.key == name } ?? Column(name, .code([:]), LocalizedText(name, name))
      add(column, expression(column))
    }
  }

  mutating func add(_ column: Column, _ expression: String) {
    let name = "n\(parts.count)"
    switch column.kind {
    case .person:
      joins.append("left join person \(name) on \(name).id = (\(expression))::uuid")
      add(column.key, column.label, .named, [expression, name + ".name"])
    case .carrier:
      joins.append("left join carrier \(name) on \(name).id = (\(expression))::uuid")
      add(column.key, column.label, .named, [expression, name + ".name"])
    case .code, .codes, .wholeNumber, .schoolYear, .decimal, .date:
      add(column.key, column.label, .cell(column.kind), [expression])
    }
  }

  private mutating func add(_ key: String, _ label: LocalizedText, _ kind: Sheet.Part.Kind, _ expressions: [String]) {
    parts.append(Sheet.Part(key: key, label: label, kind: kind, place: fields.count))
    fields += expressions
  }
}

extension Run {
  /// A cell by the name of its column, in SQL; nil where the run does not keep it.
  fileprivate func cell(_ column: String) -> String? {
    columns.firstIndex(of: column).map { "x.cells[\($0 + 1)]" }
  }
}
