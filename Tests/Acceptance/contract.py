"""The OpenAPI document held against the real server: schemathesis, every check and phase, as every role; and every
example of the document sent as it stands."""

import concurrent.futures
import hashlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys

import program

ROLES = ["adviser", "system_admin", "school_admin", "director", "teacher", "coach", "privacy_officer"]
SETTINGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "contract.toml")
EXAMPLES = os.environ.get("BEELD_TEST_EXAMPLES", "4")
# Seconds of one role: what goes on for longer hangs.
LIMIT = 900 if int(EXAMPLES) <= 4 else 3600


class Contract:
    def __init__(self):
        self.folder = program.reachable_folder()
        self.dev = program.Server.dev(os.path.join(self.folder, "data"))
        # The same organisation behind a server whose rate limit a tester does not meet.
        self.server = program.Server(
            ["serve"], r"listening host=127\.0\.0\.1 port=(\d+)",
            {"BEELD_DATABASE_URL": program.dev_conninfo(os.path.join(self.folder, "data")),
             "BEELD_MASTER_KEY_FILE": os.path.join(self.folder, "data", "master.keys"),
             "BEELD_LISTEN": "127.0.0.1:0", "BEELD_REQUESTS_PER_SECOND": "1000000"})
        self.server.tokens = self.dev.tokens
        self.document = self.server.get("/openapi.json").json
        self.passed = self.failed = 0

    def check(self, name, fault):
        """One line for each check; `fault` is None or what went wrong."""
        if fault is None:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {name}: {fault}", flush=True)

    def schemathesis(self, role, seed):
        out = subprocess.run(
            ["schemathesis", "--config-file", SETTINGS, "run", f"http://127.0.0.1:{self.server.port}/openapi.json",
             "-H", f"Authorization: Bearer {self.dev.tokens[role]}", "--checks", "all", "--phases",
             "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES, "--seed", str(seed), "--no-color",
             "--workers", "1", "--suppress-health-check", "all"],
            capture_output=True, text=True, timeout=LIMIT, cwd=self.folder)
        found = re.search(r"(\d+) generated", out.stdout)
        count = int(found.group(1)) if found else 0
        if out.returncode == 0 and count > 500:
            print(f"      {count} cases as {role}", flush=True)
            return None
        # The failures, each with the request that shows it, stand before the warnings.
        told = out.stdout[max(out.stdout.find(" FAILURES "), 0):out.stdout.find(" WARNINGS ")]
        return f"status {out.returncode}, {count} cases\n{told[:8000]}\n{out.stdout[-1000:]}{out.stderr[-2000:]}"

    def examples(self):
        """Every example is a request that is answered with success by somebody who may send it: first what makes
        something, then what reads, changes and removes it."""
        order = ["post", "put", "get", "patch", "transitions", "merge", "delete"]
        paths = list(self.document["paths"])

        def place(path, method):
            last = path.rsplit("/", 1)[1]
            # What belongs to another thing is brought on before that is: the document has it after.
            return (order.index(last), -paths.index(path)) if last in order else (order.index(method), paths.index(path))

        found = sorted(
            ((path, method, operation) for path, operations in self.document["paths"].items()
             for method, operation in operations.items()),
            key=lambda one: place(one[0], one[1]))
        self.made = {}
        self.key = "key="
        self._mail()
        for path, method, operation in found:
            self.check(f"example of {method.upper()} {path}", self._try(path, method, operation))

    def _try(self, path, method, operation):
        parameters = operation.get("parameters", [])
        # What is had by a secret in a mail has no list to look for it in.
        is_mailed = path.endswith("/subscription")
        address = (f"/v1/report-deliveries/{self.mail}/subscription?key={self.mail_key}" if is_mailed
                   else self._address(path, method, parameters))
        if "{" in address:
            return "there is nothing to try it on"
        body = operation.get("requestBody", {}).get("content", {})
        kind = next(iter(body), None)
        sent = "\n".join(CSV) if kind == "text/csv" else json.dumps(body[kind].get("example")) if kind else None
        address += "?kind=staff" if kind == "text/csv" else ""
        address += "?" + self.key if path.endswith("/calendar.ics") else ""
        if is_mailed:
            sent = sent and "subscribe=again"
        statuses = []
        for role in ["school_admin", "director", "coach", "adviser", "system_admin", "privacy_officer", "teacher"]:
            answer = self._send(method.upper(), address, role, kind, sent, parameters)
            if answer.status == 412 and method == "put":
                answer = self._send(method.upper(), address, role, kind, sent, parameters, {"If-None-Match": "*"})
            if 200 <= answer.status < 300:
                if "/calendar.ics?" in answer.body:
                    self.key = answer.json["address"].split("?")[1]
                place = answer.headers["Location"]
                if place:
                    self.made[place.rsplit("/", 1)[0]] = place.rsplit("/", 1)[1]
                return None
            statuses.append(f"{role} {answer.status} {answer.body[:300]}")
        return f"{address}: nobody succeeds ({', '.join(statuses)})"

    def _mail(self):
        """A mail with an address of unsubscribing, as if it had been sent: its key is in the mail alone."""
        self.mail_key = "beeldout_" + "k" * 43
        digest = hashlib.sha256(self.mail_key.encode()).hexdigest()
        self.mail = program.psql(
            program.dev_conninfo(os.path.join(self.folder, "data")),
            "insert into beeld.report_delivery_key (hash, delivery_id) "
            f"select decode('{digest}', 'hex'), id from beeld.report_delivery limit 1 returning delivery_id").split("\n")[0]

    def _address(self, path, method, parameters):
        """Reads what the document's own example names; changes what was made here before."""
        noun = path.split("/{id}")[0]
        if noun in self.made and method != "get" and (path.endswith("/{id}") or path.endswith(("/transitions", "/merge"))):
            return path.replace("{id}", self.made[noun])
        for parameter in parameters:
            if parameter["in"] == "path" and "example" in parameter:
                path = path.replace("{" + parameter["name"] + "}", parameter["example"])
        if "{id}" in path:
            # Runs and imports are made as one goes: the first of the list.
            items = self.server.get(noun, role="adviser").json["items"]
            path = path.replace("{id}", items[0]["id"]) if items else path
        return path

    def _send(self, method, path, role, kind, sent, parameters, condition={"If-Match": "*"}):
        headers = {"Authorization": f"Bearer {self.dev.tokens[role]}"}
        if kind:
            headers["Content-Type"] = kind
        if any(parameter["name"] == "If-Match" for parameter in parameters):
            headers.update(condition)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request(method, path, body=sent and sent.encode(), headers=headers)
        response = connection.getresponse()
        answer = program.Answer(response.status, response.headers, response.read().decode(errors="replace"))
        connection.close()
        return answer

    def run(self):
        self.examples()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = {role: pool.submit(self.schemathesis, role, seed) for seed, role in enumerate(ROLES, 1)}
            for role, fault in found.items():
                self.check(f"schemathesis as {role}", fault.result())
        self.check("no error in the log", self._log())

    def _log(self):
        lines = [line for line in self.server.said().splitlines() if " error " in line or " critical " in line]
        return "\n".join(lines[:20]) if lines else None

    def end(self):
        self.server.stop()
        self.dev.stop()
        shutil.rmtree(self.folder)


CSV = [
    "person_number,name,email,school_code,job,fte,from,until,teaching_since",
    "X9001,Noor Voorbeeld,noor.voorbeeld@example.org,90AA00,teacher,1,2026-08-01,,2026-08-01",
]


if __name__ == "__main__":
    contract = Contract()
    try:
        contract.run()
    finally:
        contract.end()
    print(f"{contract.passed} passed, {contract.failed} failed")
    sys.exit(1 if contract.failed else 0)
