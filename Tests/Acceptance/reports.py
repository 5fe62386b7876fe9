"""Every report of the demonstration organisation, read back from each of its formats and counted again by plain SQL."""

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

# How many rows each report has, by the tables alone: written once more, and not as the reports reckon them.
COUNTED = {
    "intake": """
        select
          (select count(*) from request where origin <> 'own_wish' and state in ('invited', 'submitted', 'offered'))
          + (select count(*) from trajectory t where t.origin <> 'own_wish'
              and (t.state in ('open', 'paused') and not exists (
                     select from recording k where k.trajectory_id = t.id and k.state not in ('cancelled', 'voided'))
                   or exists (select from recording k where k.trajectory_id = t.id and k.state = 'made')))""",
    "coaches": "select count(*) from role_assignment where role = 'coach' and until_date is null",
    "custody": """
        select
          (select count(*) from carrier where retired_on is null)
          + (select count(*) from copy c join recording k on k.id = c.recording_id
             where (k.origin <> 'own_wish' or k.counts_for_programme)
               and (c.state = 'lost' or c.state = 'held' and (c.required_on is not null or c.holder_id <> c.teacher_id
                 and (c.deletion_due_on <= current_date or c.kept_until is not null or c.demanded_at is not null))))""",
    "notices": "select count(*) from school where open_until is null",
    "objections": "select count(*) from objection where state <> 'ended'",
}


def setUpModule():
    global folder, data, server
    folder = program.reachable_folder()
    data = os.path.join(folder, "data")
    server = program.Server.dev(data)


def tearDownModule():
    server.stop()
    shutil.rmtree(folder)


def sql(text):
    return program.psql(program.dev_conninfo(data), "set search_path = beeld, app; set client_min_messages = warning; " + text).splitlines()[-1]


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
        """a plain count over the tables finds as many rows"""
        runs = self.runs()
        for key, counted in COUNTED.items():
            with self.subTest(key):
                self.assertEqual(int(sql(counted)), int(sql(f"select row_count from report_run where id = '{runs[key]['id']}'")))

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
        self.assertEqual({1}, {row["age_days"] for row in answer["rows"] if row["change"] == "open"})
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
