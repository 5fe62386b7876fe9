"""kill -9 of the server and of PostgreSQL: nothing half, nothing wrong, and recovery by itself."""

import http.client
import json
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


class KilledUpload(checks.Sentence):
    """An import over HTTP, of a server that is killed: while the file comes in, while it is judged, while it is committed."""

    @classmethod
    def setUpClass(cls):
        cluster = os.environ["BEELD_TEST_DATABASE_URL"]
        cls.conninfo = program.database("beeld_upload")
        with tempfile.TemporaryDirectory(prefix="beeld-acceptance-") as folder:
            register = os.path.join(folder, "schools.csv")
            with open(register, "wb") as file:
                file.write(files.schools(300))
            program.beeld("import", "schools", register, "--commit", conninfo=cls.conninfo)
        program.psql(cls.conninfo, """
            insert into beeld.person (id, name) values ('0193b6a0-0000-7000-8000-000000000aaa', 'Beheer');
            insert into beeld.registration (person_id, person_number) values ('0193b6a0-0000-7000-8000-000000000aaa', 'A1');
            insert into beeld.role_assignment (id, person_id, role, from_date)
            values (gen_random_uuid(), '0193b6a0-0000-7000-8000-000000000aaa', 'system_admin', '2020-01-01')""")
        cls.token = program.beeld("token", "create", "A1", "--name", "upload", conninfo=cls.conninfo).stdout.strip()
        cls.file = files.staff(ROWS, 300)
        # What it comes to and how long it takes, on a copy: the kills fall within that time.
        program.psql(cluster, "drop database if exists beeld_upload_timed with (force)")
        program.psql(cluster, "create database beeld_upload_timed template beeld_upload")
        timed = f"{cluster} dbname=beeld_upload_timed"
        cls.server = program.Server.serve(timed)
        try:
            started = time.monotonic()
            found = cls.upload()
            cls.judging = time.monotonic() - started
            started = time.monotonic()
            assert cls.commit(found).status == 200
            cls.committing = time.monotonic() - started
        finally:
            cls.server.stop(signal.SIGKILL)
        cls.before, cls.after = cls.counts(cls.conninfo), cls.counts(timed)
        assert cls.after == ["300", str(ROWS * 4 // 5 + 1), str(ROWS)], cls.after

    @staticmethod
    def counts(conninfo):
        return operation.counts(conninfo).split("\t")[:3]

    @classmethod
    def send(cls, path, body, kind, **headers):
        connection = cls.server.connect(timeout=120)
        try:
            connection.request("POST", path, body=body, headers={
                "Authorization": f"Bearer {cls.token}", "Content-Type": kind, **headers})
            response = connection.getresponse()
            return program.Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    @classmethod
    def upload(cls):
        answer = cls.send("/v1/imports?kind=staff", cls.file, "text/csv")
        assert (answer.status, answer.json["state"], answer.json["fault_count"]) == (201, "previewed", 0), answer.body[:500]
        return answer.json["id"]

    @classmethod
    def commit(cls, found):
        return cls.send(f"/v1/imports/{found}/transitions", b'{"to": "committed"}', "application/json", **{"If-Match": "*"})

    def kill_after(self, seconds, act):
        """Kills the server so long after the act began and starts it again; what the act was answered, None for nothing."""
        answers = []

        def attempt():
            try:
                answers.append(act())
            except (OSError, http.client.HTTPException):
                answers.append(None)

        acting = threading.Thread(target=attempt)
        acting.start()
        acting.join(seconds)
        self.server.stop(signal.SIGKILL)
        acting.join()
        program.wait_for("its sessions to end", lambda: program.psql(
            self.conninfo, "select count(*) from pg_stat_activity where usename like 'beeld%' and datname = current_database()") == "0")
        self.assertIn(self.counts(self.conninfo), (self.before, self.after))
        type(self).server = program.Server.serve(self.conninfo)
        return answers[0]

    def half(self):
        """Half of the file, and nothing more until the end."""
        connection = self.server.connect(timeout=60)
        connection.putrequest("POST", "/v1/imports?kind=staff")
        for name, value in {
            "Authorization": f"Bearer {self.token}", "Content-Type": "text/csv", "Content-Length": str(len(self.file))}.items():
            connection.putheader(name, value)
        connection.endheaders(self.file[:len(self.file) // 2])
        try:
            return connection.getresponse()
        finally:
            connection.close()

    def test_killed(self):
        """kill -9 of the server in an upload, its preview and its commit: nothing half in, and it can be made again"""
        chance = random.Random(20261130)
        type(self).server = program.Server.serve(self.conninfo)
        try:
            self.assertIsNone(self.kill_after(0.5, self.half))
            previews = [self.kill_after(self.judging * part, self.upload) for part in (0.3, 0.1 + 0.8 * chance.random())]
            self.assertIn(None, previews)
            self.assertEqual(self.before, self.counts(self.conninfo))
            found = self.upload()
            killed = 0
            for part in [0.05] + [chance.random() for _ in range(20 if LONG else 4)]:
                answer = self.kill_after(self.committing * part, lambda: self.commit(found))
                now, state = self.counts(self.conninfo), self.state(found)
                # Either all of it, and the import says so, or nothing and it may be committed still.
                self.assertEqual(("committed" if now == self.after else "previewed"), state)
                if answer is not None:
                    self.assertEqual((200, self.after), (answer.status, now))
                killed += answer is None
                if now == self.after:
                    break
            self.assertGreater(killed, 0)
            if self.counts(self.conninfo) == self.before:
                answer = self.commit(found)
                self.assertEqual((200, "committed"), (answer.status, answer.json["state"]), answer.body[:500])
            self.assertEqual(self.after, self.counts(self.conninfo))
            # Once more the same file: nothing is left to change, and what was cut off stands in nobody's way.
            again = self.server.get(f"/v1/imports/{self.upload()}", token=self.token).json
            self.assertEqual((ROWS, 0), (again["preview"]["rows"], again["change_count"]))
        finally:
            self.server.stop()

    def state(self, found):
        return self.server.get(f"/v1/imports/{found}", token=self.token).json["state"]


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


class Commands:
    """Several clients who register people, each under a key, and ask again under it until they are told that it is done."""

    def __init__(self, rig, clients=6):
        self.rig = rig
        # Of each that was answered: number, address; how often each status was met, and how often nothing.
        self.done = {}
        self.statuses = {}
        # What nobody was to be told.
        self.wrong = []
        self.halt = threading.Event()
        self.lock = threading.Lock()
        self.clients = [threading.Thread(target=self._work, args=(number,)) for number in range(clients)]
        for client in self.clients:
            client.start()

    def stop(self):
        self.halt.set()
        for client in self.clients:
            client.join(timeout=120)

    def _work(self, client):
        number = 0
        while not self.halt.is_set():
            number += 1
            name = f"Zelfde Naam {client}-{number}"
            address = self.until_done(name)
            if address is None:
                return
            self.done[name] = address

    def until_done(self, name):
        """Where it is; what was begun before the halt is done. Nothing once something was told that nobody is to be told."""
        while True:
            try:
                answer = self.rig.post(name)
                told = answer.status
                if told == 409:
                    told = f"409 {answer.json['code']}"
                elif told == 503:
                    told = f"503 {answer.json['code']}"
            except (OSError, http.client.HTTPException):
                told = "broken"
            with self.lock:
                self.statuses[told] = self.statuses.get(told, 0) + 1
            if told == 201:
                return answer.headers["Location"]
            if str(told).startswith(("409 ", "503 ")) or told == "broken":
                time.sleep(0.05)
                continue
            self.wrong.append((name, told, answer.body[:300]))
            return None


class KilledCommands(checks.Sentence):
    """Keyed requests that write, while PostgreSQL and the server are killed."""

    @classmethod
    def setUpClass(cls):
        cls.folder = program.reachable_folder()
        cls.data = os.path.join(cls.folder, "data")
        cls.dev = program.Server.dev(cls.data)
        cls.conninfo = program.dev_conninfo(cls.data)
        cls.school = cls.dev.get("/v1/me", "school_admin").json["roles"][0]["school"]["id"]
        cls.server = cls.serve()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.dev.stop()
        shutil.rmtree(cls.folder)

    @classmethod
    def serve(cls):
        return program.Server.serve(
            cls.conninfo, BEELD_REQUESTS_PER_SECOND="1000000", BEELD_MASTER_KEY_FILE=os.path.join(cls.data, "master.keys"))

    def post(self, name):
        number = name.split()[-1]
        connection = self.server.connect(timeout=30)
        try:
            connection.request("POST", "/v1/people", body=json.dumps({
                "name": name, "person_number": f"Z{number}", "employment": {"school": self.school, "job": "support", "fte": 0.5, "from": "2026-08-01"}}).encode(),
                headers={
                    "Authorization": f"Bearer {self.dev.tokens['school_admin']}", "Content-Type": "application/json",
                    "Idempotency-Key": f"survival-{number}"})
            response = connection.getresponse()
            return program.Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def kill_backend(self):
        victims = program.psql(self.conninfo, "select pid from pg_stat_activity where usename = 'beeld_app' and datname = 'beeld'").split()
        os.kill(int(self.chance.choice(victims)), signal.SIGKILL)

    def kill_postmaster(self):
        os.kill(program.postmaster(self.data), signal.SIGKILL)

    def kill_server(self):
        self.server.stop(signal.SIGKILL)
        type(self).server = self.serve()

    def test_once(self):
        """keyed requests of six clients while PostgreSQL and the server are killed: each done once, 503 or nothing until then"""
        self.chance = random.Random(20261130)
        rounds = 8 if LONG else 2
        commands = Commands(self)
        try:
            for kill in [self.kill_backend, self.kill_server, self.kill_postmaster] * rounds:
                done = len(commands.done)
                program.wait_for("commands that are done", lambda: commands.wrong or len(commands.done) > done + 60, 90)
                time.sleep(self.chance.random() * 0.1)
                kill()
            done = len(commands.done)
            program.wait_for("commands that are done", lambda: commands.wrong or len(commands.done) > done + 60, 90)
        finally:
            commands.stop()
            self.assertEqual([], commands.wrong)
        print(f"      {len(commands.done)} commands under {3 * rounds} kills: {commands.statuses}", flush=True)
        self.assertLessEqual(
            set(commands.statuses), {201, "broken", "503 unavailable", "503 outcome_unknown", "409 in_progress"})
        # Some of them were met by a kill: otherwise nothing is shown.
        self.assertGreater(sum(count for told, count in commands.statuses.items() if told != 201), 0)
        rows = program.psql(self.conninfo, "select name, '/v1/people/' || id from beeld.person where name like 'Zelfde Naam %'").splitlines()
        self.assertEqual(sorted(commands.done.items()), sorted(tuple(row.split("\t")) for row in rows))
        self.assertEqual(str(len(rows)), program.psql(self.conninfo, """
            select count(*)
            from beeld.employment e
            join beeld.person p on p.id = e.person_id
            where p.name like 'Zelfde Naam %'"""))
        # And asked once more, each is told what it was told.
        for name, address in self.chance.sample(sorted(commands.done.items()), 50):
            answer = self.post(name)
            self.assertEqual((201, address), (answer.status, answer.headers["Location"]))
        self.assertEqual(len(rows), int(program.psql(self.conninfo, "select count(*) from beeld.person where name like 'Zelfde Naam %'")))
