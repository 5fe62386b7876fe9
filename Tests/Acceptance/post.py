"""The mail server of the tests, and what it took."""

import email
import email.policy
import json
import os
import socket
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.environ.get("BEELD_TEST_MAIL_PYTHON", "")


def free_port(host="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Post:
    """A running mail server."""

    def __init__(self, *arguments, host="127.0.0.1", port=None):
        self.host = host
        self.port = port or free_port(host)
        self.folder = tempfile.TemporaryDirectory(prefix="beeld-post-")
        self.log = os.path.join(self.folder.name, "log")
        open(self.log, "w").close()
        self.process = subprocess.Popen(
            [PYTHON, "-B", os.path.join(HERE, "mail_server.py"), "--host", host, "--port", str(self.port), "--log",
             self.log, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if self.process.stdout.readline() != "ready\n":
            self.stop()
            raise AssertionError("the mail server did not start")

    @property
    def url(self):
        return f"smtp://{self.host}:{self.port}"

    def entries(self):
        """What it took, in order: the line of its log, and the mail in it, parsed."""
        with open(self.log) as file:
            lines = [json.loads(line) for line in file if line.endswith("\n")]
        for line in lines:
            line["mail"] = email.message_from_string(line["data"], policy=email.policy.default)
        return lines

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()


def certificates(folder, name):
    """An authority of our own, and a certificate with its key of a host or an address: two files."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    kind = "IP" if name[0].isdigit() else "DNS"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", "host.key", "-out", "host.csr")
    with open(os.path.join(folder, "names"), "w") as file:
        file.write(f"subjectAltName={kind}:{name}\n")
    openssl("x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "host.pem")
    both = os.path.join(folder, "both.pem")
    with open(both, "w") as file:
        for part in ("host.key", "host.pem"):
            with open(os.path.join(folder, part)) as source:
                file.write(source.read())
    return os.path.join(folder, "ca.pem"), both
