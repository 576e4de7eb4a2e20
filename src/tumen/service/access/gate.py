"""The gate: from what a request shows to who asks, or a refusal.

Looking up a key costs a read of the store, verifying a password 50 ms: what was found good is
remembered for seconds, so that a revoked key or user is out after `REMEMBER_SECONDS`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from threading import Lock
from time import monotonic

from tumen.errors import RequestError, TumenError
from tumen.model.access import User
from tumen.service.access.credentials import (
    Credential,
    KeyCredential,
    PasswordCredential,
    SessionCredential,
    TokenCredential,
    mark_of,
)
from tumen.service.access.keys import is_good
from tumen.service.access.limits import SignInLimit
from tumen.service.access.oidc import TokenError, TokenVerifier
from tumen.service.access.passwords import Passwords
from tumen.service.access.people import in_place_of, principal_of_user
from tumen.service.access.principal import LOOPBACK, AuthMethod, Principal
from tumen.service.access.sessions import is_to_be_noted, live_session
from tumen.store import Store

REMEMBER_SECONDS = 5.0
NOTHING_SHOWN = "no credential"
_MOST_REMEMBERED = 5_000


class NotAdmittedError(TumenError):
    """Nobody we know. `reason` is for the audit log: the asker is told no more than "no"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("No valid credential was given")


class TooManyAttemptsError(TumenError):
    """Too many sign-ins failed; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"Too many sign-ins failed. Try again in {retry_after} seconds")


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets in, or does not. `is_loopback` says that only this machine reaches the service."""

    store: Store
    is_loopback: bool
    passwords: Passwords
    tokens: TokenVerifier | None
    limit: SignInLimit
    memory: Memory
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds: Callable[[], float] = monotonic

    def recall(self, credential: Credential | None) -> Principal | None:
        """Who asks, as far as that is remembered: without any wait."""
        return self.memory.find(credential, self.seconds())

    def admit(self, credential: Credential | None, address: str) -> Principal:
        """Who asks. May read the store, hash a password, or ask the provider.

        Raises NotAdmittedError, or TooManyAttemptsError before anything is tried.
        """
        if found := self.recall(credential):
            return found
        if self.is_open():
            # No credential could be good: a client's key for another service changes nothing.
            principal = LOOPBACK
        elif credential is None:
            raise NotAdmittedError(NOTHING_SHOWN)
        else:
            principal = self._with(credential, address)
        self.memory.keep(credential, principal, self.seconds())
        return principal

    def is_open(self) -> bool:
        """Whether anybody may do all: only this machine asks, and nobody made a key or a user."""
        if not self.is_loopback or self.tokens is not None:
            return False
        with self.store.reading() as work:
            return not work.access.keys() and not work.access.users()

    def deputise(self, principal: Principal, name: str) -> Principal:
        """The caller in the place of another user. Raises RequestError where nobody said so."""
        with self.store.reading() as work:
            return in_place_of(work, principal, name, self.clock())

    def _with(self, credential: Credential, address: str) -> Principal:
        if isinstance(credential, SessionCredential):
            # Nobody guesses 256 bits: an old cookie is no attempt to sign in.
            return self._by_session(credential.token)
        account = _account(credential)
        allowance = self.limit.allowance(account, address, self.seconds())
        if not allowance.is_allowed:
            raise TooManyAttemptsError(allowance.retry_after)
        try:
            principal = self._verified(credential)
        except NotAdmittedError:
            self.limit.failed(account, address, self.seconds())
            raise
        self.limit.succeeded(account, address)
        return principal

    def _verified(self, credential: Credential) -> Principal:
        match credential:
            case KeyCredential():
                return self._by_key(credential)
            case PasswordCredential():
                return self._by_password(credential)
            case TokenCredential(token) if self.tokens is not None:
                try:
                    return self.tokens.verify(token, self.clock())
                except TokenError as error:
                    raise NotAdmittedError(str(error)) from error
        raise NotAdmittedError("a credential of no known kind")

    def _by_key(self, credential: KeyCredential) -> Principal:
        with self.store.reading() as work:
            key = work.access.key(credential.key_id)
        if key is None or not is_good(key, credential.secret, self.clock()):
            raise NotAdmittedError(f"key {credential.key_id} is not good")
        return Principal(f"key:{key.key_id}", key.role, AuthMethod.API_KEY, name=key.name)

    def _by_password(self, credential: PasswordCredential) -> Principal:
        with self.store.reading() as work:
            user = work.access.user_by_name(credential.name)
        if not self.passwords.verify(credential.password, _live_hash(user)) or user is None:
            raise NotAdmittedError("wrong name or password")
        return principal_of_user(user, AuthMethod.PASSWORD)

    def _by_session(self, token: str) -> Principal:
        now = self.clock()
        with self.store.reading() as work:
            found = live_session(work, token, now)
            if found is None:
                raise NotAdmittedError("the session is over")
            session, user = found
            principal = principal_of_user(user, AuthMethod.SESSION)
            if session.acting_for:
                try:
                    principal = in_place_of(work, principal, session.acting_for, now)
                except RequestError as error:
                    raise NotAdmittedError(str(error)) from error
        if is_to_be_noted(session, now):
            with self.store.writing() as work:
                work.people.see_session(session.token_hash, now)
        return principal


def _live_hash(user: User | None) -> str:
    """The hash of a user who may sign in; empty for all others, who then take as long."""
    return user.password_hash if user is not None and user.ended_at is None else ""


def _account(credential: Credential) -> str:
    match credential:
        case KeyCredential(key_id):
            return f"key:{key_id}"
        case PasswordCredential(name):
            return f"user:{name}"
    return "other"


class Memory:
    """Who was let in with what, for a few seconds. Holds no secret: only a keyed hash of it."""

    def __init__(self, seconds: float = REMEMBER_SECONDS) -> None:
        self._seconds = seconds
        self._salt = secrets.token_bytes(32)
        self._known: dict[bytes, tuple[Principal, float]] = {}
        self._lock = Lock()

    def find(self, credential: Credential | None, now: float) -> Principal | None:
        """Who was let in with this credential, if that is fresh."""
        found = self._known.get(self._mark(credential))
        return found[0] if found and now < found[1] else None

    def keep(self, credential: Credential | None, principal: Principal, now: float) -> None:
        """Remember who was let in."""
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[self._mark(credential)] = (principal, now + self._seconds)

    def forget(self) -> None:
        """Ask the store again: keys or users have changed."""
        with self._lock:
            self._known.clear()

    def _mark(self, credential: Credential | None) -> bytes:
        # Keyed BLAKE2b: as good as an HMAC here, and a tenth of its time.
        return blake2b(mark_of(credential), key=self._salt, digest_size=32).digest()


def make_gate(
    store: Store,
    *,
    is_loopback: bool,
    tokens: TokenVerifier | None = None,
    passwords: Passwords | None = None,
) -> Gate:
    """A gate over the keys and users of a store."""
    return Gate(store, is_loopback, passwords or Passwords(), tokens, SignInLimit(), Memory())
