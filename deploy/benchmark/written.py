"""Own wishes made and withdrawn: two commits each, audited, the learning question sealed."""

import os
import re
import time

import measure

CONNECTIONS = 64
CLIENTS = 8


class Wishes:
    """The same pairs of writes, asked of the server by wrk and of PostgreSQL by pgbench."""

    name = "wish"

    def __init__(self, organisation, meter, port):
        self.organisation = organisation
        self.teachers = organisation.chance.sample(
            [person for person in organisation.teaching if person not in organisation.tokens], CONNECTIONS + 1)
        organisation.issue(self.teachers)
        self.requests = os.path.join(organisation.folder, "wish.requests")
        with open(self.requests, "w") as file:
            file.writelines(f"{organisation.tokens[person]}\t{organisation.id(2, person)}\n" for person in self.teachers)
        # The server's first texts make the teachers' data keys, which the other side seals under too.
        self._reset()
        self._wrk(meter, port, 2, 99)
        self._read_keys()
        self.pipelined = self._script("pipeline", "\\startpipeline", "\\endpipeline")
        self.plain = self._script("plain", "begin;", "commit;")

    def measure(self, meter, port, arguments):
        sides = {"server": [], "pipeline": [], "plain": []}
        for number in range(arguments.rounds):
            self._reset()
            sides["server"].append(self._wrk(meter, port, arguments.seconds, number))
            for side, script in (("pipeline", self.pipelined), ("plain", self.plain)):
                self._reset()
                sides[side].append(meter.pgbench(
                    self.organisation.place, [script], self.definitions, arguments.seconds, number + 1, CLIENTS))
            rates = ", ".join(f"{side} {runs[-1].rate:,.0f}/s" for side, runs in sides.items())
            measure.say(f"  wish, round {number + 1}: {rates}")
        return sides

    def load(self, meter, port, seconds):
        """For a profile."""
        self._reset()
        self._wrk(meter, port, seconds, 1)

    def cost(self):
        """Of nothing that is planned: functions."""
        return None

    def _wrk(self, meter, port, seconds, seed):
        return meter.wrk(port, self.requests, seconds, seed, CONNECTIONS, script="wish.lua", parts=2)

    def _reset(self):
        """What a run before has left: wishes that are open still, and tables that have grown."""
        conninfo = self.organisation.conninfo
        # wrk leaves when its time is over, and the server finishes what it was asked.
        before, now = None, self._commands()
        while now != before:
            time.sleep(0.3)
            before, now = now, self._commands()
        measure.psql(conninfo, "set session_replication_role = replica; delete from beeld.request;"
                               " truncate beeld.content, beeld.command, beeld.audit")
        for statement in ("vacuum (analyze) beeld.request", "checkpoint"):
            measure.psql(conninfo, statement)

    def _commands(self):
        return measure.psql(
            self.organisation.conninfo,
            "select count(*), (select count(*) from pg_stat_activity where usename = 'beeld_app' and state <> 'idle')"
            " from beeld.command")

    def _read_keys(self):
        organisation = self.organisation
        keys = dict(line.split("\t") for line in measure.psql(
            organisation.conninfo, "select person_id, id from beeld.data_key").split("\n"))
        length = int(measure.psql(organisation.conninfo, "select max(octet_length(sealed)) from beeld.content"))
        self.definitions = {"sealed": "\\x" + os.urandom(length).hex(), "hash": "\\x" + os.urandom(36).hex()}
        # Not the first, whose request wrk only looked at.
        for client, person in enumerate(self.teachers[-CLIENTS:]):
            self.definitions[f"h{client}"] = f"\\x{organisation.hash(person)}"
            self.definitions[f"k{client}"] = keys[organisation.id(2, person)]

    def _script(self, name, opening, end):
        """Each client is a teacher of its own, and each pair has an id of its own."""
        lines = ["\\set n random(1, 9000000000000000000)"]
        for client in range(CLIENTS):
            lines.append(f"\\{'if' if client == 0 else 'elif'} :client_id = {client}")
            for segment in ("data_key", "own_wish", "withdrawal"):
                lines += [opening, *(f"{text};" for text in self._bound(segment, client)), end]
        path = os.path.join(self.organisation.folder, f"wish-{name}.sql")
        with open(path, "w") as file:
            file.write("\n".join([*lines, "\\endif", ""]))
        return path

    def _bound(self, segment, client):
        """The statements of a segment with their values as the API binds them."""
        request = "lpad(:n::text, 32, '0')::uuid"
        is_wish = segment == "own_wish"
        values = {
            "app.identify(": [f":h{client}", "'write'"],
            "app.begin_command(": [
                "'x-1'", f"'{segment}' || :n", ":hash", "201" if is_wish else "200", f"{request}::text"],
            "app.sealing_key(": ["'learning_question'", request, "null"],
            "app.write_content(": [
                "'learning_question'", request, "-1", "true", f":k{client}", "null", "null", ":sealed"],
            "app.make_request(": [
                request, "'{\"origin\":\"own_wish\",\"aim\":\"personal\",\"subject\":\"interaction\"}'"],
            "app.move_request(": [request, "1", "'{\"to\":\"withdrawn\"}'"],
            "from request_resource": [request],
        }
        for text in self.organisation.statements[segment]:
            bound = next((values[part] for part in values if part in text), [])
            yield re.sub(r"\$(\d+)", lambda found: bound[int(found.group(1)) - 1], text)
