"""An SMTP server (aiosmtpd) that keeps what it takes, one line of JSON for each mail; run by the tests with the Python
of an environment that has it.

How it treats a mail, the recipient's name says: refused@ is refused, later@ is deferred the first time, content@ is
refused after the mail was sent, slow@ is taken at once and the first time answered a minute later, when nobody waits for
it any more; every other is taken.
"""

import argparse
import asyncio
import json
import os
import ssl
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Conduct:
    def __init__(self, log):
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.deferred = set()
        self.kept_waiting = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@") and address not in self.deferred:
            self.deferred.add(address)
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("content@"):
            return "554 5.7.1 not that"
        line = {
            "at": time.time(), "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
            "login": getattr(session, "auth_data", None) is not None and session.auth_data.login.decode(),
            "data": envelope.original_content.decode("ascii"),
        }
        # Before the answer, in one piece: whoever is killed from here on has sent it.
        os.write(self.log, (json.dumps(line) + "\n").encode())
        if recipient.startswith("slow@") and recipient not in self.kept_waiting:
            self.kept_waiting.add(recipient)
            await asyncio.sleep(60)
        return "250 taken"


class Server(Controller):
    def __init__(self, conduct, arguments, context):
        super().__init__(
            conduct, hostname=arguments.host, port=arguments.port,
            ssl_context=context if arguments.implicit else None)
        self.context = None if arguments.implicit else context
        self.login = arguments.login

    def factory(self):
        options = {"enable_SMTPUTF8": False, "tls_context": self.context, "require_starttls": self.context is not None}
        if self.login:
            user, password = self.login.split(":", 1)
            options |= {
                "auth_required": True, "auth_require_tls": self.context is not None,
                "authenticator": lambda server, session, envelope, mechanism, data: AuthResult(
                    success=(data.login, data.password) == (user.encode(), password.encode()), handled=False,
                    auth_data=data),
            }
        return SMTP(self.handler, **options)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--login")
    arguments = parser.parse_args()
    context = None
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate)
    server = Server(Conduct(arguments.log), arguments, context)
    server.start()
    print("ready", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
