"""A loaded organisation, and the questions that are asked of it by both sides."""

import hashlib
import json
import os
import pathlib
import random
import re
import secrets
import subprocess

import measure

LOAD = pathlib.Path(__file__).with_name("organisation.sql")
QUESTIONS = 96
CONNECTIONS = 64


class Organisation:
    """The loaded database, and the questions that are asked of it."""

    def __init__(self, binary, folder, people, schools, days=1950, database="beeld_bench"):
        self.cluster = os.environ["BEELD_TEST_DATABASE_URL"]
        self.conninfo = f"{self.cluster} dbname={database}"
        self.place = dict(re.findall(r"(\w+)=(\S+)", self.conninfo))
        self.people, self.schools = people, schools
        self.folder = folder
        measure.psql(self.cluster, f"create database {database} template template0 encoding 'UTF8'")
        environment = {**os.environ, "BEELD_DATABASE_URL": self.conninfo}
        subprocess.run([binary, "migrate"], env=environment, check=True, capture_output=True)
        subprocess.run(
            ["psql", "-Xq", "-v", f"people={self.people}", "-v", f"schools={self.schools}",
             "-v", f"days={days}", "-f", LOAD, self.conninfo], check=True, stdout=subprocess.DEVNULL)
        self.statements = json.loads(subprocess.run([binary, "statements"], check=True, capture_output=True, text=True).stdout)
        self.postmaster = self._postmaster()
        chance = random.Random(7)
        self.tokens = {}
        self.teaching = self._teaching()
        teachers = chance.sample(self.teaching, 48)
        self.issue(teachers + list(range(24)) + [self.people - 1 - n for n in range(5)])
        self.teachers, self.directors = teachers, list(range(24))
        self.advisers = [self.people - 1 - n for n in range(5)]
        self.chance = chance

    def _postmaster(self):
        session = subprocess.Popen(["psql", "-XqAt", self.conninfo], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        session.stdin.write("select pg_backend_pid();\n")
        session.stdin.flush()
        backend = int(session.stdout.readline())
        parent = measure._stat(backend)[0]
        session.communicate("")
        return parent

    def _teaching(self):
        """Teachers without a role who teach today: nobody else is coached, and who has left is not let in."""
        found = measure.psql(self.conninfo, """
            select distinct right(person_id::text, 12)
            from beeld.employment
            where job = 'teacher'
              and from_date <= app.today()
              and (until_date is null or until_date > app.today())
            order by 1""")
        return [person for person in (int(line, 16) for line in found.split()) if self.schools <= person < self.people - 5]

    def issue(self, people):
        rows = []
        for person in people:
            self.tokens[person] = "beeld_" + secrets.token_urlsafe(32)
            rows.append(
                f"('{self.id(8, person)}', '\\x{self.hash(person)}', 'bench', '{self.id(2, person)}', now() + interval '1 day')")
        measure.psql(
            self.conninfo,
            "insert into beeld.api_token (id, hash, name, person_id, expires_at) values " + ", ".join(rows))

    def hash(self, person):
        return hashlib.sha256(self.tokens[person].encode()).hexdigest()

    def staff_of(self, school):
        """Who works there today: those whose explanation its director may read."""
        return [int(found, 16) for found in measure.psql(self.conninfo, f"""
            select right(e.person_id::text, 12)
            from beeld.employment e
            where e.school_id = '{self.id(1, school)}'
              and e.until_date is null""").split("\n")]

    @staticmethod
    def id(kind, number):
        return f"019b{number >> 16:04x}-{number & 0xffff:04x}-700{kind}-8000-{number:012x}"

    def code(self, school):
        return f"{90 + school // 6760}{chr(65 + school // 260 % 26)}{chr(65 + school // 10 % 26)}{school % 10:02d}"

    def questions(self, name):
        """Who asks for what: (person, path, argument of the statement)."""
        pick = self.chance.choice
        found = []
        for number in range(QUESTIONS):
            if name == "school":
                school = self.chance.randrange(self.schools)
                asker = pick(self.teachers + self.directors[:12] + self.advisers)
                found.append((asker, f"/v1/schools/{self.id(1, school)}", self.id(1, school)))
            elif name == "explanation":
                asker = pick([pick(self.teachers), pick(self.directors), pick(self.advisers)])
                if asker in self.teachers:
                    person = asker
                elif asker in self.directors:
                    person = self.chance.choice(self.staff_of(asker))
                else:
                    person = self.chance.randrange(self.people)
                found.append((asker, f"/v1/starters/{self.id(2, person)}/explanation", self.id(2, person)))
            else:
                asker = pick(self.directors + self.advisers)
                school = asker if asker in self.directors else self.chance.randrange(self.schools)
                found.append((asker, f"/v1/starters?school={self.code(school)}", self.code(school)))
        return found

    def bound(self, name, argument):
        """The statement with its values as the API binds them; `argument` is the one that varies."""
        values = {
            "school": {1: argument}, "explanation": {1: argument},
            "starters": {2: argument, 8: "50"},
        }[name]
        return re.sub(r"\$(\d+)", lambda found: values.get(int(found.group(1)), "null"), self.statements[name])


class Work:
    """One kind of request, asked of the server by wrk and of PostgreSQL by pgbench."""

    def __init__(self, organisation, name):
        self.name = name
        self.organisation = organisation
        questions = organisation.questions(name)
        self.requests = os.path.join(organisation.folder, f"{name}.requests")
        with open(self.requests, "w") as file:
            file.writelines(f"{organisation.tokens[person]}\t{path}\n" for person, path, _ in questions)
        self.definitions, self.pipelined, self.plain = {}, [], []
        for number, (person, _, argument) in enumerate(questions):
            self.definitions[f"h{number}"] = f"\\x{organisation.hash(person)}"
            self.definitions[f"a{number}"] = argument
            statement = organisation.bound(name, f":a{number}").rstrip().rstrip(";")
            identify = f"select app.identify(:h{number})"
            self.pipelined.append(self._script(f"p{number}", f"\\startpipeline\n{identify};\n{statement};\n\\endpipeline\n"))
            self.plain.append(self._script(f"s{number}", f"begin;\n{identify};\n{statement};\ncommit;\n"))

    def _script(self, name, text):
        path = os.path.join(self.organisation.folder, f"{self.name}-{name}.sql")
        with open(path, "w") as file:
            file.write(text)
        return path

    def measure(self, meter, port, arguments):
        sides = {"server": [], "pipeline": [], "plain": []}
        self._warm(meter, port)
        for number in range(arguments.rounds):
            sides["server"].append(meter.wrk(port, self.requests, arguments.seconds, number, CONNECTIONS))
            for side, scripts in (("pipeline", self.pipelined), ("plain", self.plain)):
                sides[side].append(meter.pgbench(
                    self.organisation.place, scripts, self.definitions, arguments.seconds, number + 1))
            rates = ", ".join(f"{side} {runs[-1].rate:,.0f}/s" for side, runs in sides.items())
            measure.say(f"  {self.name}, round {number + 1}: {rates}")
        return sides

    def paced(self, meter, port, rate, seconds):
        """A run at a steady rate, in requests a second. wrk knows no rate: its connections rest between their requests,
        as long as the answers' own time leaves, which a first run tells."""
        cycle = CONNECTIONS / rate * 1000
        rest = max(cycle - 1, 0.5)
        trial = meter.wrk(port, self.requests, 2, 98, CONNECTIONS, rest=rest)
        rest = max(rest + cycle - CONNECTIONS / trial.rate * 1000, 0.5)
        return meter.wrk(port, self.requests, seconds, 97, CONNECTIONS, rest=rest)

    def _warm(self, meter, port):
        meter.wrk(port, self.requests, 2, 99, CONNECTIONS)
        meter.pgbench(self.organisation.place, self.pipelined, self.definitions, 2, 99)

    def cost(self):
        """What the planner thinks of the statement, for a person who may ask it."""
        person, _, argument = self.organisation.questions(self.name)[0]
        statement = self.organisation.bound(self.name, f"'{argument}'")
        conninfo = self.organisation.conninfo + " user=beeld_app"
        plan = measure.psql(
            conninfo,
            f"begin; select app.identify('\\x{self.organisation.hash(person)}'); explain (format json, settings off) {statement}")
        return json.loads(plan[plan.index("["):])[0]["Plan"]["Total Cost"]
