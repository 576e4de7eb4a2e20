"""Single sign-on against a provider over HTTP: only its good tokens for us let anybody in."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from oidc_provider import NOW, Provider, providing
from pytest_httpserver import HTTPServer

from tumen.config import (
    AccessSettings,
    OidcSettings,
    ServiceSettings,
    Settings,
    load_service_settings,
)
from tumen.errors import RequestError
from tumen.model.access import Role
from tumen.service.access.oidc import ProviderError, TokenError, TokenVerifier
from tumen.service.app import create_app


@pytest.fixture
def provider(httpserver: HTTPServer) -> Iterator[Provider]:
    """A running provider."""
    with providing(httpserver) as made:
        yield made


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A plain client."""
    with httpx.Client() as made:
        yield made


def settings_for(provider: Provider, **changes: Any) -> OidcSettings:
    """Settings as an operator writes them."""
    return replace(OidcSettings(provider.issuer, "web", "tumen"), **changes)


@pytest.fixture
def verifier(provider: Provider, client: httpx.Client) -> TokenVerifier:
    """A verifier of the provider's tokens."""
    return TokenVerifier(settings_for(provider), client)


def encoded(data: bytes) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_good_token_says_who_and_which_role(provider: Provider, verifier: TokenVerifier) -> None:
    """The subject is the actor in the audit log."""
    found = verifier.verify(provider.token(), NOW)
    assert (found.actor, found.role) == ("oidc:anna", Role.ANALYST)
    assert verifier.verify(provider.token(aud=["other", "tumen"]), NOW).role is Role.ANALYST


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://evil.example"}, "iss"),
        ({"aud": "another-service"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": []}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": int(NOW.timestamp()) - 61}, "expired"),
        ({"nbf": int(NOW.timestamp()) + 61}, "not yet valid"),
        ({"iat": int(NOW.timestamp()) + 600}, "future"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"roles": None}, "gives none"),
        ({"roles": ["boss"]}, "gives none"),
        ({"roles": {"analyst": True}}, "gives none"),
        ({"roles": ["analyst", "approver"]}, "analyst, approver, not one role"),
    ],
)
def test_any_other_token_is_refused_with_the_reason(
    provider: Provider, verifier: TokenVerifier, claims: dict[str, Any], words: str
) -> None:
    """Wrong issuer, audience, time, subject or role."""
    with pytest.raises(TokenError, match=words):
        verifier.verify(provider.token(**claims), NOW)


def test_clocks_may_differ_by_the_leeway(provider: Provider, verifier: TokenVerifier) -> None:
    """A minute either way."""
    stamp = int(NOW.timestamp())
    assert verifier.verify(provider.token(exp=stamp - 59), NOW)
    assert verifier.verify(provider.token(nbf=stamp + 59), NOW)


def test_a_foreign_signature_is_refused(provider: Provider, verifier: TokenVerifier) -> None:
    """Also under the name of the provider's own key."""
    good = provider.token()
    forged = RSAKey.generate_key(2048, {"kid": provider.keys[0].kid})
    own, provider.keys = provider.keys, [forged]
    text = provider.token()
    provider.keys = own
    with pytest.raises(TokenError):
        verifier.verify(text, NOW)
    head, body, signature = good.split(".")
    changed = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed["roles"] = ["administrator"]
    swapped = encoded(json.dumps(changed).encode())
    with pytest.raises(TokenError):
        verifier.verify(f"{head}.{swapped}.{signature}", NOW)


def test_no_signature_and_one_by_the_public_key_are_refused(
    provider: Provider, verifier: TokenVerifier
) -> None:
    """The two classic tricks: `alg: none`, and HS256 with the public key as the secret."""
    _, body, _ = provider.token().split(".")
    head = encoded(b'{"alg":"none"}')
    with pytest.raises(TokenError):
        verifier.verify(f"{head}.{body}.", NOW)
    claims = {"iss": provider.issuer, "sub": "x", "aud": "tumen", "roles": ["administrator"]}
    header = {"alg": "HS256", "kid": provider.keys[0].kid}
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    public = provider.keys[0].as_pem(private=False)
    text = f"{signed}.{encoded(hmac.digest(public, signed.encode(), 'sha256'))}"
    with pytest.raises(TokenError):
        verifier.verify(text, NOW)


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.e30"])
def test_what_is_no_token_is_refused(verifier: TokenVerifier, text: str) -> None:
    """No other error comes out of it."""
    with pytest.raises(TokenError):
        verifier.verify(text, NOW)


def test_new_keys_are_fetched_when_the_provider_changes_them(
    provider: Provider, verifier: TokenVerifier
) -> None:
    """The old tokens end with them; between changes the keys are asked for once an hour."""
    old = provider.token()
    verifier.verify(old, NOW)
    verifier.verify(provider.token(sub="ben"), NOW)
    assert provider.asked == 1
    provider.new_key()
    later = NOW + timedelta(seconds=31)
    assert verifier.verify(provider.token(), later)
    assert provider.asked == 2
    with pytest.raises(TokenError):
        verifier.verify(old, later + timedelta(seconds=31))


def test_a_flood_of_unknown_keys_does_not_flood_the_provider(
    provider: Provider, verifier: TokenVerifier
) -> None:
    """It is asked again every half minute at most."""
    verifier.verify(provider.token(), NOW)
    for number in range(20):
        with pytest.raises(TokenError):
            verifier.verify(provider.token(header={"kid": f"no-{number}"}), NOW)
    assert provider.asked == 1


def test_a_provider_that_does_not_answer_is_a_fault_and_no_refusal(
    client: httpx.Client,
) -> None:
    """The caller is told to try again; nobody is let in meanwhile."""
    verifier = TokenVerifier(OidcSettings("http://127.0.0.1:9", "web", "tumen"), client)
    with pytest.raises(ProviderError, match="cannot be read"):
        verifier.verify("e30.e30.e30", NOW)


def test_a_provider_that_says_it_is_another_is_not_believed(
    provider: Provider, verifier: TokenVerifier
) -> None:
    """Its document must name the issuer that the settings name."""
    provider.document = {"issuer": "https://evil.example"}
    with pytest.raises(ProviderError, match=r"evil\.example"):
        verifier.verify(provider.token(), NOW)


def test_keys_over_plain_http_are_refused(provider: Provider, verifier: TokenVerifier) -> None:
    """Whoever is between could give its own."""
    provider.document = {"jwks_uri": "http://provider.example/keys"}
    with pytest.raises(ProviderError, match="https"):
        verifier.verify(provider.token(), NOW)


def test_groups_of_the_provider_become_roles(provider: Provider, client: httpx.Client) -> None:
    """By a dotted path and a table; names that are not in it give nothing."""
    given = settings_for(
        provider, role_claim="realm.groups", roles={"/aml/lead": "approver", "/it": "administrator"}
    )
    verifier = TokenVerifier(given, client)
    token = provider.token(realm={"groups": ["/aml/lead", "analyst"]})
    assert verifier.verify(token, NOW).role is Role.APPROVER
    with pytest.raises(TokenError):
        verifier.verify(provider.token(realm="no mapping"), NOW)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"algorithms": ("HS256",)}, "HS256"),
        ({"algorithms": ("RS256", "none")}, "none"),
        ({"algorithms": ()}, "not accepted"),
        ({"issuer": "http://sso.example"}, "https"),
        ({"roles": {"x": "boss"}}, "boss"),
    ],
)
def test_settings_that_could_not_be_safe_are_refused(
    provider: Provider, client: httpx.Client, changes: dict[str, Any], words: str
) -> None:
    """When the service starts, not when somebody gets in."""
    with pytest.raises(RequestError, match=words):
        TokenVerifier(settings_for(provider, **changes), client)


def test_the_environment_gives_the_settings() -> None:
    """Each variable, and a slip in one of them."""
    environ = {
        "TUMEN_OIDC_ISSUER": "https://sso.example",
        "TUMEN_OIDC_CLIENT_ID": "tumen",
        "TUMEN_OIDC_ROLE_CLAIM": "realm_access.roles",
        "TUMEN_OIDC_ROLES": "aml=analyst, it = administrator",
        "TUMEN_OIDC_ALGORITHMS": "ES256,PS256",
    }
    found = load_service_settings(environ).access.oidc
    assert found is not None
    assert (found.audience, found.role_claim) == ("tumen", "realm_access.roles")
    assert found.roles == {"aml": "analyst", "it": "administrator"}
    assert found.algorithms == ("ES256", "PS256")
    assert load_service_settings({}).access.oidc is None
    with pytest.raises(RequestError, match="TUMEN_OIDC_CLIENT_ID"):
        load_service_settings({"TUMEN_OIDC_ISSUER": "https://sso.example"})
    with pytest.raises(RequestError, match="their-name=our-role"):
        load_service_settings({**environ, "TUMEN_OIDC_ROLES": "aml"})


def test_a_service_lets_in_who_signed_on(provider: Provider, tmp_path: Path) -> None:
    """Over HTTP, with the role of the token; it is open to nobody else, not even on loopback."""
    access = AccessSettings(oidc=settings_for(provider))
    base = Settings(tmp_path, f"sqlite:///{tmp_path / 'tumen.db'}")
    app = create_app(ServiceSettings(base, access=access, builds_apart=False))
    stamp = int(time.time())
    times = {"exp": stamp + 60, "nbf": stamp - 1, "iat": stamp - 1}
    asked = TestClient(app)

    def answer(token: str) -> Any:
        return asked.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert asked.get("/api/v1/me").status_code == 401
    found = answer(provider.token(**times))
    assert found.status_code == 200, found.text
    assert (found.json()["actor"], found.json()["role"]) == ("oidc:anna", "analyst")
    assert answer(provider.token(**times, aud="other")).status_code == 401
    provider.document = {"issuer": "https://evil.example"}
    app.state.api.gate.tokens._kept = None
    provider.new_key()
    lost = answer(provider.token(**times, sub="ben"))
    assert lost.status_code == 503
    assert lost.json()["type"] == "urn:tumen:problem:provider-unavailable"
    app.state.api.audit.close()
    app.state.api.store.close()
