"""Eight clients at once, for a minute: nothing is done twice, and no limit is passed."""

import collections
import os
import random
import shutil
import threading
import time

import checks
import coaching
import program

SECONDS = 60
TEACHERS = [1002, 1003, 1004, 1016, 1018, 1028, 2001, 2002, 2004, 2005, 2006, 2007]
COACHES = [501, 502, 503, 504]


def setUpModule():
    global folder, conninfo, tokens
    folder = program.reachable_folder()
    # The story's own way of asking, of another server.
    server = program.Server.dev(os.path.join(folder, "data"))
    conninfo = program.dev_conninfo(os.path.join(folder, "data"))
    coaching.server = program.Server(
        ["serve"], r"listening host=127\.0\.0\.1 port=(\d+)",
        {"BEELD_DATABASE_URL": conninfo, "BEELD_LISTEN": "127.0.0.1:0", "BEELD_REQUESTS_PER_SECOND": "1000000",
         "BEELD_MASTER_KEY_FILE": os.path.join(folder, "data", "master.keys")})
    coaching.dev = server
    coaching.tokens = {**server.tokens}
    for number in TEACHERS + COACHES:
        coaching.tokens[number] = coaching.token(conninfo, f"D{number:04}")
    tokens = coaching.tokens
    program.psql(conninfo, "update beeld.coach set capacity = 10")


def tearDownModule():
    coaching.server.stop()
    coaching.dev.stop()
    shutil.rmtree(folder)


class Clients:
    """Eight clients who do whatever comes next for whoever they meet, each step with seven others who may be at it too."""

    def __init__(self):
        self.statuses = collections.Counter()
        self.faults = []
        self.end = time.monotonic() + SECONDS
        self.threads = [threading.Thread(target=self._work, args=(seed,)) for seed in range(8)]
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()

    def _work(self, seed):
        chance = random.Random(seed)
        acts = [self._ask, self._invite, self._offer, self._offer, self._answer, self._answer, self._plan, self._plan,
                self._agree, self._agree, self._extend, self._make, self._withdraw]
        while time.monotonic() < self.end:
            try:
                chance.choice(acts)(chance)
            except Exception as fault:  # told below, with what it was
                self.faults.append(repr(fault))

    def send(self, method, path, role, body):
        tag = "*" if path.endswith("/transitions") or method == "PATCH" else None
        answer = coaching.ask(method, path, role, body, tag)
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            self.faults.append(f"{method} {path} as {role}: {answer.body}")
        return answer

    def some(self, path, role, chance):
        items = coaching.ask("GET", path, role).json["items"]
        return chance.choice(items) if items else None

    def _ask(self, chance):
        self.send("POST", "/v1/requests", chance.choice(TEACHERS), {
            "origin": "own_wish", "aim": "team", "subject": "didactics", "learning_question": "Hoe?"})

    def _invite(self, chance):
        self.send("POST", "/v1/requests", "adviser", {
            "origin": "starter_programme", "teacher": coaching.PERSON % chance.choice(TEACHERS)})

    def _offer(self, chance):
        request = self.some("/v1/requests?state=submitted&limit=500", "adviser", chance)
        if request:
            self.send("POST", f"/v1/requests/{request['id']}/transitions", "adviser", {
                "to": "offered", "coach": coaching.PERSON % chance.choice(COACHES)})

    def _answer(self, chance):
        who = chance.choice(COACHES + TEACHERS)
        state = "offered" if who in COACHES else "invited"
        request = self.some(f"/v1/requests?state={state}&limit=500", who, chance)
        if request and who in COACHES:
            self.send("POST", f"/v1/requests/{request['id']}/transitions", who, {
                "to": chance.choice(["assigned", "assigned", "submitted"])})
        elif request:
            self.send("POST", f"/v1/requests/{request['id']}/transitions", who, {
                "to": "submitted", "aim": "personal", "subject": "interaction", "learning_question": "Hoe dan?"})

    def _withdraw(self, chance):
        who = chance.choice(TEACHERS)
        request = self.some("/v1/requests?state=submitted&limit=500", who, chance)
        if request and chance.random() < 0.5:
            self.send("POST", f"/v1/requests/{request['id']}/transitions", who, {"to": "withdrawn"})

    def _plan(self, chance):
        coach = chance.choice(COACHES)
        trajectory = self.some("/v1/trajectories?state=open&limit=500", coach, chance)
        if trajectory:
            group = self.group(trajectory, chance)
            self.send("POST", "/v1/recordings", coach, {
                "trajectory": trajectory["id"], "scheduled_at": f"{coaching.day(1)}T08:30:00Z", "group": group,
                "carrier": "019a0000-0000-7012-8000-000000000001"})

    def group(self, trajectory, chance):
        found = program.psql(conninfo, f"""
            select g.id
            from beeld.employment e
            join beeld.school_group g on g.school_id = e.school_id
            where e.person_id = '{trajectory['teacher']['id']}'
              and e.job = 'teacher'
              and e.from_date <= app.today() + 1
              and (e.until_date is null or e.until_date > app.today() + 1)
              and g.school_year = app.school_year(app.today() + 1)""").split()
        return chance.choice(found or ["019a0000-0000-7002-8000-000000000011"])

    def _agree(self, chance):
        who = chance.choice(TEACHERS + COACHES)
        trajectory = self.some("/v1/trajectories?limit=500", who, chance)
        waiting = trajectory and self.some(f"/v1/trajectories/{trajectory['id']}/agreements?state=proposed", who, chance)
        if waiting:
            self.send("POST", f"/v1/agreements/{waiting['id']}/transitions", who, {"to": "agreed"})

    def _extend(self, chance):
        who = chance.choice(TEACHERS)
        trajectory = self.some("/v1/trajectories?state=open&limit=500", who, chance)
        if trajectory:
            self.send("POST", f"/v1/trajectories/{trajectory['id']}/agreements", who, {
                "kind": "extension", "recordings": chance.randint(2, 6)})

    def _make(self, chance):
        coach = chance.choice(COACHES)
        recording = self.some("/v1/recordings?state=planned&limit=500", coach, chance)
        if recording:
            step = {"to": "made", "made_at": coaching.Story.now()} if chance.random() < 0.6 else {"to": "cancelled"}
            self.send("POST", f"/v1/recordings/{recording['id']}/transitions", coach, step)


class Races(checks.Sentence):
    def test_races(self):
        """8 clients for 60 s: no double assignment, no seventh recording, no second open request, no coach over capacity"""
        year = program.psql(conninfo, "select app.school_year(app.today())")
        over = "select count(*) from beeld.coach c where app.coach_load(c.person_id, app.school_year(app.today())) > c.capacity"
        # Whoever had more than ten before, keeps them; nobody comes to have more.
        program.psql(conninfo, "update beeld.coach c set capacity = greatest(10, app.coach_load(c.person_id, %s))" % year)
        clients = Clients()
        self.assertEqual([], clients.faults[:5])
        done = clients.statuses[200] + clients.statuses[201] + clients.statuses[204]
        self.assertGreater(done, 200, clients.statuses)
        self.assertGreater(clients.statuses[409], 20, clients.statuses)
        self.assertEqual("0", program.psql(conninfo, over))
        nobody = {
            "two trajectories of one request": "select request_id from beeld.trajectory group by 1 having count(*) > 1",
            "an assignment without its trajectory": "select id from beeld.request q where state = 'assigned' and not exists (select from beeld.trajectory t where t.request_id = q.id)",
            "a trajectory of another coach than the request's": "select t.id from beeld.trajectory t join beeld.request q on q.id = t.request_id where q.coach_id is distinct from t.coach_id",
            "a second open request of a kind": "select teacher_id from beeld.request where state in ('submitted', 'offered', 'assigned') group by teacher_id, origin = 'own_wish' having count(*) > 1",
            "a second invitation of one maker": "select teacher_id from beeld.request where state = 'invited' group by teacher_id, made_by having count(*) > 1",
            "more recordings than agreed": "select t.id from beeld.trajectory t join beeld.recording k on k.trajectory_id = t.id where k.state not in ('cancelled', 'voided') group by t.id having count(*) > t.recordings or max(k.ordinal) > 6",
            "a number given twice": "select trajectory_id from beeld.recording where state not in ('cancelled', 'voided') and trajectory_id is not null group by trajectory_id, ordinal having count(*) > 1",
            "a made recording without a copy": "select k.id from beeld.recording k where k.state = 'made' and k.trajectory_id is not null and not exists (select from beeld.copy c where c.recording_id = k.id)",
        }
        for what, sql in nobody.items():
            self.assertEqual("", program.psql(conninfo, sql), what)
        self.assertGreater(int(program.psql(conninfo, "select count(*) from beeld.recording where ordinal > 1")), 0)
