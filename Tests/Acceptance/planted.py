"""Fifty sentences, planted in every field of content there is, and ten references to pupils, looked for wherever they
must not be."""

import os
import shutil
import subprocess

import checks
import coaching
import post
import program

REQUESTS = ["019a0000-0000-7010-8000-000000000001", "019a0000-0000-7010-8000-000000000018"]
RECORDING = "019a0000-0000-7009-8000-000000000001"
TRAJECTORY = "019a0000-0000-7011-8000-000000000001"
SCHOOL = "019a0000-0000-7001-8000-000000000001"
# What the teacher's own word opens: to the coach while the trajectory is open, to the director by consent.
OPENED = {("coach", f"/v1/requests/{REQUESTS[1]}/learning-question"), ("director", f"/v1/recordings/{RECORDING}/reflection")}


def setUpModule():
    global folder, conninfo
    folder = program.reachable_folder()
    coaching.server = program.Server.dev(os.path.join(folder, "data"))
    coaching.tokens = dict(coaching.server.tokens)
    conninfo = program.dev_conninfo(os.path.join(folder, "data"))
    coaching.tokens["colleague"] = coaching.token(conninfo, "D2001")


def tearDownModule():
    coaching.server.stop()
    shutil.rmtree(folder)


def reference(number):
    return f"WX-7{number}04"


def sentence(number):
    return f"Paarse egels tellen {number} maal hun laarzen"


class Planted(checks.Sentence):
    def plant(self):
        """Every field of content, until fifty sentences stand somewhere."""
        numbers = iter(range(1, 51))
        write = lambda path, body: self.assertIn(coaching.ask("PUT", path, "teacher", body, "*").status, (200, 201), path)
        for request in REQUESTS:
            write(f"/v1/requests/{request}/learning-question", {"text": sentence(next(numbers))})
        write(f"/v1/recordings/{RECORDING}/reflection", {
            "moments": [{"at": "1:00", "text": sentence(next(numbers))}, {"at": "19:59", "text": sentence(next(numbers))}],
            "suggestions": [sentence(next(numbers)) for _ in range(20)]})
        boards = []
        for number in numbers:
            made = coaching.ask("POST", "/v1/storyboards", "teacher", {"trajectory": TRAJECTORY})
            self.assertEqual(201, made.status, made.body)
            boards.append(made.json["id"])
            body = {"strengths": sentence(number), "development_points": sentence(next(numbers))}
            answer = coaching.ask("PUT", f"/v1/storyboards/{boards[-1]}/text", "teacher", body, "first")
            self.assertEqual(201, answer.status, answer.body)
        return boards

    def object(self):
        """Objections at the school of the tour, with ten references: nobody films those pupils' group."""
        group = program.psql(conninfo, f"""
            select g.id
            from beeld.school_group g
            where g.school_id = '{SCHOOL}'
              and g.school_year = app.school_year(app.today())
              and not exists (select from beeld.recording k where k.group_id = g.id)
            limit 1""")
        made = []
        for number in range(1, 6):
            body = {"school": SCHOOL, "received_on": coaching.day(0), "pupil": reference(number), "note": f"Over {reference(number)}"}
            answer = coaching.ask("POST", "/v1/objections", "school_admin", {**body, **({"group": group} if group else {})})
            self.assertEqual(201, answer.status, answer.body)
            made.append(f"/v1/objections/{answer.json['id']}")
        for number, objection in enumerate(made, 6):
            for tail, body in (("pupil", {"reference": reference(number)}), ("note", {"text": f"Over {reference(number)}"})):
                self.assertEqual(200, coaching.ask("PUT", f"{objection}/{tail}", "school_admin", body, "*").status)
        # What tells who a pupil is, is refused, and said nowhere either.
        for pupil in ("Wolfgang Xanthippe", "12-03-2014", "123456782"):
            self.assertEqual(422, coaching.ask("PUT", f"{made[0]}/pupil", "school_admin", {"reference": pupil}, "*").status)
        return made

    def addresses(self, boards, objections):
        """Every address that is read, with the demonstration's ids, those of the storyboards and of the objections."""
        document = coaching.ask("GET", "/openapi.json", "adviser").json
        found = []
        for path, operations in document["paths"].items():
            for parameter in operations.get("get", {}).get("parameters", []):
                if parameter["in"] == "path":
                    path = path.replace("{" + parameter["name"] + "}", parameter.get("example", REQUESTS[0]))
            if "get" in operations:
                found.append(path)
        found += [f"/v1/storyboards/{board}{tail}" for board in boards for tail in ("", "/text")]
        found += [f"{objection}{tail}" for objection in objections for tail in ("", "/pupil", "/note", "/impact", "/measures")]
        found += [f"/v1/requests/{request}{tail}" for request in REQUESTS for tail in ("", "/learning-question")]
        return found + ["/v1/audit?limit=500", "/v1/requests?limit=500", "/v1/storyboards?limit=500"]

    def dump(self):
        return subprocess.run(["pg_dump", conninfo], check=True, capture_output=True, text=True, timeout=120).stdout

    def logs(self):
        home = os.path.realpath(os.path.join(folder, "data", "postgresql"))
        said = coaching.server.said()
        for base, _, names in os.walk(home):
            for name in names:
                if name.endswith(".log"):
                    with open(os.path.join(base, name), errors="replace") as file:
                        said += file.read()
        return said

    def mails(self):
        """Every report made anew, and told to everybody whose it is: the mails, as the mail server took them."""
        program.psql(conninfo, """
            with s as (insert into beeld.report_schedule (id, report, at) select gen_random_uuid(), key, '00:00' from beeld.report returning id, report)
            insert into beeld.report_recipient (id, schedule_id, role)
            select gen_random_uuid(), s.id, r
            from s
            join beeld.report k on k.key = s.report
            cross join unnest(k.board || k.counts || k.schools) r""")
        office = post.Post()
        try:
            out = program.beeld(
                "report", "schedule", "run-due", conninfo=conninfo, check=False, BEELD_SMTP_URL=office.url, BEELD_MAIL_FROM="beeld@example.org")
            self.holds_none("run-due", out.stdout + out.stderr)
            self.assertGreater(len(office.entries()), 5, out.stdout + out.stderr)
            return "".join(entry["data"] + entry["mail"].get_content() for entry in office.entries())
        finally:
            office.stop()

    def holds_none(self, where, text):
        planted = [sentence(number) for number in range(1, 51)] + [reference(number) for number in range(1, 11)]
        for words in [*planted, "Xanthippe", "12-03-2014", "123456782"]:
            for form in (words, words.encode().hex()):
                self.assertNotIn(form, text, where)

    def test_planted(self):
        """50 sentences and 10 references to pupils stand in no dump, log, metric, feed, mail or answer to anybody else; erased, nowhere"""
        boards = self.plant()
        objections = self.object()
        mine = "".join(
            coaching.ask("GET", path, "teacher").body
            for path in [f"/v1/requests/{request}/learning-question" for request in REQUESTS]
            + [f"/v1/recordings/{RECORDING}/reflection"] + [f"/v1/storyboards/{board}/text" for board in boards])
        self.assertEqual(50, sum(f'"{sentence(number)}"' in mine for number in range(1, 51)))

        for number, objection in enumerate(objections, 6):
            for role in ("school_admin", "director"):
                self.assertIn(reference(number), coaching.ask("GET", f"{objection}/pupil", role).body)
        theirs = {(role, f"{objection}/{tail}") for role in ("school_admin", "director") for objection in objections for tail in ("pupil", "note")}
        paths = self.addresses(boards, objections)
        asked = 0
        for role in ["colleague", "coach", "director", "school_admin", "adviser", "privacy_officer", "system_admin"]:
            for path in paths:
                answer = coaching.ask("GET", path, role)
                asked += answer.status == 200
                if (role, path) not in OPENED | theirs:
                    self.holds_none(f"{path} as {role}", answer.body)
        self.assertGreater(asked, 200)
        feed = coaching.ask("POST", "/v1/coaches/019a0000-0000-7003-8000-000000000501/calendar", "coach").json["address"]
        calendar = coaching.ask("GET", feed[feed.index("/v1/"):], "coach")
        self.assertEqual(200, calendar.status)
        self.holds_none("calendar", calendar.body)
        self.holds_none("metrics", coaching.ask("GET", "/metrics", "adviser").body)
        mails = self.mails()
        self.holds_none("mails", mails)
        self.assertNotIn("Amrani", mails)
        dump = self.dump()
        self.assertIn("Noor el Amrani", dump)
        self.holds_none("dump", dump)
        self.holds_none("logs", self.logs())

        gone = coaching.ask("DELETE", "/v1/me/content", "teacher")
        self.assertEqual(200, gone.status, gone.body)
        for path in paths:
            if path.endswith(("/learning-question", "/reflection", "/text")):
                self.assertIn(coaching.ask("GET", path, "teacher").status, (403, 404), path)
        # Not with the master key either: there is nothing left that it would unwrap, and nothing that was sealed.
        left = program.psql(conninfo, """
            select
              (select count(*) from beeld.content c join beeld.person p on p.id = c.teacher_id where p.name = 'Noor el Amrani'),
              (select count(*) from beeld.data_key k join beeld.person p on p.id = k.person_id where p.name = 'Noor el Amrani' and k.wrapped is not null)""")
        self.assertEqual("0\t0", left)
        self.holds_none("dump afterwards", self.dump())
