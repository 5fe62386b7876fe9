"""A school's whole year with parents: told before it begins, two objections, groups of the new year, a recording that is
made and one that is not, an objection that comes late, a pupil who leaves. The clock is set, server by server."""

import os
import shutil
import subprocess

import checks
import coaching
import program

SCHOOL = "019a0000-0000-7001-8000-000000000001"
TRAJECTORY = "019a0000-0000-7011-8000-000000000018"
CARRIER = "019a0000-0000-7012-8000-000000000001"
REFERENCES = {"first": "WX-70412", "second": "WX-70413", "late": "WX-70414"}


def setUpModule():
    global folder, conninfo, year, known
    folder = program.reachable_folder()
    coaching.server = coaching.dev = program.Server.dev(os.path.join(folder, "data"))
    coaching.tokens = {**coaching.dev.tokens}
    conninfo = program.dev_conninfo(os.path.join(folder, "data"))
    # The clock of a server is its sessions' setting, which members of this role alone have heeded. No report is asked for.
    program.psql(conninfo, """
        create role beeld_test;
        grant beeld_test to beeld_app, beeld_jobs;
        update beeld.report_schedule set enabled = false;
        update beeld.api_token set expires_at = expires_at + interval '3 years'""")
    # The first that is to come of which the preparation is to come too.
    year = int(program.psql(conninfo, "select app.school_year(app.today() + 60)")) + 1
    known = {}


def tearDownModule():
    coaching.server.stop()
    coaching.dev.stop()
    shutil.rmtree(folder)


def at(moment):
    """From now on it is this moment, and the server a new one."""
    global clock
    if coaching.server is not coaching.dev:
        coaching.server.stop()
    clock = moment
    coaching.server = program.Server.serve(
        f"{conninfo} options='-c app.now={moment}'", BEELD_MASTER_KEY_FILE=os.path.join(folder, "data", "master.keys"))


class Year(checks.Sentence):
    """In the order of their names; each goes on where the one before stopped."""

    def do(self, method, path, role, body, status=None):
        tag = "*" if path.endswith("/transitions") or method == "PATCH" else None
        answer = coaching.ask(method, path, role, body, tag)
        self.assertEqual(status or (200 if tag else 201), answer.status, f"{method} {path} as {role}: {answer.body}")
        return answer.json if answer.body else None

    def move(self, path, role, to, status=200, **more):
        return self.do("POST", f"{path}/transitions", role, {"to": to, **more}, status)

    def refused(self, code, path, role, to, **more):
        self.assertEqual(code, self.move(path, role, to, 409, **more)["code"])

    def read(self, path, role, status=200):
        answer = coaching.ask("GET", path, role)
        self.assertEqual(status, answer.status, f"{path} as {role}: {answer.body}")
        return answer.json

    def tasks(self, role):
        return [(one["task"], one["due_on"], one["resource"]) for one in self.read("/v1/me/tasks", role)["items"]]

    def reasons(self, recording):
        told = self.read(f"/v1/recordings/{recording}/clearance", "coach")
        self.assertEqual(told["is_cleared"], not told["reasons"])
        return sorted({one["code"] for one in told["reasons"]})

    def group(self, name, of_year):
        items = self.read(f"/v1/schools/{SCHOOL}/groups?limit=500", "coach")["items"]
        return next(one["id"] for one in items if (one["name"], one["school_year"]) == (name, of_year))

    def register(self, which, role, group):
        made = self.do("POST", "/v1/objections", role, {
            "school": SCHOOL, "received_on": clock[:10], "pupil": REFERENCES[which], "group": group, "note": "Belt terug."})
        known[which] = f"/v1/objections/{made['id']}"
        return made

    def plan(self, group, hour):
        made = self.do("POST", "/v1/recordings", "coach", {
            "trajectory": TRAJECTORY, "scheduled_at": f"{year}-08-21T{hour}:30:00Z", "group": group, "carrier": CARRIER})
        return made["id"]

    def agree(self, **wanted):
        items = self.read(f"/v1/trajectories/{TRAJECTORY}/agreements?state=proposed", "teacher")["items"]
        one = next(one for one in items if all(one[key] == value for key, value in wanted.items()))
        self.move(f"/v1/agreements/{one['id']}", "teacher", "agreed")

    def promise(self, recording, objection):
        """The coach promises whatever is in force for an objection; the address of the last promise."""
        for one in self.read(f"/v1/recordings/{recording}/clearance", "coach")["measures"]:
            if known[objection].endswith(one["objection"]) and one["state"] == "open":
                made = self.do("POST", f"/v1/recordings/{recording}/promises", "coach", {"measure": one["measure"]})
        return f"/v1/promises/{made['id']}"

    def test_1_notices(self):
        """what parents are to be told stands in the school's tasks before the year begins; last year's is a proposal until attested"""
        at(f"{year}-06-20T08:00:00Z")
        for objection in self.read(f"/v1/objections?school={SCHOOL}&limit=500", "school_admin")["items"]:
            if objection["state"] != "ended":
                self.move(f"/v1/objections/{objection['id']}", "school_admin", "ended", reason="withdrawn")
        groups = self.read(f"/v1/schools/{SCHOOL}/groups?limit=500", "school_admin")["items"]
        for before in range(max(one["school_year"] for one in groups), year):
            self.do("POST", f"/v1/schools/{SCHOOL}/groups/roll-over", "school_admin", {"school_year": before}, 200)
        notices = f"/v1/schools/{SCHOOL}/notices"
        there = {one["channel"] for one in self.read(f"{notices}?school_year={year - 1}", "director")["items"]}
        for channel in {"website", "school_guide"} - there:
            self.do("POST", notices, "director", {
                "school_year": year - 1, "channel": channel, "reference": "Gids", "published_on": f"{year - 1}-08-20"})

        missing = ("publish_notice", f"{year}-08-01", notices)
        self.assertIn(missing, self.tasks("school_admin"))
        copied = self.do("POST", f"{notices}/proposals", "director", {"school_year": year - 1}, 200)["items"]
        self.assertEqual([("school_guide", True), ("website", True)], [(one["channel"], one["is_proposal"]) for one in copied])
        self.assertIn(missing, self.tasks("director"), "a proposal tells nobody anything")
        for one, role in zip(copied, ("school_admin", "director")):
            self.do("PATCH", f"/v1/notices/{one['id']}", "teacher", {"published_on": clock[:10]}, 403)
            told = self.do("PATCH", f"/v1/notices/{one['id']}", role, {"published_on": clock[:10]})
            self.assertFalse(told["is_proposal"])
        self.assertNotIn(missing, self.tasks("school_admin"))

    def test_2_objections(self):
        """two parents object; each is answered with a measure within the term, and the school is told to place the pupils"""
        first = self.register("first", "school_admin", self.group("5", year - 1))
        self.assertEqual((f"{year}-07-10", f"{year}-07-20"), (first["answer_due_on"], first["legal_due_on"]))
        self.assertIn(("answer_objection", f"{year}-07-10", known["first"]), self.tasks("director"))
        self.register("second", "director", self.group("6", year - 1))
        self.move(known["first"], "director", "measure_set", kind="out_of_view", covers_sound=True)
        self.do("POST", f"{known['second']}/measures", "school_admin", {"kind": "no_recording", "covers_sound": True})
        self.assertEqual("measure_set", self.read(known["second"], "privacy_officer")["state"])
        self.refused("transition_not_allowed", known["first"], "director", "measure_set", kind="cut", covers_sound=True)
        told = self.tasks("school_admin")
        self.assertNotIn("answer_objection", [one[0] for one in told])
        for which in ("first", "second"):
            self.assertIn(("place_pupil", f"{year}-08-01", known[which]), told, "in time")

    def test_3_new_year(self):
        """in the new year a pupil whom nobody has placed blocks the school; placed, the objection has come along"""
        at(f"{year}-08-20T08:00:00Z")
        self.agree(kind="extension")
        known["made"] = self.plan(self.group("5", year), "08")
        self.assertEqual(["objection_unplaced", "teacher_not_agreed"], self.reasons(known["made"]))
        self.do("PATCH", known["first"], "school_admin", {"group": self.group("5", year)})
        self.assertIn("objection_unplaced", self.reasons(known["made"]), "the other is nowhere yet")
        self.do("PATCH", known["second"], "school_admin", {"group": self.group("6", year)})
        self.assertEqual(["measure_not_promised", "teacher_not_agreed"], self.reasons(known["made"]))
        self.assertNotIn("place_pupil", [one[0] for one in self.tasks("director")])

    def test_4_recordings(self):
        """with the measure promised one is cleared and made; the other, in a group that is not filmed, is refused"""
        made = f"/v1/recordings/{known['made']}"
        self.assertIn(("promise_measure", f"{year}-08-21", made), self.tasks("coach"))
        known["promise"] = self.promise(known["made"], "first")
        self.assertEqual(["teacher_not_agreed"], self.reasons(known["made"]))
        self.agree(recording=known["made"])
        self.assertEqual([], self.reasons(known["made"]))
        for role, status in {"coach": 200, "teacher": 404, "adviser": 404, "privacy_officer": 404, "school_admin": 200}.items():
            self.read(f"{known['first']}/pupil", role, status)
        card = coaching.server.get(f"{made}/clearance", token=coaching.tokens["coach"], accept="text/html").body.decode()
        self.assertIn(REFERENCES["first"], card)
        self.assertNotIn(REFERENCES["second"], card)

        other = self.plan(self.group("6", year), "09")
        self.assertEqual(["no_recording", "teacher_not_agreed"], self.reasons(other))
        self.assertIn(("wait_for_school", f"{year}-08-21", f"/v1/recordings/{other}"), self.tasks("coach"))
        self.assertEqual(404, coaching.ask("GET", f"{made}/clearance", "school_admin").status)
        self.move(f"/v1/recordings/{other}", "coach", "cancelled", reason="group_away")

        at(f"{year}-08-21T09:00:00Z")
        self.move(made, "coach", "made", made_at=f"{year}-08-21T08:31:00Z")
        told = self.read(f"{made}/clearance", "coach")
        self.assertEqual((True, False, []), (told["is_cleared"], told["quarantined"], told["reasons"]))

    def test_5_late(self):
        """an objection that comes afterwards quarantines what was made, until what it asks for is attested"""
        at(f"{year}-08-24T08:00:00Z")
        impact = self.register("late", "school_admin", self.group("5", year))["impact"]
        self.assertEqual([(f"{year}-08-21", True)], [(one["recorded_on"], one["quarantined"]) for one in impact["made"]])
        self.assertIn(("school", "set_measure", f"{year}-09-13"), [(one["who"], one["what"], one["due_on"]) for one in impact["to_do"]])
        made = f"/v1/recordings/{known['made']}"
        told = self.read(f"{made}/clearance", "coach")
        self.assertEqual((True, True), (told["is_cleared"], told["quarantined"]), "what it was judged by is kept")
        copy = self.read(f"/v1/copies?recording={known['made']}&state=held", "coach")["items"][0]["id"]
        self.refused("quarantined", f"/v1/copies/{copy}", "coach", "handed_over")
        quarantine = self.read("/v1/quarantines?state=open&recording=" + known["made"], "privacy_officer")["items"][0]
        self.assertIn(f"/v1/quarantines/{quarantine['id']}", [one[2] for one in self.tasks("adviser")])
        self.refused("not_made_good", f"/v1/quarantines/{quarantine['id']}", "adviser", "released")

        self.move(known["late"], "director", "measure_set", kind="anonymise", covers_sound=False)
        self.assertIn(("attest_measure", made), [(one[0], one[2]) for one in self.tasks("coach")])
        late = self.promise(known["made"], "late")
        self.move(late, "coach", "attested")
        self.refused("quarantined", f"/v1/copies/{copy}", "coach", "handed_over")
        self.move(known["promise"], "coach", "attested")
        self.assertEqual("released", self.read(f"/v1/quarantines/{quarantine['id']}", "adviser")["state"])
        self.move(f"/v1/copies/{copy}", "coach", "handed_over", 204)

    def test_6_leaving(self):
        """a pupil leaves: the objection ends; a year later it is gone, that it went is known, and the figures stay right"""
        at(f"{year}-09-01T08:00:00Z")
        self.move(known["first"], "school_admin", "ended", reason="pupil_left", pupil_left_on=f"{year}-08-31")
        self.assertEqual(["ended"], [one["state"] for one in self.read(known["first"], "director")["measures"]])
        before = self.read("/v1/objections/count", "adviser")
        at(f"{year + 1}-08-31T10:00:00Z")
        gone = lambda: coaching.ask("GET", known["first"], "school_admin").status == 404
        program.wait_for("the objection to be let go of", gone)
        after = self.read("/v1/objections/count", "adviser")
        self.assertEqual(*(sum(told[key] for key in ("received", "measure_set", "ended", "no_longer_kept")) for told in (before, after)))
        self.assertGreater(after["no_longer_kept"], before["no_longer_kept"])
        one = known["first"].rsplit("/", 1)[1]
        trail = self.read("/v1/audit?resource=objection&limit=500", "privacy_officer")["items"]
        self.assertIn((one, "delete"), [(line["row"], line["act"]) for line in trail])
        self.assertEqual("0", program.psql(conninfo, f"select count(*) from beeld.content where item_id = '{one}'"))

    def test_7_nowhere(self):
        """none of the pupils' references is in a dump, the log, metrics, or what anybody else is answered"""
        dump = subprocess.run(["pg_dump", conninfo], check=True, capture_output=True, text=True, timeout=120).stdout
        said = [dump, coaching.server.said(), coaching.dev.said(), coaching.ask("GET", "/metrics", "adviser").body]
        for role in ("teacher", "coach", "adviser", "privacy_officer", "school_admin", "director"):
            for path in ("/v1/objections?limit=500", "/v1/me/tasks", "/v1/audit?limit=500", known["late"], f"{known['late']}/impact"):
                said.append(coaching.ask("GET", path, role).body)
        for reference in REFERENCES.values():
            for text in said:
                self.assertNotIn(reference, text)
        self.assertEqual(REFERENCES["late"], self.read(f"{known['late']}/pupil", "director")["reference"])
