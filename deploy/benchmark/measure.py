"""Runs the programs that measure, and says what processor time each side used meanwhile."""

import os
import re
import subprocess
import sys
import tempfile
import time

TICK = 1 / os.sysconf("SC_CLK_TCK")


def say(text):
    """Progress, kept apart from the result."""
    print(text, file=sys.stderr, flush=True)


def psql(conninfo, sql):
    out = subprocess.run(
        ["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", conninfo, "-c", sql], check=True, capture_output=True, text=True)
    return out.stdout.rstrip("\n")


def _stat(process):
    """Parent, own and reaped children's processor seconds."""
    try:
        with open(f"/proc/{process}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[1]), (int(fields[11]) + int(fields[12])) * TICK, (int(fields[13]) + int(fields[14])) * TICK


def cpu_of(process):
    return _stat(process)[1]


def cpu_of_family(parent):
    """A process, its living children and those that have ended: PostgreSQL with all its sessions."""
    while True:
        _, own, reaped = _stat(parent)
        total = own + reaped
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                found = _stat(entry)
                if found and found[0] == parent:
                    total += found[1]
        # A child that was reaped meanwhile stood in neither sum.
        if _stat(parent)[2] == reaped:
            return total


def wakes_of(process):
    """How often each thread of a process gave up its processor to wait, by the thread's name; of one that ended, nothing."""
    found = {}
    try:
        threads = os.listdir(f"/proc/{process}/task")
    except FileNotFoundError:
        threads = []
    for thread in threads:
        try:
            with open(f"/proc/{process}/task/{thread}/status") as file:
                said = file.read()
        except (FileNotFoundError, ProcessLookupError):
            continue
        name = re.search(r"Name:\s+(.*)", said).group(1)
        found[name] = found.get(name, 0) + int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", said).group(1))
    return found


def wakes_of_family(parent):
    """The same of a process's living children together."""
    children = [entry for entry in os.listdir("/proc") if entry.isdigit() and (_stat(entry) or [0])[0] == parent]
    return sum(count for child in children for count in wakes_of(child).values())


class Run:
    """What one run reached: rate per second, latencies, processor microseconds per request by side, and how often
    per request each thread had to be woken."""

    def __init__(self, rate, cpu, latency=None, wakes=None):
        self.rate = rate
        self.cpu = cpu
        self.latency = latency or {}
        self.wakes = wakes or {}


class Meter:
    def __init__(self, server, postmaster):
        self.server = server
        self.postmaster = postmaster

    def _watched(self, command, rate_of):
        before = cpu_of(self.server) if self.server else 0, cpu_of_family(self.postmaster)
        slept = self._wakes()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{command[0]} failed:\n{said[-2000:]}")
        rate, count, latency = rate_of(said)
        cpu = {
            "server": (cpu_of(self.server) - before[0]) / count * 1e6 if self.server else 0,
            "postgresql": (cpu_of_family(self.postmaster) - before[1]) / count * 1e6,
            "client": (usage.ru_utime + usage.ru_stime) / count * 1e6,
        }
        wakes = {name: (now - slept.get(name, 0)) / count for name, now in self._wakes().items()}
        return Run(rate, cpu, latency, {name: rounded for name, rounded in wakes.items() if rounded >= 0.005})

    def _wakes(self):
        return {**wakes_of(self.server), "PostgreSQL": wakes_of_family(self.postmaster)} if self.server else {}

    def wrk(self, port, requests, seconds, seed, connections=64, script="pick.lua", parts=1, rest=None):
        """`parts`: requests that make one piece of work; `rest`: milliseconds of each connection before its next."""
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), script)
        return self._watched(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s", "-s", script,
             f"http://127.0.0.1:{port}", "--", requests, str(seed), *([str(rest)] if rest else [])],
            lambda said: _read_wrk(said, parts))

    def pgbench(self, place, scripts, definitions, seconds, seed, clients=8):
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds),
                   f"--random-seed={seed}", "-U", "beeld_app", "-h", place["host"], "-p", place["port"]]
        for script in scripts:
            command += ["-f", script]
        for name, value in definitions.items():
            command += ["-D", f"{name}={value}"]
        return self._watched([*command, place["dbname"]], _read_pgbench)


def _read_wrk(said, parts):
    faulty = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", said)
    if faulty:
        raise SystemExit(f"wrk met faulty answers:\n{said}")
    latency = {
        name: float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]
        for name, value, unit in re.findall(r"^ +(50|99)% +([\d.]+)(us|ms|s) *$", said, re.M)}
    count = int(re.search(r"(\d+) requests in", said).group(1))
    return float(re.search(r"Requests/sec: +([\d.]+)", said).group(1)) / parts, count / parts, latency


def _read_pgbench(said):
    failed = re.search(r"number of failed transactions: ([1-9]\d*)", said)
    if failed:
        raise SystemExit(f"pgbench met failures:\n{said}")
    count = int(re.search(r"number of transactions actually processed: (\d+)", said).group(1))
    return float(re.search(r"tps = ([\d.]+)", said).group(1)), count, None


def profile(process, load, seconds=5):
    """Where a process spends its processor time while `load` runs: the heaviest functions, one a line."""
    with tempfile.TemporaryDirectory(prefix="beeld-perf-") as folder:
        record = subprocess.Popen(
            ["perf", "record", "-q", "-F", "999", "-o", f"{folder}/data", "-p", str(process), "--", "sleep", str(seconds)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        load()
        record.wait(timeout=60)
        report = subprocess.run(
            ["perf", "report", "-q", "--stdio", "--percent-limit", "0.8", "-s", "dso,symbol", "-i", f"{folder}/data"],
            capture_output=True, text=True)
    lines = [line.rstrip() for line in report.stdout.splitlines() if line.strip()]
    demangled = subprocess.run(["swift", "demangle", "-compact"], input="\n".join(lines), capture_output=True, text=True)
    return [line.rstrip() for line in (demangled.stdout or "\n".join(lines)).splitlines()[:40]]


def resident(process, at="VmRSS"):
    """Resident memory in MiB, now or at its peak (`VmHWM`)."""
    with open(f"/proc/{process}/status") as file:
        return int(re.search(at + r":\s+(\d+) kB", file.read()).group(1)) / 1024


def seconds(command, **more):
    """Wall-clock seconds of a command from its start to its end."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **more)
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return elapsed
