"""Every report of the demonstration organisation, read back from each of its formats and counted again by plain SQL."""

import collections
import csv
import datetime
import decimal
import html.parser
import io
import os
import re
import shutil
import zipfile

import openpyxl

import checks
import program

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Who the starters are, of which school, and how far: out of the tables alone, and as one would reckon it by hand.
STARTER = """
    with first_day as (
      select r.person_id, r.teaching_since,
        case when r.teaching_since_approved_at is not null then least(r.teaching_since, (
          select min(x.from_date) from prior_experience x where x.person_id = r.person_id and x.approved_at is not null)) end as day,
        (select min(e.from_date) from employment e where e.person_id = r.person_id and e.job = 'teacher') as here,
        (select coalesce(sum(a.until_date - a.from_date), 0)::integer from absence a
         where a.person_id = r.person_id and a.until_date - a.from_date >= 30) as away
      from registration r
    ),
    counting as (
      select k.* from recording k where (k.origin <> 'own_wish' or k.counts_for_programme) and not k.quarantined
    ),
    starter as (
      select f.*,
        (select s.code from employment e join school s on s.id = e.school_id
         where e.person_id = f.person_id and e.job = 'teacher'
         order by
           case when e.from_date > today() then 2 when e.until_date <= today() then 1 else 0 end,
           case when e.until_date <= today() then e.until_date end desc, e.fte desc, e.from_date, s.code
         limit 1) as school,
        exists (
          select from employment e
          where e.person_id = f.person_id and e.job = 'teacher' and (e.until_date is null or e.until_date > today())) as stays,
        exists (
          select from employment e
          where e.person_id = f.person_id and e.job = 'teacher' and e.from_date <= today()
            and (e.until_date is null or e.until_date > today())) as works,
        exists (
          select from absence a
          where a.person_id = f.person_id and a.until_date is null) as is_away_for_long,
        coalesce(
          (select case when min(k.recorded_on) < f.day + interval '36 months' + make_interval(days => f.away) then 'covered' else 'covered_late' end
           from counting k where k.teacher_id = f.person_id and k.state = 'debriefed'
           having count(*) > 0),
          (select 'exempt' from exemption x where x.person_id = f.person_id and today() between x.from_date and x.review_date - 1),
          (select 'recorded' from counting k where k.teacher_id = f.person_id and k.state = 'made' limit 1),
          (select 'planned' from counting k where k.teacher_id = f.person_id and k.state = 'planned' limit 1),
          'open') as coverage
      from first_day f
      where f.here is not null
        and coalesce(f.day, f.here) + interval '36 months' > greatest(
          (select programme_start from policy order by version desc limit 1), case when f.day is not null then f.here else '-infinity' end)
    )"""

# What each report says, by the tables alone: written once more, and not as the reports reckon it. By school (a dash where
# a report has none), by the cell of the column named, and by severity where that is part of it: how many rows.
COUNTED = {
    "coverage": ("coverage", False, STARTER + "select school, coverage, count(*) from starter group by 1, 2"),
    "outlook": ("outlook", False, STARTER + """
        select school, case when day is null or is_away_for_long then 'no_deadline' else 'deadline' end, count(*)
        from starter
        where stays and coverage in ('open', 'planned', 'recorded')
        group by 1, 2"""),
    "data-quality": ("finding", True, STARTER + """,
        role_now as (select * from role_assignment where from_date <= today() and (until_date is null or until_date > today())),
        login as (
          select person_id from registration where subject is not null
          union
          select person_id from api_token where revoked_at is null and expires_at > now())
        select '-', found, severity, count(*)
        from (
          select case when teaching_since is null then 'start_missing' else 'start_unconfirmed' end as found, 2 as severity
          from starter where works and day is null
          union all
          select 'no_login', max(severity)
          from (
            select person_id, 1 as severity from starter where works
            union all
            select person_id, 2 from role_now) x
          where person_id not in (select person_id from login)
          group by person_id
          union all
          select 'role_ending', 1 from role_now where until_date <= today() + 30
          union all
          select 'role_without_employment', 1 from role_now r
          where r.school_id is not null and not exists (
            select from employment e
            where (e.person_id, e.school_id) = (r.person_id, r.school_id) and e.from_date <= today()
              and (e.until_date is null or e.until_date > today()))
          union all
          select 'more_than_full_time', 1 from employment
          where from_date <= today() and (until_date is null or until_date > today())
          group by person_id having sum(fte) > 1.2
          union all
          select 'absences_overlap', 1 from absence a join absence b on a.person_id = b.person_id and a.id < b.id
            and a.from_date < coalesce(b.until_date, 'infinity') and b.from_date < coalesce(a.until_date, 'infinity')) f
        group by 1, 2, 3"""),
    "intake": ("step", False, """
        select '-', step, count(*)
        from (
          select state::text as step from request where origin <> 'own_wish' and state in ('invited', 'submitted', 'offered')
          union all
          select case when exists (select from recording k where k.trajectory_id = t.id and k.state = 'made') then 'debrief' else 'first_recording' end
          from trajectory t where t.origin <> 'own_wish'
            and (t.state in ('open', 'paused') and not exists (
                   select from recording k where k.trajectory_id = t.id and k.state not in ('cancelled', 'voided'))
                 or exists (select from recording k where k.trajectory_id = t.id and k.state = 'made'))) x
        group by 2"""),
    "coaches": ("open_trajectories", False, """
        select '-', open, count(*)
        from (
          select (select count(*) from trajectory t where t.coach_id = r.person_id and t.origin <> 'own_wish' and t.state in ('open', 'paused')) as open
          from role_assignment r where r.role = 'coach' and r.until_date is null) x
        group by 2"""),
    "custody": ("finding", False, """
        select '-', finding, count(*)
        from (
          select 'carrier' as finding from carrier where retired_on is null
          union all
          select case
            when x.state = 'lost' then 'lost'
            when x.due + 14 <= today() then 'overdue'
            when x.due <= today() then 'due'
            else 'kept' end
          from (
            select c.state, c.kept_until, least(
              c.required_on,
              case when c.holder_id <> c.teacher_id then (c.demanded_at at time zone 'Europe/Amsterdam')::date end,
              case when c.holder_id <> c.teacher_id then greatest(c.kept_until, c.deletion_due_on) end) as due
            from copy c join recording k on k.id = c.recording_id
            where (k.origin <> 'own_wish' or k.counts_for_programme)
              and (c.state = 'lost' or c.state = 'held' and (c.holder_id <> c.teacher_id or c.required_on is not null))) x
          where x.state = 'lost' or x.due <= today() or x.kept_until is not null) y
        group by 2"""),
    "notices": ("situation", False, """
        select s.code, case when count(distinct n.channel) = 2 then 'informed' else 'not_informed' end, 1
        from school s
        left join notice n on n.school_id = s.id and n.school_year = school_year(today()) and n.attested_at is not null
        where s.open_until is null
        group by s.code"""),
    "objections": ("situation", False, """
        select s.code,
          case
            when exists (select from measure m where m.objection_id = o.id and m.state = 'in_force') then 'measure_set'
            when o.received_on + 20 < today() then 'past_due'
            else 'without_measure' end,
          count(*)
        from objection o join school s on s.id = o.school_id
        where o.state <> 'ended'
        group by 1, 2"""),
    "retention": ("retention", True, """
        select '-', said, severity, count(*)
        from (
          -- Of this night, once it is done, also the kinds of which there was nothing.
          select 'removed' as said, 0 as severity
          from retention
          where night > today() - 31
            and (number > 0 or night = today())
            and (finished_at is not null or kind = 'command')
          union all
          select 'not_done', 2
          from (values ('person'), ('objection'), ('report_run'), ('report_row'), ('audit'), ('api_token')) k (kind)
          where (select min(night) from retention) < today() - 1
            and not exists (select from retention r where r.kind = k.kind and r.night = today() - 1 and r.finished_at is not null)) x
        group by 2, 3"""),
}

# Nights as they may have been: one that finished a part of its work, one of long ago and one of too long ago.
REMOVED = """
    set session_replication_role = replica;
    insert into retention (night, kind, number, finished_at)
    select today() - n, kind, number, now()
    from (values (1, 'audit', 5), (1, 'api_token', 0), (10, 'report_run', 3), (30, 'person', 2), (31, 'person', 1)) x (n, kind, number)
    on conflict do nothing"""


def setUpModule():
    global folder, data, server
    folder = program.reachable_folder()
    data = os.path.join(folder, "data")
    server = program.Server.dev(data)


def tearDownModule():
    server.stop()
    shutil.rmtree(folder)


PATH = "set search_path = beeld, app; set client_min_messages = warning; "


def sql(text):
    return program.psql(program.dev_conninfo(data), PATH + text).splitlines()[-1]


def csv_matrix(answer):
    """Names of the fields, and rows of texts; the apostrophe that keeps a cell from running is undone."""
    lines = list(csv.reader(io.StringIO(answer.body.decode("utf-8"), newline="")))
    undone = [[re.sub(r"(^|[;\t\r\n])'", r"\1", cell) for cell in line] for line in lines]
    return undone[0], undone[1:]


def text(value):
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, (int, float, decimal.Decimal)):
        return format(decimal.Decimal(str(value)).normalize(), "f")
    return value


def json_matrix(answer, names):
    def field(row, name):
        base, _, part = name.rpartition("_")
        if part in ("id", "code") and isinstance(row.get(base), dict):
            return text(row[base][part])
        return text(row[name]["name"] if isinstance(row[name], dict) else row[name])

    return [[field(row, name) for name in names] for row in answer.json["rows"]]


def xlsx_matrix(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    return book, sheet, [[text(cell.value) for cell in row] for row in rows[1:]]


class Page(html.parser.HTMLParser):
    """The rows of the page's list, each cell as the other formats have it."""

    def __init__(self, body):
        super().__init__()
        self.rows, self.keys, self.cell, self.depth, self.is_list, self.outside = [], [], None, None, False, []
        self.feed(body.decode("utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.is_list = attributes.get("class") == "rows"
        if any(name in attributes for name in ("src", "href")) or tag in ("script", "link"):
            self.outside.append(tag)
        if not self.is_list:
            return
        if tag == "tr":
            self.row, self.key = [], attributes.get("id")
        elif tag in ("td", "th"):
            self.cell = {"value": "", "text": "", "code": ""}
        elif tag in ("data", "time") and self.cell is not None:
            self.cell["value"] = attributes.get("value", attributes.get("datetime"))
            self.into = "text"
        elif tag == "span" and self.cell is not None:
            self.into = "code"

    def handle_endtag(self, tag):
        if tag == "table":
            self.is_list = False
        if not self.is_list:
            return
        if tag in ("td", "th") and self.cell is not None:
            self.row.append(self.cell)
            self.cell = None
        elif tag == "tr" and self.key:
            self.rows.append(self.row)
            self.keys.append(self.key)

    def handle_data(self, data):
        if self.is_list and self.cell is not None and self.cell["value"]:
            self.cell[self.into] += data


def html_matrix(page, names):
    """In the order of the other formats' fields: a cell of a name is its id and the name, of a school the code too."""
    matrix = []
    for key, cells in zip(page.keys, page.rows):
        line, places = [], iter(cells)
        for name in names:
            if name == "key":
                line.append(key)
            elif name.endswith("_code"):
                line.append(cell["code"].strip())
            elif name + "_id" in names:
                line.append(cell["text"].strip())
            else:
                cell = next(places)
                line.append(cell["value"])
        matrix.append(line)
    return matrix


def normal(matrix):
    """Numbers alike however many noughts they end in; rows in the order of their keys, which every format has last."""
    return sorted(([text(decimal.Decimal(cell)) if re.fullmatch(r"-?\d+\.\d+", cell) else cell for cell in line] for line in matrix),
                  key=lambda line: line[-1])


class Formats(checks.Sentence):
    def runs(self):
        items = server.get("/v1/report-runs?limit=500", "adviser").json["items"]
        latest = {}
        for run in items:
            latest.setdefault(run["report"], run)
        return latest

    def test_every_report(self):
        """CSV, XLSX, HTML and JSON of every report read back to the same matrix"""
        keys = {report["key"] for report in server.get("/v1/reports", "adviser").json["items"]}
        self.assertLessEqual(
            {"coverage", "intake", "coaches", "custody", "notices", "objections", "data-quality", "outlook"}, keys)
        runs = self.runs()
        self.assertLessEqual(keys, set(runs))
        for key in sorted(keys):
            with self.subTest(key):
                path = f"/v1/report-runs/{runs[key]['id']}/rows"
                role = "privacy_officer" if key in ("custody", "objections") else "adviser"
                names, lines = csv_matrix(server.get(path, role, accept="text/csv"))
                self.assertEqual("key", names[-1])
                expected = normal(lines)
                self.assertEqual(expected, normal(json_matrix(server.get(path, role, accept="application/json"), names)))
                book, sheet, cells = xlsx_matrix(server.get(path, role, accept=XLSX))
                self.assertEqual(expected, normal(cells))
                page = Page(server.get(path, role, accept="text/html").body)
                self.assertEqual(expected, normal(html_matrix(page, names)))
                self.assertEqual([], page.outside)
                self.assertEqual("A2", sheet.freeze_panes)
                self.assertTrue(sheet.auto_filter.ref.startswith("A1:"))
                self.assertEqual([], [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"])
                self.assertEqual(int(sql(f"select count(*) from report_row where run_id = '{runs[key]['id']}'")), len(lines))

    def test_counted(self):
        """a plain count over the tables finds the same in every report: by school, by what is found, and how serious it is"""
        sql(REMOVED + "; select 1")
        # Anew: the night's own was made before the demonstration's people could log in, where its time had come by then.
        for key in ("retention", "data-quality"):
            program.beeld("report", "run", key, conninfo=program.dev_conninfo(data))
        self.assertEqual({report["key"] for report in server.get("/v1/reports", "adviser").json["items"]}, set(COUNTED))
        runs = self.runs()
        for key, (column, by_severity, counted) in COUNTED.items():
            with self.subTest(key):
                lines = program.psql(program.dev_conninfo(data), PATH + counted).splitlines()
                expected = {tuple(line.split("\t")[:-1]): int(line.split("\t")[-1]) for line in lines}
                self.assertGreater(len(expected), 1)
                self.assertEqual(expected, self.told(runs[key], column, by_severity, {school for school, *_ in expected} != {"-"}))

    def told(self, run, column, by_severity, by_school):
        """The same of a run's rows."""
        role = "privacy_officer" if run["report"] in ("custody", "objections") else "adviser"
        found = collections.Counter()
        rows = server.get(f"/v1/report-runs/{run['id']}/rows", role, accept="application/json").json["rows"]
        self.assertEqual(run["row_count"], len(rows))
        for row in rows:
            value = text(row[column])
            if run["report"] == "outlook":
                if value == "month":
                    continue
                value = "no_deadline" if value == "no_deadline" else "deadline"
            # From some months before on there is a line for the next school year too.
            if run["report"] == "notices" and str(row["school_year"]) != sql("select school_year(today())"):
                continue
            severity = (str({None: 0, "attention": 1, "serious": 2}[row["severity"]]),) if by_severity else ()
            found[(row["school"]["code"] if by_school else "-", value, *severity)] += 1
        return dict(found)

    def test_typed(self):
        """in a spreadsheet days are days, numbers numbers, and texts texts, in Dutch form; nothing is a formula"""
        run = self.runs()["coverage"]["id"]
        _, sheet, _ = xlsx_matrix(server.get(f"/v1/report-runs/{run}/rows", "adviser", accept=XLSX))
        columns = {cell.value: cell.column_letter for cell in sheet[1]}
        day, left = sheet[columns["Uiterlijk vóór"] + "2"], sheet[columns["Dagen over"] + "2"]
        self.assertEqual(("d", "[$-413]d-m-yyyy"), (day.data_type, day.number_format))
        self.assertEqual(("n", "#,##0"), (left.data_type, left.number_format))
        self.assertEqual("s", sheet[columns["Stand"] + "2"].data_type)

    def test_byte_order_mark(self):
        """a byte order mark comes when it is asked for"""
        path = f"/v1/report-runs/{self.runs()['coverage']['id']}/rows"
        plain = server.get(path, "adviser", accept="text/csv").body
        self.assertEqual(b"\xef\xbb\xbf" + plain, server.get(path + "?byte_order_mark=true", "adviser", accept="text/csv").body)

    def test_by_hand(self):
        """the operator's command writes the same files, and checks that nothing in a run was changed"""
        conninfo = program.dev_conninfo(data)
        names, lines = csv_matrix(type("File", (), {"body": program.beeld(
            "report", "show", "notices", "--format", "csv", conninfo=conninfo).stdout.encode()}))
        self.assertEqual(8, len(lines))
        output = os.path.join(folder, "notices.xlsx")
        program.beeld("report", "show", "notices", "--format", "xlsx", "--output", output, conninfo=conninfo)
        self.assertIsNone(zipfile.ZipFile(output).testzip())
        self.assertIn("unchanged", program.beeld("report", "verify", "notices", conninfo=conninfo).stdout)
        self.assertIn('"change":"new"', program.beeld("report", "diff", "coverage", "--format", "json", conninfo=conninfo).stdout)


class Differences(checks.Sentence):
    def diff(self, report, role="adviser", accept="application/json", query=""):
        run = server.get(f"/v1/report-runs?report={report}", role).json["items"][0]["id"]
        return server.get(f"/v1/report-runs/{run}/diff{query}", role, accept=accept)

    def test_since_yesterday(self):
        """this morning's coverage says who is newly at risk, and who still is"""
        answer = self.diff("coverage").json
        self.assertEqual({"new": 1, "resolved": 0, "open": 5, "acknowledged": 1}, answer["counts"])
        new = [row for row in answer["rows"] if row["change"] == "new"]
        self.assertEqual([("Emre Yıldız", 0)], [(row["person"]["name"], row["age_days"]) for row in new])
        # Since the first run that there is: of the day before yesterday, until this night's schedule has come.
        days = [datetime.date.fromisoformat(run["as_of"]) for run in server.get("/v1/report-runs?report=coverage", "adviser").json["items"]]
        self.assertEqual({(max(days) - min(days)).days}, {row["age_days"] for row in answer["rows"] if row["change"] == "open"})
        self.assertEqual(["agreed"], [row["acknowledged"] for row in answer["rows"] if row["acknowledged"]])

    def test_formats(self):
        """a difference reads back from all four formats to the same matrix"""
        names, lines = csv_matrix(self.diff("data-quality", accept="text/csv"))
        expected = normal(lines)
        self.assertEqual(expected, normal(json_matrix(self.diff("data-quality"), names)))
        self.assertEqual(expected, normal(xlsx_matrix(self.diff("data-quality", accept=XLSX))[2]))
        self.assertEqual(expected, normal(html_matrix(Page(self.diff("data-quality", accept="text/html").body), names)))

    def test_part(self):
        """a director is told of the own school, others of nothing"""
        answer = self.diff("coverage", "director").json
        self.assertEqual({"90AA00"}, {row["school"]["code"] for row in answer["rows"]})
        run = answer["run"]["id"]
        for role in ("teacher", "coach", "privacy_officer", "school_admin"):
            self.assertEqual(404, server.get(f"/v1/report-runs/{run}/diff", role).status, role)

    def test_compared(self):
        """only with an earlier run of the same report"""
        other = server.get("/v1/report-runs?report=notices", "adviser").json["items"][0]["id"]
        refused = self.diff("coverage", query=f"?against={other}")
        self.assertEqual((400, "not_comparable"), (refused.status, refused.json["errors"][0]["code"]))


class Audience(checks.Sentence):
    def test_reports(self):
        """each role is told of its reports, and of no others"""
        told = {
            role: {report["key"] for report in server.get("/v1/reports", role).json["items"]}
            for role in ("teacher", "coach", "director", "school_admin", "privacy_officer")}
        self.assertEqual(set(), told["teacher"] | told["coach"])
        self.assertEqual({"coverage", "intake", "notices", "objections", "data-quality"}, told["director"])
        self.assertEqual({"notices", "objections"}, told["school_admin"])
        self.assertLessEqual({"custody", "objections"}, told["privacy_officer"])
        self.assertFalse({"coverage", "intake", "coaches", "data-quality"} & told["privacy_officer"])

    def test_rows(self):
        """a school's roles see the rows of their schools, of the board's reports none"""
        for report, role, schools in (
            ("notices", "director", {"90AA00"}), ("notices", "school_admin", {"90AA00"}), ("intake", "director", {"90AA00"})):
            with self.subTest(f"{report} {role}"):
                run = server.get(f"/v1/report-runs?report={report}", role).json["items"][0]["id"]
                rows = server.get(f"/v1/report-runs/{run}/rows", role, accept="application/json").json["rows"]
                self.assertEqual(schools, {row["school"]["code"] for row in rows})
        for report, role in (("coaches", "director"), ("custody", "director"), ("intake", "school_admin")):
            run = server.get(f"/v1/report-runs?report={report}", "adviser").json["items"][0]["id"]
            self.assertEqual(404, server.get(f"/v1/report-runs/{run}/rows", role).status)
