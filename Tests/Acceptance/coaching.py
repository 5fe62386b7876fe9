"""The coaching from the referral to the last copy, over HTTP: every step by the role that may, and each tried before by
every role that may not."""

import datetime
import http.client
import io
import json
import os
import re
import shutil
import zipfile
import zoneinfo

import checks
import program

ROLES = ["coach", "director", "school_admin", "adviser", "privacy_officer", "system_admin", "stranger"]
PERSON = "019a0000-0000-7003-8000-00000000%04d"


def setUpModule():
    global folder, server, tokens, known
    folder = program.reachable_folder()
    server = program.Server.dev(os.path.join(folder, "data"))
    conninfo = program.dev_conninfo(os.path.join(folder, "data"))
    # The starter of the story, and a teacher of another school who has no part in it.
    tokens = {**server.tokens, "teacher": token(conninfo, "D1002"), "stranger": token(conninfo, "D2004")}
    known = {}


def tearDownModule():
    server.stop()
    shutil.rmtree(folder)


def token(conninfo, number):
    said = program.beeld("token", "create", number, "--name", "story", conninfo=conninfo).stdout
    return re.search(r"beeld_[A-Za-z0-9_-]{43}", said).group(0)


def ask(method, path, role, body=None, tag=None):
    headers = {"Authorization": f"Bearer {tokens[role]}", "Accept-Language": "en"}
    if body is not None:
        headers["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
    if tag:
        headers["If-None-Match" if tag == "first" else "If-Match"] = "*" if tag == "first" else tag
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, body=None if body is None else json.dumps(body).encode(), headers=headers)
        response = connection.getresponse()
        return program.Answer(response.status, response.headers, program.text_of(response.read()))
    finally:
        connection.close()


def day(offset):
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Amsterdam")).date()
    return (today + datetime.timedelta(days=offset)).isoformat()


class Untried(str):
    """Why a step is not tried in a role: what would be refused there is not the step."""


# May do it just as well: then it would be done, and not by whom the story tells it.
EITHER = Untried("not tried because either of the two may")


class Story(checks.Sentence):
    """In the order of their names; each goes on where the one before stopped."""

    def step(self, method, path, body, by, refused, status=None, tag=None):
        """Refused to everybody else with their status, then done.

        `refused` names every other role: with the status, or with the reason why it is not tried."""
        conditional = tag or ("*" if path.endswith("/transitions") or method == "PATCH" else None)
        self.assertEqual({*ROLES, "teacher"} - {by}, set(refused), f"{method} {path}: every role, or why not")
        for role in [*ROLES, "teacher"]:
            if role != by and not isinstance(refused[role], Untried):
                answer = ask(method, path, role, body, conditional)
                self.assertEqual(refused[role], answer.status, f"{method} {path} as {role}: {answer.body}")
        answer = ask(method, path, by, body, conditional)
        wanted = status or (204 if body and body.get("to") in ("handed_over", "deleted") else 200 if conditional and conditional != "first" else 201)
        self.assertEqual(wanted, answer.status, f"{method} {path} as {by}: {answer.body}")
        return answer.json if answer.body else None

    def read(self, path, role, status=200):
        answer = ask("GET", path, role)
        self.assertEqual(status, answer.status, f"{path} as {role}: {answer.body}")
        return answer.json

    def move(self, noun, to, by, refused, **more):
        return self.step("POST", f"/v1/{noun}s/{known[noun]}/transitions", {"to": to, **more}, by, refused)

    def propose(self, body, by, refused):
        return self.step("POST", f"/v1/trajectories/{known['trajectory']}/agreements", body, by, refused)

    def decide(self, agreement, by, refused, to="agreed"):
        return self.step("POST", f"/v1/agreements/{agreement}/transitions", {"to": to}, by, refused)

    def plan_and_make(self, ordinal):
        """Planned by the coach, agreed by the teacher, made."""
        groups = self.read("/v1/schools/019a0000-0000-7001-8000-000000000001/groups", "coach")["items"]
        year = max(group["school_year"] for group in groups)
        known["group"] = next(group["id"] for group in groups if group["school_year"] == year)
        plan = {
            "trajectory": known["trajectory"], "scheduled_at": f"{day(1)}T08:30:00Z", "group": known["group"],
            "carrier": "019a0000-0000-7012-8000-000000000002"}
        made = self.step(
            "POST", "/v1/recordings", plan, "coach",
            {"teacher": 403, "director": 422, "school_admin": 422, "adviser": 403, "privacy_officer": 422,
             "system_admin": 422, "stranger": 422})
        self.assertEqual(ordinal, made["ordinal"])
        known["recording"] = made["id"]
        waiting = [one for one in self.read(f"/v1/trajectories/{known['trajectory']}/agreements", "teacher")["items"]
                   if one["kind"] == "recording" and one["state"] == "proposed"]
        self.assertEqual([made["id"]], [one["recording"] for one in waiting])
        # What the school's administration learns: that one takes place, and no more.
        planned = self.read("/v1/schools/019a0000-0000-7001-8000-000000000001/planned-recordings", "school_admin")["items"]
        self.assertIn(known["group"], [one["group"]["id"] for one in planned])
        self.assertEqual({"scheduled_at", "group"}, {key for one in planned for key in one})
        self.decide(
            waiting[0]["id"], "teacher",
            {"coach": 403, "director": 404, "school_admin": 404, "adviser": 404, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        self.move(
            "recording", "made", "coach",
            {"teacher": 403, "director": 404, "school_admin": 404, "adviser": 403, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404},
            made_at=self.now())

    @staticmethod
    def now():
        # To the millisecond: what was agreed to within the same second came first.
        return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def copies(self, role="teacher", **filters):
        query = "&".join(f"{key}={value}" for key, value in {"recording": known["recording"], **filters}.items())
        return self.read(f"/v1/copies?{query}", role)["items"]

    def test_01_referral(self):
        """a director refers a teacher of the own school after an appraisal talk; nobody at the school but a director"""
        body = {"origin": "appraisal", "teacher": PERSON % 1002, "talk_on": day(-7), "talk_kind": "progress"}
        other = {**body, "teacher": PERSON % 2004}
        self.assertEqual(422, ask("POST", "/v1/requests", "director", other).status)
        made = self.step(
            "POST", "/v1/requests", body, "director",
            {"teacher": 403, "coach": 403, "school_admin": 403, "privacy_officer": 403, "system_admin": 403,
             "stranger": 403, "adviser": Untried("not tried because an adviser may refer too, as in the import of referrals")})
        self.assertEqual(("invited", "director", []), (made["state"], made["made_by"], made["allowed_transitions"][1:]))
        known["request"] = made["id"]
        again = ask("POST", "/v1/requests", "director", body)
        self.assertEqual((409, "invited_already"), (again.status, json.loads(again.body)["code"]))
        tasks = self.read("/v1/me/tasks", "teacher")["items"]
        self.assertEqual([f"/v1/requests/{made['id']}"], [one["resource"] for one in tasks])

    def test_02_acceptance(self):
        """the teacher accepts with a learning question, whose words nobody else reads"""
        question = "Hoe krijg ik rust bij het wisselen van de les?"
        bare = ask("POST", f"/v1/requests/{known['request']}/transitions", "teacher",
                   {"to": "submitted", "aim": "personal", "subject": "interaction"}, "*")
        self.assertEqual(422, bare.status, bare.body)
        self.move(
            "request", "submitted", "teacher",
            {"coach": 404, "director": 403, "school_admin": 404, "adviser": 403, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404},
            aim="personal", subject="interaction", learning_question=question)
        self.assertEqual(question, self.read(f"/v1/requests/{known['request']}/learning-question", "teacher")["text"])
        for role in ROLES:
            self.read(f"/v1/requests/{known['request']}/learning-question", role, 404)
            answer = ask("GET", f"/v1/requests/{known['request']}", role)
            self.assertNotIn("rust bij", answer.body)

    def test_03_offer(self):
        """the adviser is told who may take it on, and offers it to one"""
        suggested = self.read(f"/v1/requests/{known['request']}/suggested-coaches", "adviser")["items"]
        self.assertIn(PERSON % 501, [one["coach"]["id"] for one in suggested])
        self.assertEqual(list(range(1, len(suggested) + 1)), [one["rank"] for one in suggested])
        self.read(f"/v1/requests/{known['request']}/suggested-coaches", "director", 403)
        refused = ask("POST", f"/v1/requests/{known['request']}/transitions", "adviser",
                      {"to": "offered", "coach": PERSON % 2001}, "*")
        self.assertEqual(422, refused.status)
        self.move(
            "request", "offered", "adviser",
            {"teacher": 403, "coach": 404, "director": 403, "school_admin": 404, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404},
            coach=PERSON % 501)
        self.read(f"/v1/requests/{known['request']}/learning-question", "coach", 404)

    def test_04_assignment(self):
        """the coach takes it on, and reads the learning question from then on"""
        self.move(
            "request", "assigned", "coach",
            {"teacher": 403, "director": 403, "school_admin": 404, "adviser": 403, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        mine = self.read("/v1/trajectories?state=open", "coach")["items"]
        known["trajectory"] = next(one["id"] for one in mine if one["request"] == known["request"])
        self.assertIn("rust", self.read(f"/v1/requests/{known['request']}/learning-question", "coach")["text"])
        seen = self.read("/v1/audit?limit=500", "teacher")["items"]
        self.assertEqual(1, sum(one["act"] == "read" for one in seen), "the teacher sees who read it")
        for role in ("director", "school_admin", "privacy_officer", "system_admin", "stranger"):
            self.read(f"/v1/trajectories/{known['trajectory']}", role, 404)
        told = self.read(f"/v1/trajectories/{known['trajectory']}", "adviser")
        self.assertEqual((None, "open", 1, 0), (told["teacher"], told["state"], told["recordings"], told["made"]))

    def test_05_recording(self):
        """the recording is planned, agreed to, and made"""
        self.plan_and_make(1)
        self.assertEqual("recorded", self.coverage())

    def test_06_hand_over(self):
        """the coach hands the footage over: it is the teacher's own from then on"""
        held = self.copies("coach", state="held")
        self.assertEqual(1, len(held))
        known["copy"] = held[0]["id"]
        path = f"/v1/copies/{known['copy']}/transitions"
        self.step(
            "POST", path, {"to": "handed_over"}, "coach",
            {"teacher": 403, "director": 404, "school_admin": 404, "adviser": 404, "privacy_officer": 403,
             "system_admin": 404, "stranger": 404})
        mine = self.copies(state="held")
        self.assertEqual([PERSON % 1002], [one["holder"]["id"] for one in mine])
        undo = ask("POST", path, "coach", {"to": "deleted"}, "*")
        self.assertIn(undo.status, (404, 409))

    def test_07_reflection(self):
        """the teacher reflects: exactly two moments within twenty minutes, and suggestions afterwards"""
        path = f"/v1/recordings/{known['recording']}/reflection"
        moments = [{"at": "2:15", "text": "Iedereen zat binnen een minuut."}, {"at": "18:40", "text": "Drie vingers."}]
        for wrong in ([moments[0]], moments * 2, [moments[0], {"at": "20:01", "text": "Te laat."}]):
            self.assertEqual(422, ask("PUT", path, "teacher", {"moments": wrong}, "first").status)
        self.step(
            "PUT", path, {"moments": moments, "suggestions": ["Tel tot drie."]}, "teacher",
            {"coach": 403, "director": 404, "school_admin": 404, "adviser": 403, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404}, tag="first")
        self.assertEqual("2:15", self.read(path, "coach")["moments"][0]["at"])
        for role in ("director", "school_admin", "adviser", "privacy_officer", "system_admin", "stranger"):
            self.read(path, role, 404)

    def test_08_debrief(self):
        """the debrief counts when both confirm it: the starter is covered"""
        proposed = self.propose(
            {"kind": "debrief", "recording": known["recording"], "held_on": day(0)}, "coach",
            {"teacher": EITHER, "director": 404, "school_admin": 404, "adviser": 403, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        self.assertEqual("recorded", self.coverage())
        self.decide(
            proposed["id"], "teacher",
            {"coach": 403, "director": 404, "school_admin": 404, "adviser": 404, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        self.assertEqual("covered", self.coverage())
        self.assertIn("present_storyboard", self.waiting("teacher"))

    def waiting(self, role):
        return [one["task"] for one in self.read("/v1/me/tasks", role)["items"]]

    def coverage(self):
        found = {self.read(f"/v1/starters/{PERSON % 1002}/explanation", role)["coverage"] for role in ("teacher", "director", "adviser")}
        self.assertEqual(1, len(found))
        return found.pop()

    def test_09_storyboard(self):
        """the teacher opens a storyboard to the director, and takes it back with effect on the next request"""
        made = self.step(
            "POST", "/v1/storyboards", {"trajectory": known["trajectory"]}, "teacher",
            {"coach": 422, "director": 422, "school_admin": 422, "adviser": 422, "privacy_officer": 422,
             "system_admin": 422, "stranger": 422})
        known["storyboard"] = made["id"]
        text = f"/v1/storyboards/{made['id']}/text"
        self.step(
            "PUT", text, {"strengths": "Rust.", "development_points": "Wachttijd."}, "teacher",
            {"coach": 404, "director": 404, "school_admin": 404, "adviser": 404, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404}, tag="first")
        early = ask("POST", f"/v1/storyboards/{made['id']}/transitions", "teacher", {"to": "presented"}, "*")
        self.assertEqual(409, early.status, early.body)
        self.read(text, "director", 404)
        consent = self.step(
            "POST", "/v1/consents",
            {"recipient": PERSON % 101, "item_kind": "storyboard", "item": made["id"], "purpose": "appraisal_talk",
             "until": day(60)}, "teacher",
            {"coach": 422, "director": 422, "school_admin": 422, "adviser": 422, "privacy_officer": 422,
             "system_admin": 422, "stranger": 422})
        self.assertEqual("presented", self.read(f"/v1/storyboards/{made['id']}", "director")["state"])
        self.assertNotIn("present_storyboard", self.waiting("teacher"))
        self.assertGreater(self.read("/v1/consents/count", "privacy_officer")["in_force"], 0)
        self.assertEqual("Rust.", self.read(text, "director")["strengths"])
        for role in ("coach", "school_admin", "adviser", "privacy_officer", "system_admin", "stranger"):
            self.read(text, role, 404)
        gone = ask("POST", f"/v1/consents/{consent['id']}/transitions", "teacher", {"to": "withdrawn"}, "*")
        self.assertEqual(200, gone.status, gone.body)
        self.read(text, "director", 404)

    def test_10_extension(self):
        """both agree to a second recording, and no third"""
        over = ask("POST", "/v1/recordings", "coach", {
            "trajectory": known["trajectory"], "scheduled_at": f"{day(1)}T08:30:00Z", "group": known["group"]})
        self.assertEqual((409, "recordings_agreed"), (over.status, json.loads(over.body)["code"]))
        proposed = self.propose(
            {"kind": "extension", "recordings": 2}, "teacher",
            {"coach": EITHER, "director": 404, "school_admin": 404, "adviser": 403, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        self.decide(
            proposed["id"], "coach",
            {"teacher": 403, "director": 404, "school_admin": 404, "adviser": 404, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        self.plan_and_make(2)
        seven = ask("POST", f"/v1/trajectories/{known['trajectory']}/agreements", "teacher", {"kind": "extension", "recordings": 7})
        self.assertEqual(422, seven.status)

    def test_11_closing(self):
        """the coach ends it when every recording is talked over, not before; the teacher waives the second debrief"""
        path = f"/v1/trajectories/{known['trajectory']}/transitions"
        early = ask("POST", path, "coach", {"to": "closing"}, "*")
        self.assertEqual((409, "recordings_unfinished"), (early.status, json.loads(early.body)["code"]))
        self.move(
            "recording", "waived", "teacher",
            {"coach": 403, "director": 404, "school_admin": 404, "adviser": 403, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        self.step(
            "POST", path, {"to": "closing"}, "coach",
            {"teacher": EITHER, "director": 404, "school_admin": 404, "adviser": 422, "privacy_officer": 404,
             "system_admin": 404, "stranger": 404})
        self.assertEqual("closing", self.read(f"/v1/trajectories/{known['trajectory']}", "teacher")["state"])
        self.read(f"/v1/requests/{known['request']}/learning-question", "coach", 404)
        due = [one for one in self.read("/v1/me/tasks", "coach")["items"] if one["task"] == "delete_copy"]
        held = self.copies("coach", state="held")
        self.assertIn(f"/v1/copies/{held[0]['id']}", [one["resource"] for one in due])

    def test_12_closed(self):
        """the last copy is deleted: the trajectory and its request are closed, and the starter stays covered"""
        copy = self.copies("coach", state="held")[0]
        self.step(
            "POST", f"/v1/copies/{copy['id']}/transitions", {"to": "deleted"}, "coach",
            {"teacher": 403, "director": 404, "school_admin": 404, "adviser": 404, "privacy_officer": 403,
             "system_admin": 404, "stranger": 404})
        self.assertEqual("closed", self.read(f"/v1/trajectories/{known['trajectory']}", "teacher")["state"])
        self.assertEqual("closed", self.read(f"/v1/requests/{known['request']}", "director")["state"])
        self.assertEqual("covered", self.coverage())
        late = ask("POST", f"/v1/trajectories/{known['trajectory']}/transitions", "teacher", {"to": "open"}, "*")
        self.assertIn(late.status, (403, 409))

    def test_13_own_wish(self):
        """of a voluntary request no director and no school learns anything, in lists, counts, figures or refusals"""
        before = {role: self.everything(role) for role in ("director", "school_admin")}
        made = ask("POST", "/v1/requests", "teacher", {
            "origin": "own_wish", "aim": "team", "subject": "didactics", "learning_question": "Hoe leren we van elkaar?"})
        self.assertEqual(201, made.status, made.body)
        request = json.loads(made.body)["id"]
        self.assertEqual(before, {role: self.everything(role) for role in before})
        for role in before:
            self.read(f"/v1/requests/{request}", role, 404)
            self.assertEqual(404, ask("POST", f"/v1/requests/{request}/transitions", role, {"to": "withdrawn"}, "*").status)
        told = self.read(f"/v1/requests/{request}", "adviser")
        self.assertEqual((None, None, "submitted"), (told["created_at"], told["state_since"], told["state"]))
        # A referral of the same teacher meets nothing of it.
        referral = ask("POST", "/v1/requests", "director", {
            "origin": "appraisal", "teacher": PERSON % 1002, "talk_on": day(-1), "talk_kind": "appraisal"})
        self.assertEqual(201, referral.status, referral.body)

    def everything(self, role):
        """What a role is shown in lists and figures."""
        paths = ["/v1/requests?limit=500", "/v1/starters?limit=500", "/v1/coverage?group_by=school", "/v1/trajectories",
                 "/v1/recordings", "/v1/copies", "/v1/coaches", "/v1/me/tasks",
                 "/v1/schools/019a0000-0000-7001-8000-000000000001/overview"]
        return {path: re.sub(r'"allowed_transitions":\[[^]]*\]', "", ask("GET", path, role).body) for path in paths}

    def test_14_export(self):
        """the teacher takes along everything held about them, their words opened, and nobody else's"""
        answer = self.download("/v1/me/export", "teacher")
        archive = zipfile.ZipFile(io.BytesIO(answer))
        self.assertIsNone(archive.testzip())
        names = archive.namelist()
        self.assertEqual("index.html", names[0])
        index = archive.read("index.html").decode()
        self.assertEqual([], [name for name in names[1:] if f'href="{name}"' not in index])
        self.assertEqual(4, sum(name.startswith("texts/") for name in names), names)
        self.assertIn("rust bij", archive.read(f"texts/learning_question/{known['request']}.json").decode())
        self.assertEqual(2, len(json.loads(archive.read("recordings.json"))))
        everything = b"".join(archive.read(name) for name in names)
        self.assertNotIn(b"buitenspelen", everything)
        other = zipfile.ZipFile(io.BytesIO(self.download("/v1/me/export", "coach")))
        self.assertNotIn("rust bij", b"".join(other.read(name) for name in other.namelist()).decode())

    def download(self, path, role):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", path, headers={"Authorization": f"Bearer {tokens[role]}"})
        response = connection.getresponse()
        self.assertEqual((200, "application/zip"), (response.status, response.headers["Content-Type"]))
        return response.read()

    def test_15_visibility(self):
        """the teacher is told who can see what, and why"""
        items = self.read("/v1/me/visibility", "teacher")["items"]
        told = {(one["as"], one["because"]) for one in items}
        self.assertLessEqual({
            ("director", "works_at_my_school"), ("school_admin", "works_at_my_school"), ("adviser", "role_for_the_board"),
            ("privacy_officer", "role_for_the_board"), ("system_admin", "role_for_the_board"), ("coach", "coaches_me")}, told)
        coached = [one for one in items if one["because"] == "coaches_me"]
        self.assertNotIn("reflection", coached[0]["what"], "the trajectory is closed")

    def test_16_erasure(self):
        """the teacher has all they wrote erased, at once and for everyone; what counts still counts"""
        figures = self.read("/v1/coverage", "adviser")["total"]
        gone = ask("DELETE", "/v1/me/content", "teacher")
        self.assertEqual(200, gone.status, gone.body)
        self.assertEqual(0, json.loads(gone.body)["texts"])
        self.assertEqual(day(30), json.loads(gone.body)["backups_until"])
        for path in (f"/v1/requests/{known['request']}/learning-question", f"/v1/storyboards/{known['storyboard']}/text"):
            self.read(path, "teacher", 404)
        self.assertEqual("covered", self.coverage())
        self.assertEqual(figures, self.read("/v1/coverage", "adviser")["total"])
        again = ask("POST", "/v1/requests", "teacher", {
            "origin": "own_wish", "aim": "team", "subject": "didactics", "learning_question": "En nu?"})
        self.assertEqual(409, again.status, "the wish of before is open still, without its words")

    def test_99_log(self):
        """nothing of it is an error of ours, and no word of the teacher stands in the log"""
        said = server.said()
        self.assertNotIn(" error ", said)
        for word in ("rust bij", "Wachttijd", "Tel tot drie", "leren we van elkaar"):
            self.assertNotIn(word, said)
