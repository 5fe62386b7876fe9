"""Reports told by mail, through a real mail server: what a mail says, refusals, TLS, and how it is ended."""

import email.utils
import http.client
import os
import re
import signal
import socket
import tempfile
import time
import urllib.parse

import checks
import post
import program

# Seconds after which a mail server is waited for no longer (Mailer.Patience).
PATIENCE = 30

PEOPLE = {
    # number: local part of the address, language, role, school
    1: ("taken", "nl", "adviser", None), 2: ("english", "en", "director", 1), 3: ("refused", "nl", "director", 2),
    4: ("later", "nl", "director", 3), 5: ("content", "nl", "director", 4), 6: (None, "nl", "director", 5),
    7: ("j,n", "nl", "director", 6), 8: ("slow", "nl", "adviser", None),
}


def person(number):
    return f"0193b6a0-0002-7000-8000-{number:012d}"


def school(number):
    return f"0193b6a0-0001-7000-8000-{number:012d}"


def board(name, people):
    """A database with these people, and a report that is due now and is to be told to them."""
    conninfo = program.database(name)
    sql = []
    for number in people:
        local, language, role, place = PEOPLE[number]
        if place:
            sql.append(f"insert into beeld.school (id, code, name, board_number) values ('{school(place)}', '0{place}AA00', 'School', '12345')")
        address = f"'{local}@example.org'" if local else "null"
        sql.append(f"insert into beeld.person (id, name) values ('{person(number)}', 'Verborgen Naam{number}')")
        sql.append(f"insert into beeld.registration (person_id, person_number, email, language) values ('{person(number)}', 'P{number}', {address}, '{language}')")
        at = f"'{school(place)}'" if place else "null"
        sql.append(
            "insert into beeld.role_assignment (id, person_id, role, school_id, from_date) "
            f"values (gen_random_uuid(), '{person(number)}', '{role}', {at}, '2020-01-01')")
    sql.append(
        "insert into beeld.report_recipient (id, schedule_id, role) "
        "select gen_random_uuid(), s.id, r from beeld.report_schedule s, unnest(array['adviser', 'director']) r "
        "where s.report = 'coverage'")
    program.psql(conninfo, "; ".join(sql))
    make_due(conninfo)
    return conninfo


def make_due(conninfo):
    """One more schedule whose night is due, with the recipients of the first; the others rest."""
    program.psql(
        conninfo,
        "with s as (insert into beeld.report_schedule (id, report, at) select gen_random_uuid(), 'coverage', '00:00' returning id) "
        "insert into beeld.report_recipient (id, schedule_id, role) select gen_random_uuid(), s.id, x.role "
        "from s, (select distinct role from beeld.report_recipient) x; "
        "update beeld.report_schedule set enabled = at = '00:00' and not exists (select from beeld.report_run r where r.schedule_id = report_schedule.id)")


def again(conninfo):
    """The tonight that was made is due once more, as it would be tomorrow."""
    program.psql(conninfo, "update beeld.report_delivery set retry_at = now() where retry_at is not null")


def states(conninfo):
    """What became of the latest deliveries: by person, state and reason."""
    rows = program.psql(
        conninfo,
        "select d.person_id, concat_ws(' ', d.state, d.reason) from beeld.report_delivery d "
        "where d.run_id = (select max(run_id::text)::uuid from beeld.report_delivery) order by 1")
    return {int(row.split("\t")[0][-2:]): row.split("\t")[1] for row in rows.splitlines()}


def run_due(conninfo, url, check=False, **settings):
    return program.beeld(
        "report", "schedule", "run-due", conninfo=conninfo, check=check, BEELD_SMTP_URL=url,
        BEELD_MAIL_FROM="Beeldbegeleiding <beeld@board.example.org>", BEELD_PUBLIC_URL="https://beeld.example.org/board", **settings)


class Told(checks.Sentence):
    @classmethod
    def setUpClass(cls):
        cls.post = post.Post()

    @classmethod
    def tearDownClass(cls):
        cls.post.stop()

    def test_mail(self):
        """each recipient is told in their language: counts and a link, and nothing of anybody"""
        conninfo = board("beeld_mail_told", [1, 2])
        before = len(self.post.entries())
        out = run_due(conninfo, self.post.url)
        self.assertEqual(0, out.returncode, out.stdout + out.stderr)
        self.assertEqual({1: "sent", 2: "sent"}, states(conninfo))
        taken = {entry["to"][0]: entry for entry in self.post.entries()[before:]}
        self.assertEqual({"taken@example.org", "english@example.org"}, set(taken))
        run = program.psql(conninfo, "select id from beeld.report_run where state = 'succeeded'")
        for address, language, word in (("taken@example.org", "nl", "Aandachtspunten: 0"), ("english@example.org", "en", "Exceptions: 0")):
            entry, mail = taken[address], taken[address]["mail"]
            self.assertEqual([], mail.defects)
            self.assertEqual("beeld@board.example.org", entry["from"])
            self.assertEqual("Beeldbegeleiding <beeld@board.example.org>", str(mail["From"]))
            self.assertEqual(language, mail["Content-Language"])
            self.assertEqual("text/plain", mail.get_content_type())
            text = mail.get_content().replace("\r\n", "\n")
            self.assertIn(word, text)
            self.assertIn(f"https://beeld.example.org/board/v1/report-runs/{run}\n", text)
            self.assertIsNotNone(email.utils.parsedate_to_datetime(mail["Date"]))
            delivery = program.psql(
                conninfo, f"select d.id from beeld.report_delivery d join beeld.registration g using (person_id) where g.email = '{address}'")
            self.assertEqual(f"<{delivery}@board.example.org>", mail["Message-ID"])
            self.assertEqual("List-Unsubscribe=One-Click", mail["List-Unsubscribe-Post"])
            self.assertIn(mail["List-Unsubscribe"].strip()[1:-1], text)
            self.assertTrue(all(len(line) <= 998 for line in entry["data"].split("\r\n")))
            self.assertNotIn("Verborgen", entry["data"] + text)
        again_out = run_due(conninfo, self.post.url)
        self.assertEqual(2, len(self.post.entries()) - before, again_out.stdout)

    def test_refusals(self):
        """one bad address stops nobody else; what is refused for good is dead, what is deferred is tried again as it was"""
        conninfo = board("beeld_mail_refused", [1, 3, 4, 5, 6, 7])
        before = len(self.post.entries())
        out = run_due(conninfo, self.post.url)
        self.assertEqual(1, out.returncode)
        self.assertEqual(
            {1: "sent", 3: "dead smtp_550", 4: "queued smtp_451", 5: "dead smtp_554", 6: "dead no_address", 7: "dead no_address"},
            states(conninfo))
        for text in (out.stdout, out.stderr):
            self.assertNotIn("example.org", text)
        delivery = program.psql(conninfo, "select id from beeld.report_delivery where state = 'queued'")
        again(conninfo)
        self.assertEqual(0, run_due(conninfo, self.post.url).returncode)
        self.assertEqual("sent", states(conninfo)[4])
        last = self.post.entries()[before:][-1]
        self.assertEqual(("later@example.org", f"<{delivery}@board.example.org>"), (last["to"][0], last["mail"]["Message-ID"]))

    def test_nowhere(self):
        """a mail server that is not there is no mail's fault: it is tried again"""
        conninfo = board("beeld_mail_nowhere", [1, 2])
        out = run_due(conninfo, f"smtp://127.0.0.1:{post.free_port()}")
        self.assertEqual(1, out.returncode)
        self.assertEqual(["queued", "queued no_connection"], sorted(states(conninfo).values()))

    def test_late_answer(self):
        """a mail that is taken while we wait no longer for the answer goes out again under its Message-ID, and no third time"""
        conninfo = board("beeld_mail_slow", [8])
        before = len(self.post.entries())
        started = time.monotonic()
        self.assertEqual(1, run_due(conninfo, self.post.url).returncode)
        self.assertLess(time.monotonic() - started, PATIENCE + 10, "what was given up is waited for no longer")
        self.assertEqual(1, len(self.post.entries()) - before, "taken, as far as the mail server is concerned")
        self.assertRegex(states(conninfo)[8], r"^queued \w+$")
        waits = program.psql(conninfo, "select retry_at >= queued_at + interval '1 minute' and attempt = 1 from beeld.report_delivery")
        self.assertEqual("t", waits)
        again(conninfo)
        for _ in range(2):
            self.assertEqual(0, run_due(conninfo, self.post.url).returncode)
            self.assertEqual("sent", states(conninfo)[8])
            delivery = program.psql(conninfo, "select id from beeld.report_delivery")
            self.assertEqual(
                [("slow@example.org", f"<{delivery}@board.example.org>")] * 2,
                [(entry["to"][0], entry["mail"]["Message-ID"]) for entry in self.post.entries()[before:]])

    def test_unsubscribe(self):
        """one click in a mail ends the mails of that schedule, looking at the address does not, and another renews them"""
        conninfo = board("beeld_mail_unsubscribe", [1, 2])
        before = len(self.post.entries())
        run_due(conninfo, self.post.url)
        mail = next(e["mail"] for e in self.post.entries()[before:] if e["to"][0] == "taken@example.org")
        address = urllib.parse.urlsplit(mail["List-Unsubscribe"].strip()[1:-1])
        path = address.path.removeprefix("/board") + "?" + address.query
        server = program.Server.serve(conninfo)
        try:
            def ask(method, path, body=None):
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
                headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
                connection.request(method, path, body=body, headers=headers)
                response = connection.getresponse()
                found = response.status, response.read().decode()
                connection.close()
                return found

            count = lambda: program.psql(conninfo, "select count(*) from beeld.report_unsubscription")
            status, page = ask("GET", path)
            self.assertEqual((200, "0"), (status, count()))
            self.assertIn('lang="nl"', page)
            self.assertNotIn("Verborgen", page)
            self.assertEqual((200, "0"), (ask("HEAD", path)[0], count()))
            for wrong in (path[:-1] + ("x" if path[-1] != "x" else "y"), path.split("?")[0], path.replace("key=", "k=")):
                self.assertEqual(404, ask("GET", wrong)[0])
                self.assertEqual(404, ask("POST", wrong, "List-Unsubscribe=One-Click")[0])
            self.assertEqual((404, "0"), (ask("POST", path, "nonsense")[0], count()))
            status, page = ask("POST", path, "List-Unsubscribe=One-Click")
            self.assertEqual((200, "1"), (status, count()))
            self.assertIn("niet meer", page)
            program.psql(
                conninfo, "set session_replication_role = replica; update beeld.report_run set period = period - 10, as_of = as_of - 10; "
                "update beeld.report_schedule set enabled_from = app.today()")
            run_due(conninfo, self.post.url)
            self.assertEqual({1: "skipped unsubscribed", 2: "sent"}, states(conninfo))
            self.assertEqual((200, "0"), (ask("POST", path, "subscribe=again")[0], count()))
            self.assertNotIn(address.query, server.said())
        finally:
            server.stop()


class Protected(checks.Sentence):
    def test_start_tls(self):
        """elsewhere than on this machine nothing is sent without TLS, nor to a server whose authority is not trusted"""
        conninfo = board("beeld_mail_tls", [1])
        with tempfile.TemporaryDirectory() as folder:
            authority, certificate = post.certificates(folder, "127.0.0.2")
            bare = post.Post(host="127.0.0.2")
            safe = post.Post("--certificate", certificate, host="127.0.0.2")
            implicit = post.Post("--certificate", certificate, "--implicit", host="127.0.0.2")
            try:
                for url, settings, expected in (
                    (bare.url, {}, "queued no_tls"), (safe.url, {}, "queued not_trusted"),
                    (safe.url, {"BEELD_SMTP_CA_FILE": authority}, "sent")):
                    run_due(conninfo, url, **settings)
                    self.assertEqual({1: expected}, states(conninfo))
                    again(conninfo)
                self.assertEqual([], bare.entries())
                self.assertEqual([True], [entry["tls"] for entry in safe.entries()])
                make_due(conninfo)
                run_due(conninfo, implicit.url.replace("smtp:", "smtps:"), BEELD_SMTP_CA_FILE=authority)
                self.assertEqual({1: "sent"}, states(conninfo))
                self.assertEqual(1, len(implicit.entries()))
            finally:
                for server in (bare, safe, implicit):
                    server.stop()

    def test_login(self):
        """with user and password, out of a file too, and never seen anywhere"""
        conninfo = board("beeld_mail_login", [1])
        with tempfile.TemporaryDirectory() as folder:
            authority, certificate = post.certificates(folder, "127.0.0.2")
            server = post.Post("--certificate", certificate, "--login", "us@er:geh:eim", host="127.0.0.2")
            secret = os.path.join(folder, "secret")
            with open(secret, "w") as file:
                file.write("geh:eim\n")
            try:
                wrong = run_due(conninfo, f"smtp://us%40er:fout@127.0.0.2:{server.port}", BEELD_SMTP_CA_FILE=authority)
                self.assertEqual({1: "queued login_denied"}, states(conninfo))
                again(conninfo)
                settings = {"BEELD_SMTP_CA_FILE": authority, "BEELD_SMTP_PASSWORD_FILE": secret}
                right = run_due(conninfo, f"smtp://us%40er@127.0.0.2:{server.port}", **settings)
                self.assertEqual({1: "sent"}, states(conninfo))
                self.assertEqual(["us@er"], [entry["login"] for entry in server.entries()])
                doctor = program.beeld(
                    "doctor", conninfo=conninfo, check=False, BEELD_SMTP_URL=f"smtp://us%40er@127.0.0.2:{server.port}",
                    BEELD_MAIL_FROM="b@example.org", **settings)
                self.assertIn("ok    mail: smtp://us@er@127.0.0.2", doctor.stdout)
                for out in (wrong, right, doctor):
                    self.assertNotIn("fout", out.stdout + out.stderr)
                    self.assertNotIn("geh", out.stdout + out.stderr)
            finally:
                server.stop()


class Operated(checks.Sentence):
    def test_configuration(self):
        """server and sender go together, a wrong one is refused by name, and a password is never printed"""
        def configured(**settings):
            return program.beeld("check-config", conninfo="dbname=nowhere", check=False, **settings)

        out = configured(BEELD_SMTP_URL="smtps://beeld:s%2Fecret@mail.example.org", BEELD_MAIL_FROM="Bestuur <b@example.org>")
        self.assertEqual(0, out.returncode, out.stderr)
        self.assertIn("BEELD_SMTP_URL=smtps://beeld:***@mail.example.org:465\n", out.stdout)
        self.assertIn("BEELD_MAIL_FROM=Bestuur <b@example.org>\n", out.stdout)
        for settings, named in (
            ({"BEELD_SMTP_URL": "smtp://mail.example.org"}, "BEELD_MAIL_FROM"), ({"BEELD_MAIL_FROM": "b@example.org"}, "BEELD_SMTP_URL"),
            ({"BEELD_SMTP_URL": "mail.example.org:secret", "BEELD_MAIL_FROM": "b@example.org"}, "BEELD_SMTP_URL"),
            ({"BEELD_SMTP_URL": "smtp://mail.example.org", "BEELD_MAIL_FROM": "iemand"}, "BEELD_MAIL_FROM"),
            ({"BEELD_SMTP_URL": "smtp://u@mail.example.org", "BEELD_MAIL_FROM": "b@example.org"}, "BEELD_SMTP_PASSWORD_FILE"),
            ({"BEELD_SMTP_URL": "smtp://u:secret@x", "BEELD_MAIL_FROM": "b@example.org", "BEELD_SMTP_PASSWORD_FILE": "/x"}, "BEELD_SMTP_PASSWORD_FILE"),
            ({"BEELD_SMTP_URL": "smtp://u@x", "BEELD_MAIL_FROM": "b@example.org", "BEELD_SMTP_PASSWORD_FILE": "/nowhere"}, "BEELD_SMTP_PASSWORD_FILE"),
            ({"BEELD_SMTP_URL": "smtp://x", "BEELD_MAIL_FROM": "b@example.org", "BEELD_SMTP_CA_FILE": "/nowhere"}, "BEELD_SMTP_CA_FILE")):
            out = configured(**settings)
            self.assertNotEqual(0, out.returncode, settings)
            self.assertIn(named, out.stderr)
            self.assertNotIn("secret", out.stdout + out.stderr)

    def test_doctor(self):
        """doctor says that nobody is told, that a mail server does not answer, what was given up"""
        conninfo = board("beeld_mail_doctor", [1, 6])
        self.assertIn("warn  mail: none is configured", program.beeld("doctor", conninfo=conninfo, check=False).stdout)
        run_due(conninfo, f"smtp://127.0.0.1:{post.free_port()}")
        program.psql(
            conninfo, "insert into beeld.report_run (id, report, as_of, lease_until) values (gen_random_uuid(), 'coverage', '2020-01-01', now()); "
            "update beeld.report_run set state = 'abandoned', failure = 'no_luck', lease_until = null, finished_at = now() where as_of = '2020-01-01'")
        out = program.beeld(
            "doctor", conninfo=conninfo, check=False, BEELD_MAIL_FROM="b@example.org",
            BEELD_SMTP_URL=f"smtp://127.0.0.1:{post.free_port()}").stdout
        self.assertRegex(out, r"fault mail: smtp://127\.0\.0\.1:\d+: no_connection")
        self.assertIn("warn  deliveries: 1 given up", out)
        self.assertIn("fault scheduled reports: 1 given up", out)

    def test_schedules(self):
        """schedule list shows the next five nights of each"""
        conninfo = program.database("beeld_mail_schedules")
        lines = program.beeld("report", "schedule", "list", conninfo=conninfo).stdout.splitlines()
        place = next(n for n, line in enumerate(lines) if "  coverage  daily  04:30" in line)
        self.assertEqual(5, len(re.findall(r"\d{4}-\d\d-\d\d", lines[place + 1])))

    def test_hang(self):
        """a mail server that hangs is given up in time and tried later; reports are made meanwhile, and once it answers the mail goes out once"""
        conninfo = board("beeld_mail_hung", [1])
        silent = socket.socket()
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        port = silent.getsockname()[1]
        server = program.Server.serve(conninfo, BEELD_SMTP_URL=f"smtp://127.0.0.1:{port}", BEELD_MAIL_FROM="b@example.org")
        office = None
        try:
            tried = lambda: program.psql(
                conninfo, "select count(*) from beeld.report_delivery where attempt = 1 and lease_until is not null") == "1"
            program.wait_for("the mail to be taken up", tried)
            # While that one waits: another night is due, and is made.
            make_due(conninfo)
            program.psql(conninfo, "notify beeld_work")
            made = "select count(*) from beeld.report_run where state = 'succeeded' and schedule_id is not null"
            program.wait_for("the second report", lambda: program.psql(conninfo, made) == "2", PATIENCE)
            self.assertTrue(tried(), "made when the try was over, not during it")
            self.assertEqual(200, server.get("/health/ready").status)
            given_up = lambda: program.psql(
                conninfo, "select reason from beeld.report_delivery where attempt = 1 and lease_until is null")
            self.assertEqual("timed_out", program.wait_for("the try to be given up", given_up, PATIENCE + 5))
            waits = program.psql(conninfo, """
                select state, retry_at between app.now() + interval '45 seconds' and app.now() + interval '1 minute'
                from beeld.report_delivery
                where attempt = 1
                order by retry_at
                limit 1""")
            self.assertEqual("queued\tt", waits)
            silent.close()
            office = post.Post(port=port)

            def sent():
                # The second night may have a mail of its own.
                again(conninfo)
                program.psql(conninfo, "notify beeld_work")
                return program.psql(conninfo, "select count(*) from beeld.report_delivery where state = 'queued'") == "0"
            program.wait_for("the mail to be sent", sent, 60)
            self.assertEqual({"sent"}, set(program.psql(conninfo, "select state from beeld.report_delivery where state <> 'skipped'").split()))
            names = [entry["mail"]["Message-ID"] for entry in office.entries()]
            self.assertEqual(
                sorted(f"<{delivery}@example.org>" for delivery in program.psql(
                    conninfo, "select id from beeld.report_delivery where state = 'sent'").split()),
                sorted(names))
        finally:
            silent.close()
            server.stop(signal.SIGKILL)
            if office:
                office.stop()

    def test_stop_afterwards(self):
        """a mail that was given up while its answer was awaited does not keep the server from stopping at once"""
        conninfo = board("beeld_mail_given_up", [8])
        office = post.Post()
        server = program.Server.serve(conninfo, BEELD_SMTP_URL=office.url, BEELD_MAIL_FROM="b@example.org")
        try:
            program.wait_for("the try to be given up", lambda: program.psql(
                conninfo, "select reason from beeld.report_delivery where lease_until is null"), PATIENCE + 30)
            # Nothing is in hand any more.
            self.assertEqual(0, server.stop(signal.SIGTERM, seconds=10))
        finally:
            server.stop(signal.SIGKILL)
            office.stop()

    def test_stop(self):
        """a mail server that hangs does not keep the server from stopping in time"""
        conninfo = board("beeld_mail_hang", [1])
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(8)
            server = program.Server.serve(
                conninfo, BEELD_SMTP_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}", BEELD_MAIL_FROM="b@example.org")
            try:
                program.wait_for("the mail to be taken up", lambda: program.psql(
                    conninfo, "select count(*) from beeld.report_delivery where attempt = 1") == "1")
                self.assertEqual(200, server.get("/health/ready").status)
                self.assertEqual(0, server.stop(signal.SIGTERM, seconds=25))
            finally:
                server.stop(signal.SIGKILL)
        self.assertIn("queued", states(conninfo)[1])
