"""The demonstration organisation as a newcomer meets it: started twice, asked in every role."""

import csv
import datetime
import io
import os
import pathlib
import re
import shutil
import stat
import unittest
import urllib.parse
from html.parser import HTMLParser

import checks
import program

ROLES = ["teacher", "coach", "director", "school_admin", "adviser", "privacy_officer", "system_admin"]


def setUpModule():
    global folder, server
    folder = program.reachable_folder()
    server = program.Server.dev(os.path.join(folder, "data"))


def tearDownModule():
    server.stop()
    shutil.rmtree(folder)


def numbers(answer):
    """Person numbers of a list of starters: the demonstration's ids end in them."""
    return sorted("D" + item["person"]["id"][-4:] for item in answer.json["items"])


class Start(checks.Sentence):
    def test_1_tokens(self):
        """dev writes one token per role into a file that its owner alone can read"""
        path = os.path.join(folder, "data", "tokens.json")
        self.assertEqual(0o600, stat.S_IMODE(os.stat(path).st_mode))
        self.assertEqual(sorted(ROLES), sorted(server.tokens))
        self.assertEqual(len(ROLES), len(set(server.tokens.values())))

    def test_2_welcome(self):
        """dev prints the address, every token and three lines to try"""
        said = server.said()
        for token in server.tokens.values():
            self.assertIn(token, said)
        self.assertEqual(3, sum(line.strip().startswith("curl ") for line in said.splitlines()))

    def test_3_user(self):
        """PostgreSQL never runs as root, and listens on no port"""
        process = program.postmaster(os.path.join(folder, "data"))
        self.assertNotEqual(0, os.stat(f"/proc/{process}").st_uid)
        conninfo = program.dev_conninfo(os.path.join(folder, "data"))
        self.assertEqual("", program.psql(conninfo, "show listen_addresses"))
        self.assertEqual("0 terse", " ".join(
            program.psql(conninfo, f"show {name}") for name in ("log_parameter_max_length", "log_error_verbosity")))

    def test_4_alone(self):
        """a second dev on the same data is refused and disturbs nothing"""
        second = program.beeld("dev", "--data", os.path.join(folder, "data"), "--port", "0", check=False)
        self.assertNotEqual(0, second.returncode)
        self.assertIn("in use", second.stderr)
        self.assertEqual(200, server.get("/health/ready").status)

    def test_4_port(self):
        """a port that is taken is told at once, before anything is made"""
        other = os.path.join(folder, "other")
        refused = program.beeld("dev", "--data", other, "--port", str(server.port), check=False)
        self.assertNotEqual(0, refused.returncode)
        self.assertIn("--port", refused.stderr)
        self.assertFalse(os.path.exists(other))

    def test_5_again(self):
        """started again it serves within 10 seconds, with the tokens and the data it had"""
        global server
        before = server.get("/v1/starters?limit=500", "adviser").json
        runs = server.get("/v1/report-runs", "adviser").json
        tokens = server.tokens
        self.assertEqual(0, server.stop())
        self.assertIsNone(program.postmaster(os.path.join(folder, "data")))
        server = program.Server.dev(os.path.join(folder, "data"))
        self.assertLess(server.seconds_to_start, 10)
        self.assertEqual(tokens, server.tokens)
        self.assertEqual(before, server.get("/v1/starters?limit=500", "adviser").json)
        self.assertEqual(runs, server.get("/v1/report-runs", "adviser").json)

    @unittest.skipIf(os.geteuid() != 0, "only root can put the data where the user postgres cannot go")
    def test_6_out_of_reach(self):
        """root's data below a private folder: the cluster goes where postgres can reach it"""
        private = os.path.join(folder, "private")
        os.mkdir(private, 0o700)
        data = os.path.join(private, "data")
        program.beeld("dev", "--data", data, "--prepare-only")
        home = os.readlink(os.path.join(data, "postgresql"))
        self.assertTrue(os.path.exists(os.path.join(home, "data", "PG_VERSION")))
        shutil.rmtree(home)


class Facts(checks.Sentence):
    """What each role sees. The expected facts are those that sql/demonstration/ says of its people."""

    def test_me(self):
        """each token is the person of its role"""
        for role in ROLES:
            with self.subTest(role):
                me = server.get("/v1/me", role).json
                held = {assignment["role"] for assignment in me["roles"]}
                self.assertEqual(set() if role == "teacher" else {role}, held)
        self.assertEqual("at_risk", server.get("/v1/me", "teacher").json["starter"]["urgency"])

    def test_schools(self):
        """everybody sees the eight schools, and each of them by its id"""
        for role in ROLES:
            schools = server.get("/v1/schools", role).json["items"]
            self.assertEqual(8, len(schools))
        one = server.get(f"/v1/schools/{schools[2]['id']}", "teacher")
        self.assertEqual("It Sylpaad", one.json["name"])
        self.assertEqual("private, no-cache", one.headers["Cache-Control"])

    def test_starters(self):
        """starters: oneself, one's teachers, one's school, the whole board, or none"""
        at_school = ["D1001", "D1002", "D1005", "D1011", "D1028"]
        expected = {
            "teacher": ["D1001"],
            "coach": ["D1001", "D1006", "D1009", "D1013", "D1021", "D1030"],
            "director": at_school,
            "school_admin": at_school,
            "privacy_officer": [],
            "system_admin": [],
        }
        for role, people in expected.items():
            with self.subTest(role):
                self.assertEqual(people, numbers(server.get("/v1/starters", role)))
        self.assertEqual(31, len(server.get("/v1/starters?limit=500", "adviser").json["items"]))
        overdue = server.get("/v1/starters?urgency=overdue", "adviser")
        self.assertEqual(["D1005", "D1008", "D1010", "D1032"], numbers(overdue))

    def test_pages(self):
        """a list read page by page is the list"""
        seen, path = [], "/v1/starters?limit=7"
        while path:
            page = server.get(path, "adviser").json
            seen += [item["person"]["id"] for item in page["items"]]
            path = page["next"] and f"/v1/starters?limit=7&after={page['next']}"
        whole = [item["person"]["id"] for item in server.get("/v1/starters?limit=500", "adviser").json["items"]]
        self.assertEqual(whole, seen)

    def test_explanation(self):
        """the deadline's proof adds up, in both languages, for those whom it concerns"""
        path = "/v1/starters/019a0000-0000-7003-8000-000000001001/explanation"
        for role in ("coach", "school_admin", "privacy_officer", "system_admin"):
            with self.subTest(role):
                self.assertEqual(404, server.get(path, role).status)
        for language in ("nl", "en"):
            proof = server.get(path, "teacher", language=language).json
            pauses = [step for step in proof["steps"] if step["code"] == "pause" and step.get("days")]
            self.assertEqual(2, len(pauses))
            self.assertEqual(proof["window"]["until"], pauses[-1]["until_after"])
            self.assertTrue(all(step["text"] for step in proof["steps"]))
        self.assertEqual(["own_wish"], [recording["reason"] for recording in proof["recordings"]])
        self.assertEqual([], server.get(path, "director").json["recordings"])
        self.assertEqual([], server.get(path, "adviser").json["recordings"])

    def test_coverage(self):
        """the figures of the board and of a school"""
        total = server.get("/v1/coverage", "adviser").json["total"]
        expected = {
            "starters": 28, "open": 16, "planned": 3, "recorded": 2, "covered": 5, "covered_late": 1, "exempt": 1,
            "due_soon": 6, "at_risk": 2, "overdue": 4, "paused": 3, "data_incomplete": 2, "coverage_rate": 0.2222,
        }
        self.assertEqual(expected, {key: total[key] for key in expected})
        own = server.get("/v1/coverage?group_by=school", "director").json
        self.assertEqual(["90AA00"], [row["school"]["code"] for row in own["schools"]])
        self.assertEqual(5, own["total"]["starters"])
        self.assertEqual(404, server.get("/v1/coverage", "teacher").status)

    def test_reports(self):
        """last night's report is there in JSON, CSV and HTML, and the three say the same"""
        run = server.get("/v1/report-runs?report=coverage", "adviser").json["items"][0]
        self.assertEqual("succeeded", run["state"])
        path = f"/v1/report-runs/{run['id']}/rows"
        rows = server.get(path, "adviser", accept="application/json").json["rows"]
        table = list(csv.reader(io.StringIO(server.get(path, "adviser", accept="text/csv").body.decode("utf-8"))))
        page = server.get(path, "adviser", accept="text/html", language="en").body.decode("utf-8")
        self.assertEqual(31, len(rows))
        columns = ("coverage", "urgency", "employment", "window_from", "window_until")
        said = [[row["person"]["id"], row["person"]["name"], *(row[name] or "" for name in columns)] for row in rows]
        lines = [dict(zip(table[0], line)) for line in table[1:]]
        self.assertEqual(said, [[line[name] for name in ("person_id", "person", *columns)] for line in lines])
        awaited = [
            line["person"] for line in lines
            if line["coverage"] in ("open", "planned", "recorded") and line["employment"] in ("active", "paused")]
        self.assertEqual(21, len(awaited))
        self.assertEqual([], [person for person in awaited if person not in page])
        self.assertTrue("<svg" in page and 'lang="en"' in page)
        self.assertEqual([], Foreign.references(page))

    def test_reports_of_others(self):
        """a director gets the own school's rows of a report, a teacher none"""
        run = server.get("/v1/report-runs?report=coverage", "adviser").json["items"][0]["id"]
        own = server.get(f"/v1/report-runs/{run}/rows", "director", accept="application/json").json["rows"]
        self.assertEqual(5, len(own))
        self.assertEqual(404, server.get(f"/v1/report-runs/{run}", "teacher").status)
        self.assertEqual([], server.get("/v1/report-runs", "teacher").json["items"])

    def test_refusals(self):
        """without a token 401, with a wrong question 400, without the right 404; never more than a problem says"""
        for path, role, status in (
            ("/v1/me", None, 401), ("/v1/starters?colour=blue", "adviser", 400), ("/v1/starters?as_of=2026-02-30", "adviser", 400),
            ("/v1/schools/019a0000-0000-7001-8000-999999999999", "adviser", 404), ("/v1/nothing", "adviser", 404),
        ):
            with self.subTest(path):
                answer = server.get(path, role)
                self.assertEqual(status, answer.status)
                self.assertEqual("application/problem+json", answer.headers.get_content_type())
                self.assertEqual(status, answer.json["status"])
        self.assertEqual(401, server.get("/v1/me", token="beeld_" + "A" * 43).status)
        self.assertTrue(server.get("/v1/me").headers["WWW-Authenticate"].startswith("Bearer"))

    def test_operations(self):
        """health and metrics need no token and tell of nobody"""
        self.assertEqual(200, server.get("/health/live").status)
        self.assertEqual(200, server.get("/health/ready").status)
        metrics = server.get("/metrics").body.decode()
        self.assertIn("beeld_http_requests_total{", metrics)
        for name in ("Noor", "D1001", "019a0000"):
            self.assertNotIn(name, metrics)

    def test_log(self):
        """the server's log holds no token and no name of what was asked so far"""
        said = server.said().split("Try:", 1)[1].split("\n\n", 1)[-1]
        for word in [*server.tokens.values(), "Noor", "Brouwer", "bestuur.example"]:
            self.assertNotIn(word, said)


class Morning(checks.Sentence):
    """The reports that lie ready when the server says that it serves."""

    def printed(self):
        """Of each report on the screen: its page, the page of its changes, and both addresses of the API."""
        block = server.said().split("This morning's reports", 1)[1].split("\nTry:", 1)[0]
        pages = [line.strip().removeprefix("file://") for line in block.splitlines() if line.startswith("  file://")]
        addresses = re.findall(r"http://\S+", block)
        self.assertEqual(len(pages), len(addresses))
        return [(*pages[place:place + 2], *addresses[place:place + 2]) for place in range(0, len(pages), 2)]

    def ask(self, address):
        parts = urllib.parse.urlsplit(address)
        self.assertEqual(f"127.0.0.1:{server.port}", parts.netloc)
        answer = server.get(parts.path, "adviser", accept="application/json")
        self.assertEqual(200, answer.status, address)
        return answer.json

    def test_pages(self):
        """every report lies ready as a complete page, beside one of what changed since the day before"""
        keys = []
        for page, changes, _, _ in self.printed():
            keys.append(os.path.basename(page).removesuffix(".html"))
            self.assertEqual(page.removesuffix(".html") + "-since-yesterday.html", changes)
            for path in (page, changes):
                with self.subTest(os.path.basename(path)):
                    self.assertEqual(0o600, stat.S_IMODE(os.stat(path).st_mode))
                    with open(path, encoding="utf-8") as file:
                        text = file.read()
                    self.assertTrue(text.startswith("<!doctype html>") and text.endswith("</html>\n"), text[-80:])
                    self.assertEqual([], Whole.faults(text))
                    self.assertEqual([], Foreign.references(text))
        self.assertEqual(sorted(report["key"] for report in server.get("/v1/reports", "adviser").json["items"]), sorted(keys))

    def test_addresses(self):
        """every address printed beside them answers with that report, and with its difference to the day before"""
        today = datetime.date.fromisoformat(server.get("/v1/coverage", "adviser").json["as_of"])
        for page, _, rows, diff in self.printed():
            key = os.path.basename(page).removesuffix(".html")
            with self.subTest(key):
                run = self.ask(rows)["run"]
                self.assertEqual(key, run["report"])
                compared = self.ask(diff)
                self.assertEqual(run["id"], compared["run"]["id"])
                days = [datetime.date.fromisoformat(compared[part]["as_of"]) for part in ("run", "against")]
                # Midnight may have passed since they were made.
                self.assertLessEqual(today - days[0], datetime.timedelta(days=1))
                self.assertEqual(datetime.timedelta(days=1), days[0] - days[1])


class Tour(checks.Sentence):
    """The README's tour, held to the truth."""

    def lines(self):
        """Each `ask` of the tour: role, address, method, the form asked for, and what the README shows as its answer."""
        text = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
        tour = text.split("\n## A tour\n", 1)[1].split("\n## ", 1)[0]
        blocks = re.findall(r"^```\n(.*?)^```", tour, re.M | re.S)
        for name, value in re.findall(r"^\$ (\w+)=(/\S+)$", tour, re.M):
            blocks = [block.replace(f"${name}", value) for block in blocks]
        for block in blocks:
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                asked = re.search(r"\bask (\w+) ('[^']*'|[^\s)]+)", part)
                if not asked:
                    continue
                command, _, shown = re.sub(r"\\\n\s*", " ", part).partition("\n")
                given = re.search(r" -X (\w+)", command)
                method = given.group(1).lower() if given else "post" if re.search(r" (-d|--data-binary) ", command) else "get"
                form = re.search(r"-H 'Accept: ([^']+)'", command)
                yield asked.group(1), asked.group(2).strip("'"), method, form and form.group(1), shown

    def test_documented(self):
        """every address of the tour stands in the OpenAPI document, with its parameters, and every role has a token"""
        paths = server.get("/openapi.json").json["paths"]
        known = {
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$"), method): operation
            for path, operations in paths.items() for method, operation in operations.items()}
        asked = list(self.lines())
        self.assertGreater(len(asked), 25)
        for role, address, method, _, _ in asked:
            with self.subTest(f"{method} {address}"):
                self.assertIn(role, server.tokens)
                parts = urllib.parse.urlsplit(address)
                # A literal path before one with a place in it.
                found = [operation for (path, of), operation in known.items() if of == method and path.match(parts.path)]
                self.assertTrue(found, "no such operation")
                parameters = {one["name"] for operation in found for one in operation.get("parameters", []) if one["in"] == "query"}
                self.assertLessEqual(set(urllib.parse.parse_qs(parts.query)), parameters)

    def test_answers(self):
        """what the tour only reads is answered as the README shows: given, or not there"""
        run = server.get("/v1/report-runs?report=coverage", "adviser").json["items"][0]["id"]
        me = server.get("/v1/me", "teacher").json["person"]["id"]
        read = 0
        for role, address, method, form, shown in self.lines():
            if method != "get":
                continue
            with self.subTest(f"{role} {address}"):
                path = address.replace("$run", run).replace("$me", me)
                self.assertNotIn("$", path)
                expected = re.search(r'"status":(\d+)', shown)
                answer = server.get(path, role, accept=form, language="en")
                self.assertEqual(int(expected.group(1)) if expected else 200, answer.status, answer.body[:300])
                read += 1
        self.assertGreater(read, 18)


class Whole(HTMLParser):
    """What is not closed, or closed and not open: a page that was written to its end has none."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    @classmethod
    def faults(cls, page):
        parser = cls()
        parser.open, parser.found, parser.seen = [], [], set()
        parser.feed(page)
        parser.close()
        missing = {"html", "head", "title", "body", "h1"} - parser.seen
        return parser.found + parser.open + sorted(missing)

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.found.append(f"{tag} at {self.getpos()}")


class Foreign(HTMLParser):
    """Addresses that a page would fetch: one that is complete in itself has none."""

    @classmethod
    def references(cls, page):
        parser = cls()
        parser.found = []
        parser.feed(page)
        return parser.found

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("src", "href") and value and not value.startswith(("#", "data:")):
                self.found.append(value)
