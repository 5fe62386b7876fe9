"""Canaille (PyPI) as an OpenID provider with one user, run by the Python that it is installed for.

canaille_provider.py PORT AUDIENCE KEYS: serves on 127.0.0.1; KEYS is a file of private keys, made when it is missing.
"""

import json
import os
import secrets
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey


def keys(path):
    if not os.path.exists(path):
        with open(path, "w") as file:
            json.dump([RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)], file)
    with open(path) as file:
        return json.load(file)


def populate(audience):
    user = models.User(
        user_name="teacher", given_name="A", family_name="Teacher", formatted_name="A Teacher",
        emails=["teacher@school.example"], password="password-of-teacher")
    Backend.instance.save(user)
    clients = [
        models.Client(
            client_id=name, client_name=name, client_secret="secret-of-client", redirect_uris=["http://127.0.0.1/back"],
            grant_types=["password"], response_types=["code"], scope=["openid", "email"],
            token_endpoint_auth_method="client_secret_basic")
        for name in ("client", "stranger", audience)
    ]
    for each in clients:
        Backend.instance.save(each)
    client, stranger, server = clients
    for each, whom in ((client, server), (stranger, stranger)):
        each.audience = [whom]
        Backend.instance.save(each)


def main(port, audience, path):
    app = create_app(config={
        "SECRET_KEY": secrets.token_hex(32),
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": keys(path)},
    })
    with app.app_context(), Backend.instance.session():
        populate(audience)
    make_server("127.0.0.1", int(port), app, handler_class=WSGIRequestHandler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
