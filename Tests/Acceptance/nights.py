"""Nights: several real servers, killed at random, while the database's clock is set forward from night to night. Each
night of each schedule is made once, and each mail is sent at least once, and doubled at most once for each kill.

What is to be expected is reckoned here, from the calendar alone.
"""

import calendar
import datetime
import os
import random
import subprocess
import tempfile
import time
import zoneinfo

import checks
import post
import program

LONG = bool(os.environ.get("BEELD_TEST_LONG"))
AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")
DAY = datetime.timedelta(days=1)

# Half past two is skipped in spring and comes twice in autumn, always on a Sunday.
SCHEDULES = {
    1: ("coverage", "daily", None, "04:30"), 2: ("data-quality", "weekdays", None, "02:45"), 3: ("intake", "weekly", 7, "02:30"),
    4: ("coverage", "monthly", 31, "23:59"), 5: ("data-quality", "daily", None, "02:30"),
}


def schedule(number):
    return f"0193b6a0-0030-7000-8000-{number:012d}"


def nights_of(cadence, day, first, last):
    """The days of a cadence."""
    for number in range((last - first).days + 1):
        date = first + number * DAY
        length = calendar.monthrange(date.year, date.month)[1]
        if (cadence == "daily" or cadence == "weekdays" and date.isoweekday() <= 5 or cadence == "weekly" and date.isoweekday() == day
                or cadence == "monthly" and date.day == min(day, length)):
            yield date


class Fleet:
    """Servers on one database, whose clock is a row."""

    def __init__(self, office, size, chance, first):
        self.post = office
        self.chance = chance
        self.kills = 0
        self.conninfo = program.database("beeld_nights")
        self.output = tempfile.TemporaryFile(mode="w+b")
        self._arrange(first)
        # One session for all that is asked, as a monitor would.
        self.psql = subprocess.Popen(
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", self.conninfo], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask("set search_path = beeld, app; set app.now = 'set'")
        self.servers = [self._start() for _ in range(size)]

    def _arrange(self, first):
        """A board whose starters come into their deadlines one by one, night after night."""
        people = "; ".join(
            f"insert into person (id, name) values ('0193b6a0-0002-7000-8000-{n:012d}', 'Verborgen Naam'); "
            f"insert into registration (person_id, person_number, email, language, teaching_since, teaching_since_approved_at) "
            f"values ('0193b6a0-0002-7000-8000-{n:012d}', 'P{n}', {address}, '{language}', {since}, {since}::timestamptz)"
            for n, address, language, since in [
                (901, "'adviser@example.org'", "nl", "null"), (902, "'other@example.org'", "en", "null"),
                (903, "'director@example.org'", "nl", "null"), (904, "null", "nl", "null")]
            + [(n, "null", "nl", f"date '{first - 1010 * DAY + 4 * n * DAY}'") for n in range(1, 101)])
        program.psql(self.conninfo, f"""
            create table public.clock (at timestamptz not null);
            insert into public.clock values ('{first} 00:00Z');
            grant select on public.clock to public;
            create or replace function app.set_clock() returns timestamptz language sql stable as 'select at from public.clock';
            alter role beeld_jobs in database beeld_nights set app.now = 'set';
            set search_path = beeld, app;
            insert into school (id, code, name, board_number) values ('0193b6a0-0001-7000-8000-000000000001', '01AA00', 'School', '12345');
            {people};
            insert into role_assignment (id, person_id, role, school_id, from_date)
            select gen_random_uuid(), person_id, case when n = 903 then 'director' else 'adviser' end,
              case when n = 903 then '0193b6a0-0001-7000-8000-000000000001'::uuid end, '2020-01-01'
            from registration, lateral (select substr(person_number, 2)::int as n) x where n > 900;
            insert into employment (id, person_id, school_id, job, fte, from_date)
            select gen_random_uuid(), person_id, '0193b6a0-0001-7000-8000-000000000001', 'teacher', 1, teaching_since
            from registration where teaching_since is not null;
            update report_schedule set enabled = false""")
        for number, (report, cadence, day, at) in SCHEDULES.items():
            week, month = (day or "null" if cadence == kind else "null" for kind in ("weekly", "monthly"))
            program.psql(self.conninfo, f"""
                insert into beeld.report_schedule (id, report, cadence, weekday, month_day, at, enabled_from)
                values ('{schedule(number)}', '{report}', '{cadence}', {week}, {month}, '{at}', '{first}');
                insert into beeld.report_recipient (id, schedule_id, role)
                select gen_random_uuid(), '{schedule(number)}', r
                from beeld.report k, unnest(array['adviser', 'director']) r
                where k.key = '{report}' and r = any (k.board || k.counts || k.schools)""")

    def _start(self):
        return subprocess.Popen(
            [program.BINARY, "serve"], stdout=self.output, stderr=subprocess.STDOUT,
            env=program.environment(
                BEELD_DATABASE_URL=self.conninfo, BEELD_LISTEN="127.0.0.1:0", BEELD_SMTP_URL=self.post.url,
                BEELD_MAIL_FROM="beeld@board.example.org", BEELD_PUBLIC_URL="https://beeld.example.org"))

    def ask(self, sql):
        """The first line of an answer."""
        self.psql.stdin.write(f"{sql};\n\\echo .\n")
        self.psql.stdin.flush()
        lines = []
        while (line := self.psql.stdout.readline()) != ".\n":
            if not line:
                raise AssertionError("psql has ended")
            lines.append(line.rstrip("\n"))
        return lines[0] if lines else ""

    def set_clock(self, instant):
        self.now = instant
        self.ask(f"update public.clock set at = '{instant.astimezone(datetime.timezone.utc).isoformat()}'")
        self.ask("notify beeld_work")

    def kill(self, number):
        self.servers[number].kill()
        self.servers[number].wait()
        self.kills += 1

    def kill_some(self):
        """A fifth of them, each at a moment of its own while they are at work, and started again."""
        for number in range(len(self.servers)):
            if self.chance.random() < 0.2:
                time.sleep(self.chance.random() * 0.05)
                self.kill(number)
                self.servers[number] = self._start()

    def kill_all(self):
        for number in range(len(self.servers)):
            self.kill(number)

    def start_all(self):
        self.servers = [self._start() for _ in self.servers]

    def settle(self):
        """Until all that is due is made and sent. Where nobody is at it any more, time goes on until the leases of the
        killed have lapsed."""
        end, quiet, last = time.monotonic() + 90, time.monotonic(), None
        while time.monotonic() < end:
            left = self.ask(
                "select (select count(*) from report_due()) || ' ' || (select count(*) from report_run where state in ('running', 'failed')) "
                "|| ' ' || (select coalesce(sum(1 + attempt), 0) from report_delivery where state = 'queued')")
            if left == "0 0 0":
                return
            if left != last:
                quiet, last = time.monotonic(), left
            elif time.monotonic() - quiet > 1:
                # What nobody has claimed yet waits for somebody and not for the time.
                self.set_clock(self.now + datetime.timedelta(minutes=3 if left.startswith("0 ") else 0))
                quiet = time.monotonic()
            time.sleep(0.01)
        raise AssertionError(f"not done after 90 s: {left}\n{self.said()[-3000:]}")

    def said(self):
        self.output.seek(0)
        return self.output.read().decode(errors="replace")

    def stop(self):
        for server in self.servers:
            server.kill()
            server.wait()
        self.psql.stdin.close()
        self.psql.wait()
        self.psql.stdout.close()
        self.output.close()


class Nights(checks.Sentence):
    def live_through(self, first, count, size, outage):
        """Every night from the first on, with all servers down from one night to another; what is expected of it."""
        office = post.Post()
        self.addCleanup(office.stop)
        fleet = Fleet(office, size, random.Random(20261130), first)
        self.addCleanup(fleet.stop)
        for number in range(count):
            date = first + number * DAY
            if number == outage[0]:
                fleet.kill_all()
            if number in range(*outage):
                fleet.set_clock(datetime.datetime.combine(date, datetime.time(12), AMSTERDAM))
                continue
            if number == outage[1]:
                fleet.start_all()
            if number % 7 == 0:
                # Before its time nothing is made, however often somebody looks.
                fleet.set_clock(datetime.datetime.combine(date, datetime.time(0, 10), AMSTERDAM))
                fleet.settle()
                self.assertEqual("0", fleet.ask(f"select count(*) from report_run where period = '{date}'"))
            # Within the hour of everything that falls due, also where that is an hour later.
            looks = [datetime.time(3, 29), datetime.time(4, 30)] + [datetime.time(23, 59, 30)] * (date.day >= 28)
            deadly = fleet.chance.choice(looks[:2])
            for look in looks:
                fleet.set_clock(datetime.datetime.combine(date, look, AMSTERDAM))
                if look == deadly:
                    fleet.kill_some()
                fleet.settle()
        last = first + (count - 1) * DAY
        self.made_once(fleet, first, last, [first + n * DAY for n in range(*outage)])
        self.sent_once(fleet)
        return fleet

    def made_once(self, fleet, first, last, down):
        """Each date of each schedule once, and those late that fell due while all were down."""
        made = program.psql(
            fleet.conninfo, "select schedule_id, period, state, late, as_of = period and row_hash = app.report_run_hash(id) "
            "from beeld.report_run order by 1, 2").splitlines()
        expected = sorted(
            (schedule(number), date, date in down) for number, (_, cadence, day, _) in SCHEDULES.items()
            for date in nights_of(cadence, day, first, last))
        self.assertEqual(
            [f"{identifier}\t{date}\tsucceeded\t{'t' if late else 'f'}\tt" for identifier, date, late in expected], made)

    def sent_once(self, fleet):
        """Each mail at least once, and no more of them twice than servers were killed: by the database, and by what the
        mail server took."""
        states = dict(
            line.split("\t") for line in program.psql(
                fleet.conninfo, "select concat_ws(' ', state, reason), count(*) from beeld.report_delivery group by 1").splitlines())
        self.assertEqual({"sent", "skipped nothing_new", "dead no_address"}, set(states))
        sent = program.psql(fleet.conninfo, "select id from beeld.report_delivery where state = 'sent'").split()
        taken = {}
        for entry in fleet.post.entries():
            name = entry["mail"]["Message-ID"]
            taken[name] = taken.get(name, 0) + 1
            self.assertNotIn("Verborgen", entry["data"])
        self.assertEqual({f"<{identifier}@board.example.org>" for identifier in sent}, set(taken))
        self.doubles = sum(taken.values()) - len(taken)
        self.assertLessEqual(self.doubles, fleet.kills)
        # Of each run each of its recipients has a row; and nobody waits longer than a week for a word.
        self.assertEqual("", program.psql(fleet.conninfo, """
            select r.id from beeld.report_run r join beeld.report_recipient x using (schedule_id)
            left join lateral (
              select count(*) as n from beeld.report_delivery d join beeld.role_assignment a using (person_id)
              where d.run_id = r.id and a.role = x.role) d on true
            where d.n <> case x.role when 'adviser' then 3 else 1 end"""))
        self.assertEqual("", program.psql(fleet.conninfo, f"""
            select * from (
              select d.person_id, r.period, lag(r.period) over (partition by d.person_id order by r.period) as before
              from beeld.report_delivery d join beeld.report_run r on r.id = d.run_id
              where d.state = 'sent' and r.schedule_id = '{schedule(1)}') x
            where period - before > 7"""))
        print(
            f"      {len(sent)} mails sent of {states}, {self.doubles} doubled, {fleet.kills} kills", flush=True)

    def test_nights(self):
        """25 nights over 3 servers, a fifth of them killed, over a change of the clock, two nights all down: each once"""
        self.live_through(datetime.date(2026, 10, 12), 25, 3, (5, 7))

    def test_long(self):
        """400 nights over 8 servers, a fifth of them killed, over both changes of the clock, three nights all down: each once"""
        if not LONG:
            self.skipTest("with --long")
        self.live_through(datetime.date(2026, 9, 1), 400, 8, (100, 103))
