"""kill -9 of the server and of PostgreSQL: nothing half, nothing wrong, and recovery by itself."""

import http.client
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import checks
import files
import operation
import program

LONG = bool(os.environ.get("BEELD_TEST_LONG"))
ROWS = 20_000 if LONG else 5_000


class KilledImport(checks.Sentence):
    def test_killed(self):
        """kill -9 of an import at any moment: all of it is there or nothing"""
        conninfo = program.database("beeld_killed")
        chance = random.Random(20261123)
        with tempfile.TemporaryDirectory(prefix="beeld-acceptance-") as folder:
            register, staff = os.path.join(folder, "schools.csv"), os.path.join(folder, "staff.csv")
            with open(register, "wb") as file:
                file.write(files.schools(300))
            with open(staff, "wb") as file:
                file.write(files.staff(ROWS, 300))
            program.beeld("import", "schools", register, "--commit", conninfo=conninfo)
            before = operation.counts(conninfo)
            # The time that an import takes to its end, on a copy of the database: the kills fall within it.
            program.psql(os.environ["BEELD_TEST_DATABASE_URL"], "drop database if exists beeld_timed with (force)")
            program.psql(os.environ["BEELD_TEST_DATABASE_URL"], "create database beeld_timed template beeld_killed")
            timed = f"{os.environ['BEELD_TEST_DATABASE_URL']} dbname=beeld_timed"
            started = time.monotonic()
            program.beeld("import", "staff", staff, "--commit", conninfo=timed)
            whole = time.monotonic() - started
            after = operation.counts(timed)
            self.assertEqual(["300", str(ROWS * 4 // 5), str(ROWS)], after.split("\t")[:3])
            killed = 0
            # The first at once: a machine that was busy while the whole was timed may be done before any later one.
            for part in [0.02] + [chance.random() for _ in range(20 if LONG else 6)]:
                process = subprocess.Popen(
                    [program.BINARY, "import", "staff", staff, "--commit"], stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL, env=program.environment(BEELD_DATABASE_URL=conninfo))
                try:
                    process.wait(timeout=whole * part)
                except subprocess.TimeoutExpired:
                    killed += 1
                    process.kill()
                    process.wait()
                program.wait_for("the import's session to end", lambda: program.psql(
                    conninfo, "select count(*) from pg_stat_activity where usename = 'beeld_jobs' and datname = current_database()") == "0")
                now = operation.counts(conninfo)
                self.assertIn(now, (before, after))
                if now == after:
                    break
            self.assertGreater(killed, 0)
            if operation.counts(conninfo) == before:
                program.beeld("import", "staff", staff, "--commit", conninfo=conninfo)
            self.assertEqual(after, operation.counts(conninfo))


class Load:
    """Several clients that ask for what they know the answer to, as fast as they get it, until told to stop."""

    def __init__(self, server, clients=8):
        self.server = server
        self.statuses = {}
        self.wrong = []
        self.unanswered = []
        self.halt = threading.Event()
        self.lock = threading.Lock()
        self.questions = []
        for role in ("teacher", "coach", "director", "adviser"):
            for path in ("/v1/me", "/v1/schools/019a0000-0000-7001-8000-000000000003", "/v1/starters?limit=5"):
                answer = server.get(path, role)
                assert answer.status == 200, (path, role, answer.status)
                self.questions.append((path, role, answer.body))
        self.clients = [threading.Thread(target=self._ask, args=(number,)) for number in range(clients)]
        for client in self.clients:
            client.start()

    def answered(self, status):
        with self.lock:
            return self.statuses.get(status, 0)

    def stop(self):
        self.halt.set()
        for client in self.clients:
            client.join(timeout=60)

    def _ask(self, number):
        chance = random.Random(number)
        connection = self.server.connect()
        while not self.halt.is_set():
            path, role, expected = chance.choice(self.questions)
            try:
                answer = self.server.get(path, role, connection=connection)
            except (OSError, http.client.HTTPException) as error:
                self.unanswered.append(repr(error))
                connection.close()
                connection = self.server.connect()
                continue
            with self.lock:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
                if answer.status == 200 and answer.body != expected:
                    self.wrong.append((path, role, answer.body[:200]))
                if answer.status == 503 and not answer.headers.get("Retry-After"):
                    self.wrong.append((path, role, "503 without Retry-After"))
            if answer.status == 503:
                time.sleep(0.02)
        connection.close()


class KilledDatabase(checks.Sentence):
    @classmethod
    def setUpClass(cls):
        cls.folder = program.reachable_folder()
        cls.data = os.path.join(cls.folder, "data")
        cls.server = program.Server.dev(cls.data)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder)

    def under_load(self, kill):
        """Kills in the middle of the load, waits until answers are good again, and judges all answers."""
        load = Load(self.server)
        try:
            program.wait_for("the load", lambda: load.answered(200) > 200)
            kill()
            refused = load.answered(503)
            good = load.answered(200)
            program.wait_for("good answers again", lambda: load.answered(200) > good + 500, 60)
        finally:
            load.stop()
        self.assertEqual([], load.wrong)
        self.assertEqual([], load.unanswered)
        self.assertLessEqual(set(load.statuses), {200, 503}, load.statuses)
        self.assertEqual(200, self.server.get("/health/ready").status)
        return load.answered(503) - refused

    def test_1_backend(self):
        """kill -9 of one of PostgreSQL's sessions: 503 at most, then good answers"""
        conninfo = program.dev_conninfo(self.data)
        victim = int(program.psql(
            conninfo, "select pid from pg_stat_activity where usename = 'beeld_app' order by backend_start limit 1"))
        self.under_load(lambda: os.kill(victim, signal.SIGKILL))

    def test_2_postmaster(self):
        """kill -9 of PostgreSQL itself: 503 at most, and it is started again"""
        killed = program.postmaster(self.data)
        self.under_load(lambda: os.kill(killed, signal.SIGKILL))
        self.assertNotEqual(killed, program.postmaster(self.data))

    def test_3_server(self):
        """kill -9 of the server: started again it takes its PostgreSQL over, with all data"""
        before = self.server.get("/v1/starters?limit=500", "adviser").body
        tokens = self.server.tokens
        running = program.postmaster(self.data)
        self.server.stop(signal.SIGKILL)
        self.assertEqual(running, program.postmaster(self.data))
        type(self).server = program.Server.dev(self.data)
        self.assertEqual(tokens, self.server.tokens)
        self.assertEqual(before, self.server.get("/v1/starters?limit=500", "adviser").body)
        self.assertEqual(0, self.server.stop())
        self.assertIsNone(program.postmaster(self.data))
