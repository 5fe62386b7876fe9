"""The real server in front of a loaded database, and how long it takes to start."""

import http.client
import os
import signal
import socket
import subprocess
import time

import measure


class Served:
    """The real server in front of the loaded database."""

    def __init__(self, binary, conninfo, folder):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("BEELD_")}
        environment |= {"BEELD_DATABASE_URL": conninfo, "BEELD_LISTEN": f"127.0.0.1:{free_port()}", "BEELD_LOG_LEVEL": "warning",
                        "BEELD_MASTER_KEY_FILE": master_keys(binary, folder),
                        # The limit is at work, as in service; a benchmark's askers are to stay below it.
                        "BEELD_REQUESTS_PER_SECOND": "1000000"}
        self.port = int(environment["BEELD_LISTEN"].rsplit(":", 1)[1])
        started = time.perf_counter()
        self.process = subprocess.Popen([binary, "serve"], env=environment, stdout=subprocess.DEVNULL)
        while not self._is_ready():
            if self.process.poll() is not None or time.perf_counter() - started > 30:
                raise SystemExit("the server did not become ready")
            time.sleep(0.001)
        self.seconds_to_ready = time.perf_counter() - started

    def _is_ready(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


def master_keys(binary, folder):
    path = os.path.join(folder, "master.keys")
    if not os.path.exists(path):
        subprocess.run([binary, "keys", "new", "bench", "--file", path], check=True, stdout=subprocess.DEVNULL)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def measure_start(binary, conninfo, folder, rounds):
    times = {"server": [], "plain": []}
    for _ in range(max(rounds, 7)):
        with Served(binary, conninfo, folder) as server:
            times["server"].append(server.seconds_to_ready)
        times["plain"].append(measure.seconds(["psql", "-XqAt", conninfo, "-c", "select 1"]))
    return times
