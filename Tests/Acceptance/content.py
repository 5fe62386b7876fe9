"""Texts of teachers with the real binary: sealed, nowhere to be found, and read through a change of the master key."""

import http.client
import json
import os
import subprocess
import tempfile

import checks
import program

TEACHER = "0193b6a0-0000-7000-8000-0000000000a1"
SCHOOL = "0193b6a0-0000-7000-8000-0000000000b1"
EMPLOYMENT = "0193b6a0-0000-7000-8000-0000000000c1"
PLANTED = ["Zevenentwintig bange bevers", "De juf met de paarse fiets"]


def send(server, token, method, path, body=None, **headers):
    """One request with a JSON body: status, headers and body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(
            method, path, body=body and json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json",
                     **{name.replace("_", "-"): value for name, value in headers.items()}})
        response = connection.getresponse()
        return program.Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()


class Content(checks.Sentence):
    def setUp(self):
        self.conninfo = program.database("beeld_content")
        program.psql(self.conninfo, f"insert into beeld.person (id, name) values ('{TEACHER}', 'A Teacher')")
        program.psql(self.conninfo, f"insert into beeld.registration (person_id, person_number) values ('{TEACHER}', 'T1')")
        program.psql(self.conninfo, f"""
            insert into beeld.school (id, code, name, board_number) values ('{SCHOOL}', '01AA00', 'A School', '12345');
            insert into beeld.employment (id, person_id, school_id, job, fte, from_date)
            values ('{EMPLOYMENT}', '{TEACHER}', '{SCHOOL}', 'teacher', 1, '2020-08-01')""")
        self.token = program.beeld("token", "create", "T1", "--name", "test", conninfo=self.conninfo).stdout.strip()
        self.folder = tempfile.TemporaryDirectory(prefix="beeld-acceptance-")
        self.addCleanup(self.folder.cleanup)
        self.file = os.path.join(self.folder.name, "master.keys")
        self.logs = ""

    def keys(self, *arguments, check=True):
        return program.beeld("keys", *arguments, conninfo=self.conninfo, check=check, BEELD_MASTER_KEY_FILE=self.file)

    def serve(self, work, **settings):
        """Serves while `work` is done, and keeps what the server said."""
        server = program.Server.serve(
            self.conninfo, BEELD_LOG_LEVEL="trace", **{"BEELD_MASTER_KEY_FILE": self.file, **settings})
        try:
            return work(server)
        finally:
            server.stop()
            self.logs += server.said()

    def ask_for_coaching(self, server, question):
        answer = send(server, self.token, "POST", "/v1/requests", {
            "origin": "own_wish", "aim": "personal", "subject": "didactics", "learning_question": question},
            Idempotency_Key="one")
        self.assertEqual(201, answer.status, answer.body)
        return answer.headers["Location"] + "/learning-question"

    def test_whole_life(self):
        """a text is read through a rotation of the master key while the server runs, and stands in no dump and no log"""
        self.keys("new", "one", "--file", self.file)
        self.assertEqual(0o600, os.stat(self.file).st_mode & 0o777)
        path = self.serve(lambda server: self.ask_for_coaching(server, PLANTED[0]))
        self.keys("new", "two", "--file", self.file, "--first")

        def work(server):
            self.assertIn(PLANTED[0], send(server, self.token, "GET", path).body)
            self.assertEqual("1 data keys wrapped anew, under two\n", self.keys("rotate").stdout)
            read = send(server, self.token, "GET", path)
            self.assertIn(PLANTED[0], read.body)
            written = send(server, self.token, "PUT", path, {"text": PLANTED[1]}, If_Match=read.headers["ETag"])
            self.assertEqual(200, written.status, written.body)
            self.assertEqual(422, send(server, self.token, "PUT", path, {"text": PLANTED[0] + "\u0007"}, If_Match="*").status)
            self.assertEqual(400, send(server, self.token, "PUT", path + "?" + "a=b", {"text": PLANTED[0]}, If_Match="*").status)

        self.serve(work)
        self.assertEqual("two  1  wraps\none  0  unwraps\n", self.keys("status").stdout)
        with open(self.file) as file:
            lines = file.read().splitlines()
        with open(self.file, "w") as file:
            file.write(lines[0] + "\n")
        self.serve(lambda server: self.assertIn(PLANTED[1], send(server, self.token, "GET", path).body))

        dump = subprocess.run(["pg_dump", self.conninfo], check=True, capture_output=True, text=True, timeout=120).stdout
        self.assertIn("A Teacher", dump)
        with open(os.environ["BEELD_TEST_DATABASE_LOG"], errors="replace") as file:
            said = self.logs + file.read()
        for sentence in PLANTED:
            for form in [sentence, sentence.encode().hex()]:
                self.assertNotIn(form, dump)
                self.assertNotIn(form, said)
        for line in lines:
            self.assertNotIn(line.split()[1], dump + said)

    def test_without_keys(self):
        """without master keys the server says so, closes texts, and serves everything else"""
        self.keys("new", "one", "--file", self.file)
        path = self.serve(lambda server: self.ask_for_coaching(server, PLANTED[0]))

        def closed(server):
            answer = send(server, self.token, "GET", path)
            self.assertEqual((503, "content_closed"), (answer.status, json.loads(answer.body)["code"]))
            self.assertEqual(200, send(server, self.token, "GET", "/v1/me").status)

        server = program.Server.serve(self.conninfo)
        try:
            closed(server)
            self.assertIn("BEELD_MASTER_KEY_FILE", server.said())
        finally:
            server.stop()
        os.remove(self.file)
        self.keys("new", "other", "--file", self.file)
        self.serve(closed)
        missing = self.keys("status", check=False)
        self.assertEqual((1, "other  0  wraps\none  1  missing in the file\n"), (missing.returncode, missing.stdout))
        rotation = self.keys("rotate", check=False)
        self.assertNotEqual(0, rotation.returncode)
        self.assertIn("one", rotation.stderr)

    def test_faulty_file(self):
        """a file that is wrong keeps the server from starting, and its line is named, never a key"""
        with open(self.file, "w") as file:
            file.write("# keys\none GEHEIMGEHEIM\n")
        for command in [("serve",), ("check-config",), ("keys", "status")]:
            out = program.beeld(*command, conninfo=self.conninfo, check=False, BEELD_MASTER_KEY_FILE=self.file)
            self.assertNotEqual(0, out.returncode)
            self.assertIn("line 2", out.stderr)
            self.assertNotIn("GEHEIM", out.stdout + out.stderr)

    def test_doctor(self):
        """doctor looks whether others can read the file, and whether it has every key that is needed"""
        self.keys("new", "one", "--file", self.file)
        doctor = lambda: program.beeld("doctor", conninfo=self.conninfo, check=False, BEELD_MASTER_KEY_FILE=self.file)
        self.assertIn("ok    data keys: 0, all under one", doctor().stdout)
        self.serve(lambda server: self.ask_for_coaching(server, PLANTED[0]))
        os.chmod(self.file, 0o644)
        self.assertIn("fault master key file", doctor().stdout)
        os.remove(self.file)
        self.keys("new", "two", "--file", self.file)
        out = doctor()
        self.assertEqual(1, out.returncode)
        self.assertIn("fault data keys: wrapped by master keys that the file has not: one (1)", out.stdout)
