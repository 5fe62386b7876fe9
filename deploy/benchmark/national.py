"""The whole country on one database: the nightly report, its document, and short requests while reports are made."""

import os
import statistics
import subprocess
import threading
import time
import urllib.request

import measure
import organisation as made_up

TABLES = ("employment", "registration", "absence", "prior_experience", "recording", "exemption")
REPORTS = 3


class Country:
    """A loaded database of the whole country's schools and ten years of their starters."""

    def __init__(self, binary, arguments, folder, people, schools):
        self.binary = binary
        self.rounds = min(arguments.rounds, 3)
        self.organisation = made_up.Organisation(
            binary, folder, people, schools, days=3650, database=f"beeld_country_{people}")
        self.environment = {**os.environ, "BEELD_DATABASE_URL": self.organisation.conninfo}

    def close(self):
        measure.psql(self.organisation.cluster, f"drop database {self.organisation.place['dbname']}")

    def count(self):
        """Seconds of counting every row of the tables that the report reads, in parallel where PostgreSQL thinks so."""
        counts = [word for table in TABLES for word in ("-c", f"select count(*) from beeld.{table}")]
        return self._median(lambda: measure.seconds(["psql", "-XqAt", self.organisation.conninfo, *counts]))

    def figures(self):
        """Seconds of the board's figures by school, as the adviser asks for them, computed from the facts."""
        asker = self.organisation.hash(self.organisation.advisers[0])
        words = ["-c", "begin", "-c", "set local statement_timeout = 0", "-c", f"select app.identify('\\x{asker}')",
                 "-c", "select length(app.coverage(null, 'school')::text)", "-c", "commit"]
        place = f"{self.organisation.conninfo} user=beeld_app"
        return self._median(lambda: measure.seconds(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", place, *words]))

    def night(self):
        """Seconds of a nightly run: reckoned, stored row by row, hashed and closed."""
        return self._median(lambda: measure.seconds(self._report()))

    def parts(self):
        """Of such a night, the seconds of reckoning alone and of hashing what is stored: the rest is storing it. With one
        process, as in a night: PostgreSQL inserts without workers beside it."""
        alone = ["-c", "set max_parallel_workers_per_gather = 0", "-c", "set search_path = beeld, app"]
        reckoning = [*alone, "-c", "select count(x.cells), count(x.school_id) from app.report_coverage(app.today()) x"]
        hashing = [*alone, "-c", f"select app.report_run_hash('{self._latest()}')"]
        return tuple(
            measure.seconds(["psql", "-XqAt", self.organisation.conninfo, *words]) for words in (reckoning, hashing))

    def _latest(self):
        return measure.psql(
            self.organisation.conninfo,
            "select id from beeld.report_run where state = 'succeeded' order by finished_at desc limit 1")

    def _median(self, run):
        run()
        return statistics.median(run() for _ in range(self.rounds))

    def _report(self, days_ago=0):
        """psql, and not `beeld report run`, which writes the document out as well."""
        run = made_up.Organisation.id(9, int.from_bytes(os.urandom(4)))
        steps = (f"select app.report_begin('{run}', 'coverage', app.today() - {days_ago})", f"select app.report_make('{run}', 1)")
        words = [word for step in ("begin", *steps, "commit") for word in ("-c", step)]
        return ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", f"{self.organisation.conninfo} user=beeld_jobs", *words]

    def stream(self, port):
        """Bytes and rows of the latest run's CSV, read as fast as it comes."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/report-runs/{self._latest()}/rows",
            headers={"Authorization": f"Bearer {self.organisation.tokens[self.organisation.advisers[0]]}", "Accept": "text/csv"})
        size = rows = 0
        with urllib.request.urlopen(request, timeout=600) as answer:
            while block := answer.read(1 << 18):
                size += len(block)
                rows += block.count(b"\n")
        return size, rows

    def beside_reports(self, work, meter, port, rate, seconds):
        """Latencies of short requests at a steady rate while national reports are made, one after another, three at a time."""
        isOver = threading.Event()

        def make(days_ago):
            while not isOver.is_set():
                subprocess.run(self._report(days_ago), check=True, capture_output=True)

        # Each of a day of its own: those of one day wait for one another.
        threads = [threading.Thread(target=make, args=[number]) for number in range(REPORTS)]
        for thread in threads:
            thread.start()
        time.sleep(2)
        try:
            return work.paced(meter, port, rate, seconds)
        finally:
            isOver.set()
            for thread in threads:
                thread.join()
