"""The real binary, started as its operators start it, and asked over HTTP as its clients ask it."""

import http.client
import io
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import zipfile

BINARY = os.environ.get("BEELD_TEST_BINARY", "")


def environment(**settings):
    """Ours without any setting of the server but these."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BEELD_")}
    return {**kept, **settings}


def beeld(*arguments, conninfo=None, check=True, stdin=None, **settings):
    """Runs a command to its end."""
    if conninfo:
        settings["BEELD_DATABASE_URL"] = conninfo
    return subprocess.run(
        [BINARY, *arguments], env=environment(**settings), check=check, capture_output=True, text=True, timeout=180,
        input=stdin)


def psql(conninfo, sql):
    """The answer of a statement: one text, rows on lines, columns parted by tabs."""
    out = subprocess.run(
        ["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", conninfo, "-c", sql],
        check=True, capture_output=True, text=True, timeout=120)
    return out.stdout.rstrip("\n")


def wait_for(what, condition, seconds=30):
    """Looks until the condition gives something; it is an error when it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


def database(name):
    """A migrated database of that name in the tests' cluster, made anew; its superuser's conninfo."""
    cluster = os.environ["BEELD_TEST_DATABASE_URL"]
    psql(cluster, f"drop database if exists {name} with (force)")
    psql(cluster, f"create database {name} template template0 encoding 'UTF8'")
    conninfo = f"{cluster} dbname={name}"
    beeld("migrate", conninfo=conninfo)
    return conninfo


def text_of(body):
    """What can be read in a body: of an archive, all that is packed in it."""
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """A running `beeld dev` or `beeld serve`."""

    def __init__(self, arguments, ready, settings=None):
        self.output = tempfile.NamedTemporaryFile(mode="w+", prefix="beeld-", suffix=".log", errors="replace")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [BINARY, *arguments], env=environment(**(settings or {})), stdout=self.output, stderr=subprocess.STDOUT)
        try:
            self.port = int(wait_for(f"{arguments} to listen", lambda: self._listening(ready), 60))
        except BaseException:
            self.process.kill()
            raise
        self.seconds_to_start = time.monotonic() - self.started

    @classmethod
    def dev(cls, folder):
        server = cls(["dev", "--data", folder, "--port", "0"], r"beeld serves at http://127\.0\.0\.1:(\d+)")
        with open(os.path.join(folder, "tokens.json")) as file:
            server.tokens = json.load(file)
        return server

    @classmethod
    def serve(cls, conninfo, **settings):
        return cls(
            ["serve"], r"listening host=127\.0\.0\.1 port=(\d+)",
            {"BEELD_DATABASE_URL": conninfo, "BEELD_LISTEN": "127.0.0.1:0", **settings})

    def said(self):
        with open(self.output.name, errors="replace") as file:
            return file.read()

    def _listening(self, pattern):
        if self.process.poll() is not None:
            raise AssertionError(f"ended with status {self.process.returncode}:\n{self.said()}")
        found = re.search(pattern, self.said())
        return found and found.group(1)

    def connect(self, timeout=30):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def get(self, path, role=None, token=None, accept=None, language=None, connection=None):
        """One request; on a connection of its own unless one is given."""
        headers = {}
        if role:
            token = self.tokens[role]
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if accept:
            headers["Accept"] = accept
        if language:
            headers["Accept-Language"] = language
        used = connection or self.connect()
        try:
            used.request("GET", path, headers=headers)
            response = used.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            if connection is None:
                used.close()

    def stop(self, how=signal.SIGTERM, seconds=25):
        """Ends it; its exit status. It is an error when that takes longer."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(timeout=seconds)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()


def reachable_folder():
    """A new folder that the user postgres can pass through, as the dev cluster's needs it when root asks."""
    folder = tempfile.mkdtemp(prefix="beeld-acceptance-")
    os.chmod(folder, 0o711)
    return folder


def dev_conninfo(folder):
    """The superuser's conninfo of a running dev cluster, as its own file tells."""
    home = os.path.realpath(os.path.join(folder, "postgresql"))
    with open(os.path.join(home, "data", "postmaster.pid")) as file:
        lines = file.read().split("\n")
    return f"host={lines[4]} port={lines[3]} user=postgres dbname=beeld"


def postmaster(folder):
    """Process id of a dev cluster's server; None while there is none."""
    path = os.path.join(os.path.realpath(os.path.join(folder, "postgresql")), "data", "postmaster.pid")
    try:
        with open(path) as file:
            process = int(file.readline())
        return process if os.path.exists(f"/proc/{process}/exe") or os.path.exists(f"/proc/{process}") else None
    except (FileNotFoundError, ValueError):
        return None
