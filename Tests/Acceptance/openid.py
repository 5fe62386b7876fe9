"""The real binary with OpenID Connect providers that are not ours.

Besides what run.py needs, BEELD_TEST_CANAILLE_PYTHON names a Python that has Canaille; deploy/test sets it.
"""

import http.client
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

import checks
import program
import providers

PERSON = "019a0000-0000-7004-8000-000000000001"


class Life:
    """What is true with every provider. Each class below runs it once, in this order."""

    @classmethod
    def setUpClass(cls):
        cls.provider = cls.kind()
        cls.addClassCleanup(cls.provider.close)
        cls.conninfo = program.database(f"beeld_openid_{cls.kind.__name__.lower()}")
        program.psql(cls.conninfo, f"""
            insert into beeld.person (id, name) values ('{PERSON}', 'Wie zich meldt');
            insert into beeld.registration (person_id, person_number) values ('{PERSON}', 'O1')""")
        cls.server = program.Server.serve(
            cls.conninfo, BEELD_OIDC_ISSUER=cls.provider.issuer, BEELD_OIDC_AUDIENCE=providers.AUDIENCE)
        cls.addClassCleanup(cls.server.stop)

    def me(self, token):
        return self.server.get("/v1/me", token=token)

    def refused(self, token, reason):
        answer = self.me(token)
        self.assertEqual(401, answer.status)
        self.assertEqual(
            f'Bearer realm="beeld", error="invalid_token", error_description="{reason}"',
            answer.headers["WWW-Authenticate"])

    def test_1_link(self):
        """whoever logs in at the provider is nobody here until linked, and then the person"""
        token = self.provider.token()
        self.assertEqual(self.provider.subject, providers.payload(token)["sub"])
        unlinked = self.me(token)
        self.assertEqual(401, unlinked.status)
        self.assertEqual('Bearer realm="beeld", error="invalid_token"', unlinked.headers["WWW-Authenticate"])
        program.psql(
            self.conninfo,
            f"update beeld.registration set subject = '{self.provider.subject}' where person_id = '{PERSON}'")
        for again in (token, self.provider.token()):
            answer = self.me(again)
            self.assertEqual(200, answer.status, answer.body)
            self.assertEqual(PERSON, answer.json["person"]["id"])

    def test_2_another(self):
        """its tokens for another server are refused, and so are altered ones"""
        self.refused(self.provider.token_for_another(), "The access token is for another audience")
        head, body, signature = self.provider.token().split(".")
        last = "A" if signature[0] != "A" else "B"
        self.refused(f"{head}.{body}.{last}{signature[1:]}", "The signature of the access token is wrong")

    def test_3_rotation(self):
        """a new key is known at once, without a restart, and the old one is forgotten with it"""
        before = self.provider.token()
        self.assertEqual(200, self.me(before).status)
        self.provider.rotate()
        after = self.provider.token()
        self.assertNotEqual(providers.header(before)["kid"], providers.header(after)["kid"])
        self.assertEqual(200, self.me(after).status)
        self.refused(before, "The access token is signed with a key that the provider does not publish")

    def test_4_gone(self):
        """while the provider is gone, tokens that it gave stay good, seen before or not"""
        seen, unseen = self.provider.token(), self.provider.token()
        self.assertEqual(200, self.me(seen).status)
        self.provider.stop()
        for token in (seen, unseen):
            self.assertEqual(200, self.me(token).status)
        program.psql(self.conninfo, f"update beeld.registration set disabled_at = now() where person_id = '{PERSON}'")
        self.assertEqual(401, self.me(seen).status)

    def test_5_started_alone(self):
        """started while the provider is gone, it serves its own tokens, and others once the provider is back"""
        program.psql(self.conninfo, f"update beeld.registration set disabled_at = null where person_id = '{PERSON}'")
        own = program.beeld("token", "create", "O1", "--name", "openid", conninfo=self.conninfo).stdout.strip()
        self.provider.start()
        token = self.provider.token()
        self.provider.stop()
        server = program.Server.serve(
            self.conninfo, BEELD_OIDC_ISSUER=self.provider.issuer, BEELD_OIDC_AUDIENCE=providers.AUDIENCE)
        try:
            self.assertEqual(200, server.get("/v1/me", token=own).status)
            waiting = server.get("/v1/me", token=token)
            self.assertEqual(503, waiting.status)
            self.assertIn(int(waiting.headers["Retry-After"]), range(1, 11))
            self.provider.start()
            program.wait_for("the keys", lambda: server.get("/v1/me", token=token).status == 200, 30)
            self.assertNotIn(token[:40], server.said())
            self.assertNotIn(own, server.said())
            self.assertEqual(0, server.stop(), server.said())
        finally:
            server.stop()


class WithCanaille(Life, checks.Sentence):
    kind = providers.Canaille


class WithGlewlwyd(Life, checks.Sentence):
    kind = providers.Glewlwyd


class Impostor(checks.Sentence):
    def test_certificate(self):
        """an https provider whose certificate nobody vouches for is not even asked"""
        folder = tempfile.mkdtemp(prefix="beeld-impostor-")
        self.addCleanup(shutil.rmtree, folder)
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Impostor.Handler)
        # That nobody trusts it is what is wanted.
        listening.handle_error = lambda *_: None
        self.addCleanup(listening.server_close)
        self.addCleanup(listening.shutdown)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        listening.socket = context.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        Impostor.questions.clear()

        conninfo = program.database("beeld_impostor")
        issuer = f"https://127.0.0.1:{listening.server_port}"
        server = program.Server.serve(conninfo, BEELD_OIDC_ISSUER=issuer, BEELD_OIDC_AUDIENCE=providers.AUDIENCE)
        self.addCleanup(server.stop)
        said = program.wait_for("a word about it", lambda: "no keys from the identity provider" in server.said() and server.said())
        self.assertIn("not reachable", said)
        self.assertEqual([], Impostor.questions)
        # The same server is a good one to whoever trusts its certificate.
        trusting = ssl.create_default_context(cafile=certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", listening.server_port, context=trusting, timeout=20)
        connection.request("GET", "/")
        self.assertEqual(200, connection.getresponse().status)

    questions = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            Impostor.questions.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass


class Settings(checks.Sentence):
    def test_strict(self):
        """half a provider, an address that anybody could answer for and a misspelt switch are refused by name"""
        issuer, audience, link = "BEELD_OIDC_ISSUER", "BEELD_OIDC_AUDIENCE", "BEELD_OIDC_LINK_BY_EMAIL"
        good = {issuer: "https://login.example.org", audience: providers.AUDIENCE}
        for settings, named in [
            ({issuer: good[issuer]}, audience),
            ({audience: good[audience]}, issuer),
            ({**good, issuer: "http://login.example.org"}, issuer),
            ({**good, issuer: "login.example.org"}, issuer),
            ({**good, issuer: ""}, issuer),
            ({**good, audience: ""}, audience),
            ({**good, link: "yes"}, link),
            ({link: "true"}, link),
        ]:
            with self.subTest(settings):
                out = program.beeld("serve", conninfo="host=/nowhere", check=False, **settings)
                self.assertNotEqual(0, out.returncode)
                self.assertIn(named, out.stderr)


if __name__ == "__main__":
    sys.exit(checks.run([sys.modules["__main__"]]))
