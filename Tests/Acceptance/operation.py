"""What an operator does: configure, migrate, import, stop."""

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import unittest

import checks
import files
import program


def counts(conninfo):
    """Schools, people, employments, audit rows."""
    return program.psql(
        conninfo,
        "select (select count(*) from beeld.school), (select count(*) from beeld.person), "
        "(select count(*) from beeld.employment), (select count(*) from beeld.audit)")


class Configuration(checks.Sentence):
    def test_misspelt(self):
        """a misspelt variable is refused by name"""
        out = subprocess.run(
            [program.BINARY, "serve"], capture_output=True, text=True, timeout=30,
            env=program.environment(BEELD_DATABASE_URL="dbname=nowhere", BEELD_LISTENING="127.0.0.1:1"))
        self.assertNotEqual(0, out.returncode)
        self.assertIn("BEELD_LISTENING", out.stderr)

    def test_wrong_value(self):
        """a wrong value is refused with what was expected"""
        out = subprocess.run(
            [program.BINARY, "serve"], capture_output=True, text=True, timeout=30,
            env=program.environment(BEELD_DATABASE_URL="dbname=nowhere", BEELD_LISTEN="eighty"))
        self.assertNotEqual(0, out.returncode)
        self.assertIn("BEELD_LISTEN", out.stderr)
        self.assertIn("host:port", out.stderr)

    def test_public_url(self):
        """the public address is https, or on this machine, and nothing but an address"""
        def configured(**settings):
            return subprocess.run(
                [program.BINARY, "check-config"], capture_output=True, text=True, timeout=30,
                env=program.environment(BEELD_DATABASE_URL="dbname=nowhere", BEELD_LISTEN="[::1]:8081", **settings))

        self.assertIn("BEELD_PUBLIC_URL=http://[::1]:8081\n", configured().stdout)
        for given, known in {
            "https://beeld.example.org": "https://beeld.example.org", "https://example.org:8443/beeld/": "https://example.org:8443/beeld",
            "http://localhost:8080": "http://localhost:8080",
        }.items():
            self.assertIn(f"BEELD_PUBLIC_URL={known}\n", configured(BEELD_PUBLIC_URL=given).stdout)
        for wrong in ("http://beeld.example.org", "beeld.example.org", "https://", "https://a b", "https://x/?y", "https://x/#y",
                      "https://u:p@x", "https://x:0", "https://x:99999", "https://X", "https://x//", "ftp://x", ""):
            out = configured(BEELD_PUBLIC_URL=wrong)
            self.assertNotEqual(0, out.returncode, wrong)
            self.assertIn("BEELD_PUBLIC_URL", out.stderr, wrong)

    def test_referrals(self):
        """the operator, who is nobody, imports no referrals"""
        out = program.beeld("import", "referrals", "/dev/null", conninfo="dbname=nowhere", check=False)
        self.assertEqual(64, out.returncode)
        self.assertIn("POST /v1/imports?kind=referrals", out.stderr)

    def test_not_migrated(self):
        """serve refuses a database without the schema, and says what to do"""
        cluster = os.environ["BEELD_TEST_DATABASE_URL"]
        out = subprocess.run(
            [program.BINARY, "serve"], capture_output=True, text=True, timeout=30,
            env=program.environment(BEELD_DATABASE_URL=f"{cluster} dbname=template1", BEELD_LISTEN="127.0.0.1:0"))
        self.assertNotEqual(0, out.returncode)
        self.assertIn("beeld migrate", out.stderr)


class Examination(checks.Sentence):
    """doctor and check-config."""

    def test_config(self):
        """check-config prints what is in force, and no secret"""
        out = subprocess.run(
            [program.BINARY, "check-config"], capture_output=True, text=True, timeout=30,
            env=program.environment(BEELD_DATABASE_URL="host=db password='s e cret' dbname=beeld", BEELD_LOG_FORMAT="json"))
        self.assertEqual(0, out.returncode)
        self.assertIn("BEELD_LOG_FORMAT=json", out.stdout)
        self.assertIn("dbname=beeld", out.stdout)
        self.assertNotIn("cret", out.stdout)

    def test_doctor(self):
        """doctor finds nothing wrong with a migrated database but what this cluster leaves out on purpose"""
        out = program.beeld("doctor", conninfo=program.database("beeld_doctor"), check=False)
        self.assertEqual(0, out.returncode, out.stdout)
        self.assertIn("ok    row-level security", out.stdout)
        self.assertIn("ok    time zone data", out.stdout)

    def test_doctor_faults(self):
        """doctor says what to do where row-level security is off, where there is no schema, where nothing answers"""
        conninfo = program.database("beeld_ill")
        program.psql(conninfo, "alter table beeld.employment disable row level security")
        ill = program.beeld("doctor", conninfo=conninfo, check=False)
        self.assertEqual(1, ill.returncode)
        self.assertIn("fault row-level security: off for employment", ill.stdout)
        program.psql(conninfo, re.search(r"As a superuser in psql: (.*;) Then", ill.stdout)[1])
        well = program.beeld("doctor", conninfo=conninfo, check=False)
        self.assertEqual(0, well.returncode, well.stdout)
        cluster = os.environ["BEELD_TEST_DATABASE_URL"]
        bare = program.beeld("doctor", conninfo=f"{cluster} dbname=template1", check=False)
        self.assertEqual(1, bare.returncode)
        self.assertIn("beeld migrate", bare.stdout)
        away = program.beeld("doctor", conninfo="host=/nowhere dbname=beeld", check=False)
        self.assertEqual(1, away.returncode)
        self.assertRegex(away.stdout, r'fault login of beeld_app: no connection to the database: .*"/nowhere/')

    def test_token_scopes(self):
        """a token that is good for reading only reads"""
        conninfo = program.database("beeld_scopes")
        program.psql(conninfo, "insert into beeld.person (id, name) values ('0193b6a0-0000-7000-8000-000000000aaa', 'A')")
        program.psql(
            conninfo, "insert into beeld.registration (person_id, person_number) "
            "values ('0193b6a0-0000-7000-8000-000000000aaa', 'A1')")
        token = program.beeld("token", "create", "A1", "--name", "reader", "--scope", "read", conninfo=conninfo).stdout.strip()
        self.assertIn("read", program.beeld("token", "list", conninfo=conninfo).stdout)
        server = program.Server.serve(conninfo)
        try:
            self.assertEqual(200, server.get("/v1/me", token=token).status)
            connection = server.connect()
            connection.request(
                "PATCH", "/v1/people/0193b6a0-0000-7000-8000-000000000aaa", body='{"language": "en"}',
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": "*"})
            refused = connection.getresponse()
            self.assertEqual(403, refused.status)
            self.assertIn("out_of_scope", refused.read().decode())
        finally:
            server.stop()


class Migration(checks.Sentence):
    def test_two_at_once(self):
        """two migrations at once: each file is applied once, and both end well"""
        cluster = os.environ["BEELD_TEST_DATABASE_URL"]
        program.psql(cluster, "drop database if exists beeld_twice with (force)")
        program.psql(cluster, "create database beeld_twice template template0 encoding 'UTF8'")
        conninfo = f"{cluster} dbname=beeld_twice"
        both = [
            subprocess.Popen(
                [program.BINARY, "migrate"], env=program.environment(BEELD_DATABASE_URL=conninfo), text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for _ in range(2)
        ]
        said = [process.communicate(timeout=60)[0] for process in both]
        self.assertEqual([0, 0], [process.returncode for process in both], said)
        applied = [line for text in said for line in text.splitlines() if line.startswith("applied migrations/")]
        known = program.psql(conninfo, "select count(*) from beeld.schema_migration")
        self.assertEqual(int(known), len(applied))
        self.assertEqual(len(applied), len(set(applied)))


class Imports(checks.Sentence):
    @classmethod
    def setUpClass(cls):
        cls.conninfo = program.database("beeld_imports")
        cls.folder = tempfile.TemporaryDirectory(prefix="beeld-acceptance-")
        cls.register = cls.write("vestigingen-2026-10-01.csv", files.schools(300))
        cls.staff = cls.write("staff.csv", files.staff(2000, 300))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def write(cls, name, content):
        path = os.path.join(cls.folder.name, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def run_import(self, *arguments, status=0):
        out = program.beeld("import", *arguments, "--json", conninfo=self.conninfo, check=False)
        self.assertEqual(status, out.returncode, out.stdout + out.stderr)
        return json.loads(out.stdout)

    def test_1_preview(self):
        """a preview tells the difference and changes nothing"""
        outcome = self.run_import("schools", self.register)
        self.assertFalse(outcome["committed"])
        self.assertEqual(300, outcome["change_count"])
        self.assertEqual("0\t0\t0\t0", counts(self.conninfo))

    def test_2_schools(self):
        """the register is taken over, spelling kept"""
        outcome = self.run_import("schools", self.register, "--commit")
        self.assertTrue(outcome["committed"])
        self.assertEqual(300, outcome["rows"])
        names = program.psql(self.conninfo, "select name from beeld.school order by code limit 5").split("\n")
        self.assertEqual(["'t Zwaluwnest 0", 'De "Ster"  1', "It Bûthús 2", "Sint-Jozef 3", "Columbus 4"], names)

    def test_3_again(self):
        """the same register again: no change, not even an audit row"""
        before = counts(self.conninfo)
        self.assertEqual(0, self.run_import("schools", self.register, "--commit")["change_count"])
        self.assertEqual(before, counts(self.conninfo))

    def test_4_staff(self):
        """the personnel system's export is taken over, and again without a change"""
        self.assertTrue(self.run_import("staff", self.staff, "--commit")["committed"])
        before = counts(self.conninfo)
        self.assertEqual(["300", "1600", "2000"], before.split("\t")[:3])
        self.assertEqual(0, self.run_import("staff", self.staff, "--commit")["change_count"])
        self.assertEqual(before, counts(self.conninfo))

    def test_5_one_bad_row(self):
        """one bad row among 20,000 changes nothing, and is named by line and column"""
        before = counts(self.conninfo)
        path = self.write("faulty.csv", files.staff(20_000, 300, broken=12_345))
        outcome = self.run_import("staff", path, "--commit", status=1)
        self.assertFalse(outcome["committed"])
        self.assertEqual([(12_347, "from")], [(fault["line"], fault["column"]) for fault in outcome["faults"]])
        self.assertEqual(before, counts(self.conninfo))

    def test_6_broken_byte(self):
        """a broken byte and a missing column are named, and nothing changes"""
        before = counts(self.conninfo)
        broken = self.write("broken.csv", files.schools(20).replace("û".encode("cp1252"), b"\x00", 1))
        outcome = self.run_import("schools", broken, "--commit", status=1)
        self.assertEqual(4, outcome["faults"][0]["line"])
        lacking = self.write("lacking.csv", files.staff(3, 10).replace(b",job,", b",", 1))
        self.assertTrue(self.run_import("staff", lacking, "--commit", status=1)["faults"])
        self.assertEqual(before, counts(self.conninfo))

    @unittest.skipUnless(os.environ.get("BEELD_TEST_DATA"), "BEELD_TEST_DATA names no folder")
    def test_7_real_register(self):
        """the real register of a board: 23 schools, spelt as they are; the same file again changes nothing"""
        conninfo = program.database("beeld_register")
        path = os.path.join(os.environ["BEELD_TEST_DATA"], "duo-vestigingen-bo-2021-10.csv")
        for expected in (23, 0):
            out = program.beeld("import", "schools", path, "--board", "41573", "--commit", "--json", conninfo=conninfo)
            self.assertEqual(expected, json.loads(out.stdout)["change_count"])
        names = program.psql(conninfo, "select name from beeld.school").split("\n")
        self.assertEqual(23, len(names))
        self.assertIn("It Bûtenplak", names)
        self.assertIn("Basisschool 't Swannestee", names)


class Shutdown(checks.Sentence):
    def test_work_in_hand(self):
        """told to stop, the server answers what it has begun and then ends well"""
        conninfo = program.database("beeld_shutdown")
        program.psql(
            conninfo,
            "insert into beeld.person (id, name) values ('019a0000-0000-7003-8000-000000000001', 'Iemand'); "
            "insert into beeld.registration (person_id, person_number) values ('019a0000-0000-7003-8000-000000000001', 'S1')")
        token = program.beeld("token", "create", "S1", "--name", "acceptance", conninfo=conninfo).stdout.strip()
        # On a busy machine the steps below take longer than a request waits for a lock otherwise.
        program.psql(conninfo, "alter role beeld_app in database beeld_shutdown set lock_timeout = '20s'")
        server = program.Server.serve(conninfo)
        # Somebody holds the table that the request needs, so that it is in hand while the signal arrives.
        holder = subprocess.Popen(["psql", "-XqAt", conninfo], stdin=subprocess.PIPE, text=True)
        holder.stdin.write("begin; lock table beeld.school in access exclusive mode;\n")
        holder.stdin.flush()
        program.wait_for("the lock", lambda: program.psql(conninfo, """
            select count(*)
            from pg_locks
            where relation = 'beeld.school'::regclass
              and mode = 'AccessExclusiveLock'
              and granted""") == "1")
        answers = []
        asking = threading.Thread(target=lambda: answers.append(server.get("/v1/schools", token=token)))
        asking.start()
        program.wait_for("the request to wait", lambda: program.psql(
            conninfo, "select count(*) from pg_stat_activity where usename = 'beeld_app' and wait_event_type = 'Lock'") != "0")
        server.process.send_signal(signal.SIGTERM)
        program.wait_for("readiness to fail", lambda: self.not_ready(server))
        holder.communicate("rollback;\n", timeout=10)
        asking.join(timeout=25)
        self.assertEqual(0, server.stop(seconds=25), server.said())
        self.assertEqual([200], [answer.status for answer in answers])
        self.assertEqual([], answers[0].json["items"])

    @staticmethod
    def not_ready(server):
        try:
            return server.get("/health/ready").status == 503
        except OSError:
            return True
