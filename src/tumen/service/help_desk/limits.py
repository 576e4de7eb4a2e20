"""How often strangers may send the desk something: from one address, and all of them together."""

from __future__ import annotations

from time import monotonic

from tumen.service.access.limits import Allowance, Buckets, Rate
from tumen.service.problems import ProblemError

# Somebody in a crisis sends once or twice; an office behind one address a few times more.
_ONE_ADDRESS = Rate(1 / 60, 6)
_EVERYBODY = Rate(1 / 2, 120)
# Somebody with an account, or a program that hands on what came in elsewhere.
_KNOWN = Rate(1 / 5, 30)


class SendingLimit:
    """Counts what is sent. Whoever is signed in is counted by themselves."""

    def __init__(self, one: Rate = _ONE_ADDRESS, all_: Rate = _EVERYBODY) -> None:
        self._one, self._all, self._known = Buckets(one), Buckets(all_), Buckets(_KNOWN)

    def take(self, actor: str, address: str, now: float | None = None) -> Allowance:
        """Whether one more is allowed; `actor` is empty for a stranger."""
        at = monotonic() if now is None else now
        if actor:
            return self._known.take(actor, at)
        own = self._one.take(address, at)
        return self._all.take("everybody", at) if own.is_allowed else own

    def check(self, actor: str, address: str) -> None:
        """Raises ProblemError 429 where too much was sent."""
        allowance = self.take(actor, address)
        if not allowance.is_allowed:
            seconds = allowance.retry_after
            raise ProblemError(
                "too-many-requests",
                f"Too much was sent from here. Try again in {seconds} seconds, or telephone",
                headers={"Retry-After": str(seconds)},
            )
