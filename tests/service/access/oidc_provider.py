"""An OpenID Connect provider of its own, over real HTTP, with keys made for the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@dataclass
class Provider:
    """Publishes a discovery document and its public keys, and signs tokens."""

    server: HTTPServer
    keys: list[RSAKey | ECKey] = field(default_factory=list)
    asked: int = 0
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """Its name, which is its address."""
        return self.server.url_for("").rstrip("/")

    def new_key(self) -> None:
        """Change to a new key; the old one is published no more."""
        made = RSAKey.generate_key(2048, {"kid": f"key-{len(self.keys)}-{id(self)}", "use": "sig"})
        self.keys = [made]

    def token(self, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A token as for an analyst of ours, changed by `claims`; None leaves one out."""
        stamp = int(NOW.timestamp())
        usual = {
            "iss": self.issuer,
            "sub": "anna",
            "aud": "tumen",
            "exp": stamp + 300,
            "nbf": stamp - 10,
            "iat": stamp - 10,
            "roles": ["analyst", "something else"],
        }
        kept = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        key = self.keys[0]
        stated = {"alg": "RS256", "kid": key.kid, **(header or {})}
        return jwt.encode(stated, kept, key, algorithms=[stated["alg"]])


@contextmanager
def providing(server: HTTPServer) -> Iterator[Provider]:
    """A provider on a running server."""
    made = Provider(server)
    made.new_key()

    def discovery(_request: Request) -> Response:
        usual = {"issuer": made.issuer, "jwks_uri": f"{made.issuer}/keys"}
        return _json({**usual, **made.document})

    def keys(_request: Request) -> Response:
        made.asked += 1
        return _json(dict(KeySet(made.keys).as_dict(private=False)))

    server.expect_request("/.well-known/openid-configuration").respond_with_handler(discovery)
    server.expect_request("/keys").respond_with_handler(keys)
    yield made


def _json(found: Mapping[str, Any]) -> Response:
    import json

    return Response(json.dumps(found), content_type="application/json")
