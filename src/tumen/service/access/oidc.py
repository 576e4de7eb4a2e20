"""Single sign-on: bearer tokens of an OpenID Connect provider, verified with its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from tumen.config import OidcSettings
from tumen.errors import RequestError, TumenError
from tumen.model.access import Role
from tumen.service.access.principal import AuthMethod, Principal

# Signatures by public keys alone. With HS* whoever verifies can also sign, and "none" signs not.
SAFE_ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"}
    | {"EdDSA"}
)
_KEEP_SECONDS = 3600
# A token that names an unknown key makes us ask for new keys, but a flood of them only once.
_ASK_AGAIN_SECONDS = 30
_LARGEST_ANSWER = 1 << 20


class TokenError(TumenError):
    """A token that does not let its bearer in; the text says why, for the log."""


class ProviderError(TumenError):
    """The provider's keys cannot be had, so nothing can be said of a token."""


@dataclass(frozen=True, slots=True)
class _Keys:
    keys: KeySet
    at: datetime


class TokenVerifier:
    """Says who bears a token. Keys are fetched when first needed and kept for an hour.

    Raises RequestError for settings that could not be safe.
    """

    def __init__(self, settings: OidcSettings, client: httpx.Client) -> None:
        if odd := set(settings.algorithms) - SAFE_ALGORITHMS or not settings.algorithms:
            raise RequestError(f"Tokens signed with {odd} are not accepted; use RS256 or ES256")
        _check_roles(settings.roles)
        _check_address(settings.issuer)
        self._settings, self._client = settings, client
        self._kept: _Keys | None = None
        self._lock = Lock()

    def verify(self, token: str, now: datetime) -> Principal:
        """The bearer of the token.

        Raises TokenError where it is not good, not for us, or gives no role; ProviderError
        where the provider's keys cannot be fetched.
        """
        claims = self._claims(token, now)
        actor = f"oidc:{claims['sub']}"
        # The same person may have a user of ours: then both have the same mail address.
        mail = claims.get("email") if claims.get("email_verified") is True else None
        person = str(mail or actor).casefold()
        name = str(claims.get("name") or claims["sub"])
        return Principal(actor, self._role(claims), AuthMethod.SINGLE_SIGN_ON, person, name)

    def _claims(self, token: str, now: datetime) -> Mapping[str, Any]:
        given = self._settings
        try:
            found = self._signed(token, self._keys(now))
        except InvalidKeyIdError:
            # It names a key that we do not know: the provider may have changed its keys.
            found = self._signed_anew(token, now)
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=given.leeway_seconds,
            iss={"essential": True, "value": given.issuer},
            aud={"essential": True, "value": given.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(found.claims)
        except JoseError as error:
            raise TokenError(f"The token is not good: {error}") from error
        return found.claims

    def _signed(self, token: str, keys: KeySet) -> jwt.Token:
        """The token, where one of the keys has signed it. Raises InvalidKeyIdError for none."""
        try:
            return jwt.decode(token, keys, algorithms=self._settings.algorithms)
        except InvalidKeyIdError:
            raise
        except (JoseError, ValueError, TypeError) as error:
            raise TokenError(f"The token cannot be verified: {error}") from error

    def _signed_anew(self, token: str, now: datetime) -> jwt.Token:
        try:
            return self._signed(token, self._keys(now, is_unknown_key=True))
        except InvalidKeyIdError as error:
            raise TokenError(f"The token cannot be verified: {error}") from error

    def _role(self, claims: Mapping[str, Any]) -> Role:
        """The one role that the claims name: with two, duties that are apart would meet."""
        value: Any = claims
        for part in self._settings.role_claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        named = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        known = self._settings.roles or {role.value: role.value for role in Role}
        roles = {Role(known[one]) for one in named if isinstance(one, str) and one in known}
        if len(roles) != 1:
            text = ", ".join(sorted(roles)) or "none"
            raise TokenError(f"The claim {self._settings.role_claim!r} gives {text}, not one role")
        return roles.pop()

    def _keys(self, now: datetime, *, is_unknown_key: bool = False) -> KeySet:
        with self._lock:
            kept = self._kept
            longest = _ASK_AGAIN_SECONDS if is_unknown_key else _KEEP_SECONDS
            if kept is None or (now - kept.at).total_seconds() >= longest:
                kept = self._kept = _Keys(self._fetch_keys(), now)
            return kept.keys

    def _fetch_keys(self) -> KeySet:
        issuer = self._settings.issuer
        document = self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != issuer:
            raise ProviderError(f"{issuer} says that it is {document.get('issuer')!r}")
        address = str(document.get("jwks_uri") or "")
        try:
            _check_address(address)
            return KeySet.import_key_set({"keys": self._get(address).get("keys", [])})
        except RequestError as error:
            raise ProviderError(str(error)) from error
        except (JoseError, ValueError, TypeError) as error:
            raise ProviderError(f"{address} holds no keys: {error}") from error

    def _get(self, address: str) -> dict[str, Any]:
        try:
            with self._client.stream("GET", address, follow_redirects=False, timeout=5) as answer:
                answer.raise_for_status()
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > _LARGEST_ANSWER:
                        raise ProviderError(f"{address} answers with more than a megabyte")
            found = httpx.Response(200, content=body).json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderError(f"{address} cannot be read: {error}") from error
        if not isinstance(found, dict):
            raise ProviderError(f"{address} holds no JSON object")
        return found


def _check_roles(roles: Mapping[str, str]) -> None:
    if odd := [ours for ours in roles.values() if ours not in {role.value for role in Role}]:
        known = ", ".join(role.value for role in Role)
        raise RequestError(f"TUMEN_OIDC_ROLES names {odd[0]!r}, which is no role. Use {known}")


def _check_address(address: str) -> None:
    """Keys that came in clear could be anybody's; on the machine itself nobody is between."""
    parts = urlsplit(address)
    is_near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_near):
        raise RequestError(f"Single sign-on needs an https address, not {address!r}")
