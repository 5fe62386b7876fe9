"""Two OpenID Connect providers that are not ours, run as their operators run them, on this machine alone."""

import base64
import gzip
import http.client
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import urllib.parse

import program

AUDIENCE = "https://beeld.example"


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def payload(token):
    """What a token says, unverified."""
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def header(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))


class Provider:
    """A provider's process, its folder and what is asked of it. Made with one user, `teacher`."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="beeld-provider-")
        self.port = free_port()
        self.process = None
        self.start()

    def start(self):
        self.log = open(os.path.join(self.folder, "log"), "ab")
        self.process = subprocess.Popen(self.command(), stdout=self.log, stderr=subprocess.STDOUT, cwd=self.folder)
        program.wait_for(f"{type(self).__name__} to answer", self._answers, 60)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)

    def ask(self, method, path, data=None, form=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = dict(headers or {})
        body = None
        if data is not None:
            body, headers["Content-Type"] = json.dumps(data), "application/json"
        if form is not None:
            body, headers["Content-Type"] = urllib.parse.urlencode(form), "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = program.Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def grant(self, client="client", **form):
        """The answer of the token endpoint to a grant, authenticated as a client."""
        credentials = base64.b64encode(f"{urllib.parse.quote(client, safe='')}:secret-of-client".encode()).decode()
        answer = self.ask("POST", self.token_path, form=form, headers={"Authorization": f"Basic {credentials}"})
        assert answer.status == 200, answer.body
        return answer.json

    def _answers(self):
        if self.process.poll() is not None:
            with open(os.path.join(self.folder, "log"), errors="replace") as file:
                raise AssertionError(f"{type(self).__name__} ended:\n{file.read()[-3000:]}")
        try:
            return self.ask("GET", self.ready_path).status == 200
        except OSError:
            return False


class Canaille(Provider):
    """Written in Python, from PyPI. Access tokens: RSA, `typ` JWT, the audience a list. The password grant."""

    token_path = "/oauth/token"
    ready_path = "/.well-known/openid-configuration"
    subject = "teacher"

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self):
        python = os.environ["BEELD_TEST_CANAILLE_PYTHON"]
        script = pathlib.Path(__file__).with_name("canaille_provider.py")
        return [python, "-B", str(script), str(self.port), AUDIENCE, os.path.join(self.folder, "keys.json")]

    def token(self):
        return self._log_in("client")["access_token"]

    def token_for_another(self):
        return self._log_in("stranger")["access_token"]

    def rotate(self):
        """Takes away its key and makes another."""
        self.stop()
        os.remove(os.path.join(self.folder, "keys.json"))
        self.start()

    def _log_in(self, client):
        return self.grant(
            client, grant_type="password", username="teacher", password="password-of-teacher", scope="openid email")


class Glewlwyd(Provider):
    """Written in C, from Debian. Access tokens after RFC 9068: elliptic curves, `typ` at+jwt. Client credentials."""

    token_path = "/api/oidc/token"
    ready_path = "/config/"
    subject = "client"

    def __init__(self):
        self.keys = 0
        super().__init__()
        self._session = self._sign_in()
        self._change("POST", "/api/scope/", {"name": "coaching", "display_name": "Coaching"})
        self._change("POST", "/api/mod/plugin/", self._plugin())
        for name in ("client", "stranger"):
            self._change("POST", "/api/client/", {
                "client_id": name, "name": name, "enabled": True, "confidential": True, "password": "secret-of-client",
                "client_secret": "secret-of-client", "scope": ["coaching"], "authorization_type": ["client_credentials"],
                "redirect_uri": ["http://127.0.0.1/back"], "token_endpoint_auth_method": ["client_secret_basic"],
            })

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.port}/api/oidc"

    def command(self):
        database = os.path.join(self.folder, "glewlwyd.db")
        if not os.path.exists(database):
            with gzip.open("/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz", "rt") as file:
                connection = sqlite3.connect(database)
                connection.executescript(file.read())
                connection.close()
        path = os.path.join(self.folder, "glewlwyd.conf")
        with open(path, "w") as file:
            file.write(f"""
port = {self.port}
bind_address = "127.0.0.1"
external_url = "http://127.0.0.1:{self.port}"
login_url = "login.html"
api_prefix = "api"
log_mode = "console"
log_level = "INFO"
cookie_secure = 0
session_key = "session"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
user_middleware_module_path = "/usr/lib/glewlwyd/user_middleware"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
use_secure_connection = false
secure_connection_key_file = "unused"
secure_connection_pem_file = "unused"
secure_connection_ca_file = "unused"
hash_algorithm = "SHA512"
database = {{ type = "sqlite3"; path = "{database}"; }};
""")
        return ["glewlwyd", f"--config-file={path}"]

    def token(self):
        return self._credentials("client", AUDIENCE)

    def token_for_another(self):
        return self._credentials("client", "https://other.example")

    def rotate(self):
        """Exchanges its key as its manual says: the configuration, then a reset of the plugin."""
        self._session = self._sign_in()
        self._change("PUT", "/api/mod/plugin/oidc", self._plugin())
        self._change("PUT", "/api/mod/plugin/oidc/reset")

    def _credentials(self, client, resource):
        return self.grant(client, grant_type="client_credentials", scope="coaching", resource=resource)["access_token"]

    def _sign_in(self):
        answer = self.ask("POST", "/api/auth/", {"username": "admin", "password": "password"})
        assert answer.status == 200, answer.body
        return answer.headers["Set-Cookie"].split(";")[0]

    def _change(self, method, path, data=None):
        answer = self.ask(method, path, data, headers={"Cookie": self._session})
        assert answer.status == 200, (path, answer.status, answer.body)

    def _plugin(self):
        return {
            "module": "oidc", "name": "oidc", "display_name": "OpenID Connect", "enabled": True,
            "parameters": {
                "iss": self.issuer, "jwks-private": self._new_key(), "jwks-show": True,
                # Asked for by the form, unused beside a key set.
                "jwt-type": "sha", "jwt-key-size": "256", "key": "unused",
                "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600,
                "refresh-token-rolling": True, "allow-non-oidc": True, "auth-type-code-enabled": True,
                "auth-type-token-enabled": False, "auth-type-id-token-enabled": True,
                "auth-type-password-enabled": False, "auth-type-client-enabled": True,
                "auth-type-refresh-enabled": False, "subject-type": "public", "resource-allowed": True,
                "resource-scope": {"coaching": [AUDIENCE, "https://other.example"]}, "resource-change-allowed": True,
            },
        }

    def _new_key(self):
        self.keys += 1
        path = os.path.join(self.folder, f"key-{self.keys}.json")
        subprocess.run(
            ["rnbyc", "-j", "-g", "ec256", "-k", f"key-{self.keys}", "-a", "ES256", "-o", path, "-p", "/dev/null"],
            check=True, capture_output=True, timeout=60)
        with open(path) as file:
            return file.read()
