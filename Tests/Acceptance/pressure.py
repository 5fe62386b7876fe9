"""What strangers do to a server that faces the network: dripping connections, endless bodies, bytes that are no HTTP;
and what those who have work to do notice of it."""

import contextlib
import multiprocessing
import os
import shutil
import socket
import time

import checks
import program

LIMIT_MIB = 96
# Milliseconds that scheduling on a machine of two cores may add to a p99 of one or two.
FLOOR = 2


def setUpModule():
    global folder, dev, server
    folder = program.reachable_folder()
    dev = program.Server.dev(os.path.join(folder, "data"))
    server = program.Server(
        ["serve"], r"listening host=127\.0\.0\.1 port=(\d+)",
        {"BEELD_DATABASE_URL": program.dev_conninfo(os.path.join(folder, "data")),
         "BEELD_LISTEN": "127.0.0.1:0", "BEELD_REQUESTS_PER_SECOND": "1000000"})
    server.tokens = dev.tokens


def tearDownModule():
    server.stop()
    dev.stop()
    shutil.rmtree(folder)


def resident():
    with open(f"/proc/{server.process.pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def latencies(seconds):
    """Milliseconds of requests that somebody with work to do makes meanwhile, one after the other."""
    found, end = [], time.monotonic() + seconds
    connection = server.connect()
    # Of fewer than some hundreds, the hundredth part is chance.
    while time.monotonic() < end or len(found) < 500:
        started = time.monotonic()
        assert server.get("/v1/me", role="teacher", connection=connection).status == 200
        found.append((time.monotonic() - started) * 1000)
        time.sleep(0.002)
    connection.close()
    return sorted(found)


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def dial():
    return socket.create_connection(("127.0.0.1", server.port), timeout=40)


def head(path, role, *lines):
    return "\r\n".join([
        f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {dev.tokens[role]}", *lines, "", ""]).encode()


def pour(path, role, kind, framing):
    """100 MB of nothing, as fast as it is taken; the status that it was answered, b"" where the connection just ended."""
    line = dial()
    piece = b"x" * 65536
    chunk = piece if "Length" in framing else b"10000\r\n" + piece + b"\r\n"
    try:
        line.sendall(head(path, role, f"Content-Type: {kind}", framing))
        for _ in range(1600):
            line.sendall(chunk)
    except OSError:
        pass
    said = drain(line)
    line.close()
    return said.split(b" ")[1] if said.startswith(b"HTTP/1.1 ") else b""


@contextlib.contextmanager
def meanwhile(act, *arguments):
    """Does something to the server in a process of its own, so that it keeps nobody who measures from their turn."""
    process = multiprocessing.get_context("fork").Process(target=act, args=arguments, daemon=True)
    process.start()
    try:
        yield
        assert process.is_alive(), "it was over before it was measured"
    finally:
        process.kill()
        process.join()


def drip(count, at_once, slowly, reads):
    """So many connections: each sends the one part at once, of the other a byte a second, and reads a byte a second or
    nothing. Their seconds begin one after the other, as those of 500 strangers would."""
    lines = []
    for _ in range(count):
        line = socket.socket()
        # Little room: who reads slowly keeps the other waiting.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(40)
        line.connect(("127.0.0.1", server.port))
        line.sendall(at_once)
        line.setblocking(False)
        lines.append(line)
    place = 0
    while True:
        for number, line in enumerate(lines):
            try:
                if place < len(slowly):
                    line.send(slowly[place:place + 1])
                if reads:
                    line.recv(1)
            except OSError:
                pass
            if number % 10 == 9:
                time.sleep(10 / count)
        place += 1


def pour_on(*arguments):
    while True:
        pour(*arguments)


def drain(line):
    """What the server says until it closes, or for two seconds."""
    line.settimeout(2)
    said = b""
    try:
        while piece := line.recv(65536):
            said += piece
    except (TimeoutError, ConnectionError):
        pass
    return said


class Pressure(checks.Sentence):
    def compare(self, what, quiet, measure):
        """What the others notice: less than twice the p99 that they had. A hiccup of the machine does not come three times."""
        before = percentile(quiet, 0.99)
        for _ in range(3):
            under = measure()
            during = percentile(under, 0.99)
            told = f"{what}: p99 {before:.1f} ms of {len(quiet)} requests, then {during:.1f} ms of {len(under)}"
            print(f"      {told}", flush=True)
            if during < 2 * before + FLOOR:
                return
        self.fail(told)

    def test_1_drip(self):
        """500 connections that send heads or bodies, or read, a byte a second cost the others less than twice their p99"""
        request = head("/v1/employments", "adviser", "Content-Type: application/json", "Content-Length: 4000")
        reading = "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        latencies(1)
        for what, at_once, slowly, reads in [
            ("slow heads", b"", request, False), ("slow bodies", request, b"{" + b" " * 3998 + b"}", False),
            ("slow readers", reading, b"", True)
        ]:
            with self.subTest(what):
                quiet = latencies(4)
                before = resident()
                with meanwhile(drip, 500, at_once, slowly, reads):
                    # When all of them are there, and what they asked for is on its way.
                    time.sleep(1)
                    self.assertEqual(200, server.get("/v1/me", role="teacher").status)
                    self.compare(what, quiet, lambda: latencies(6))
                    self.assertLess(resident(), max(before + 64, LIMIT_MIB))

    def test_2_endless(self):
        """endless and 100 MB bodies are refused, memory stays flat, and the others notice less than twice their p99"""
        before = resident()
        quiet = latencies(4)
        for path, kind, role in [
            ("/v1/employments", "application/json", "adviser"), ("/v1/imports?kind=staff", "text/csv", "adviser")
        ]:
            for framing in ["Content-Length: 104857600", "Transfer-Encoding: chunked"]:
                with self.subTest(path=path, framing=framing):
                    self.assertIn(pour(path, role, kind, framing), (b"413", b"400", b""))
                    with meanwhile(pour_on, path, role, kind, framing):
                        self.compare(f"{path} with {framing}", quiet, lambda: latencies(4))
        self.assertEqual(200, server.get("/v1/me", role="teacher").status)
        self.assertLess(resident(), max(before + 64, LIMIT_MIB))

    def test_3_rubbish(self):
        """bytes that are no HTTP are answered by a four hundred or by the end of the connection"""
        for bytes_sent in [
            b"\x00" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nA b: c\r\n\r\n",
            b"POST /v1/employments HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            b"POST /v1/employments HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"POST /v1/employments HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 40000 + b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", os.urandom(4096),
        ]:
            with self.subTest(bytes_sent=bytes_sent[:40]):
                line = dial()
                line.sendall(bytes_sent)
                line.shutdown(socket.SHUT_WR)
                said = drain(line)
                line.close()
                self.assertNotIn(b"HTTP/1.1 5", said)
                self.assertTrue(said == b"" or said.startswith(b"HTTP/1.1 4"), said[:80])
        self.assertEqual(200, server.get("/health/live").status)

    def test_4_log(self):
        """nothing of it is an error of ours, and no token stands in the log"""
        said = server.said()
        self.assertFalse([line for line in said.splitlines() if " error " in line or " critical " in line])
        for token in dev.tokens.values():
            self.assertNotIn(token, said)
