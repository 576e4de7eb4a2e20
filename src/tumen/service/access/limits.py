"""Token buckets: how often somebody may ask, and how often a sign-in may fail."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from threading import Lock


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once (`burst`), and so many a second after that."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether one more is allowed, how many are left, and the seconds until the next is."""

    is_allowed: bool
    left: int
    wait_seconds: float

    @property
    def retry_after(self) -> int:
        """Whole seconds to wait, at least one."""
        return max(1, ceil(self.wait_seconds))


class Buckets:
    """A bucket for each name, all of one rate. Instants are seconds of a monotonic clock.

    At most `most_names` are kept; the one that was not used for longest goes, and starts full
    again when it comes back.
    """

    def __init__(self, rate: Rate, most_names: int = 20_000) -> None:
        self.rate = rate
        self._most = most_names
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str, now: float) -> Allowance:
        """Take one from the bucket of `name`, if there is one in it."""
        with self._lock:
            level = self._level(name, now)
            is_allowed = _is_one(level)
            level -= is_allowed
            self._levels[name] = (level, now)
            self._levels.move_to_end(name)
            if len(self._levels) > self._most:
                self._levels.popitem(last=False)
        return self._allowance(level, is_allowed=is_allowed)

    def look(self, name: str, now: float) -> Allowance:
        """What `take` would say, without taking."""
        with self._lock:
            level = self._level(name, now)
        return self._allowance(level, is_allowed=_is_one(level))

    def refill(self, name: str) -> None:
        """Make the bucket of `name` full: a good sign-in forgives the slips before it."""
        with self._lock:
            self._levels.pop(name, None)

    def _level(self, name: str, now: float) -> float:
        level, since = self._levels.get(name, (float(self.rate.burst), now))
        return min(self.rate.burst, level + max(0.0, now - since) * self.rate.per_second)

    def _allowance(self, level: float, *, is_allowed: bool) -> Allowance:
        missing = max(0.0, 1 - level)
        wait = missing / self.rate.per_second if missing else 0.0
        return Allowance(is_allowed, int(level), wait)


def _is_one(level: float) -> bool:
    # Who waits for as long as was said must get in, whatever rounding took from the level.
    return level >= 1 - 1e-9


class SignInLimit:
    """Throttles failing sign-ins: by account and address, by address, and by account.

    Only failures count. The bucket of an account alone is wide, so that a stranger cannot lock
    its owner out with a few attempts, and still ends an attack from many addresses.
    """

    def __init__(self) -> None:
        self._pair = Buckets(Rate(1 / 30, 5))
        self._address = Buckets(Rate(1 / 5, 30))
        self._account = Buckets(Rate(1 / 10, 100))

    def allowance(self, account: str, address: str, now: float) -> Allowance:
        """Whether this account may be tried from this address now: the strictest of the three."""
        found = (
            self._pair.look(f"{account}\0{address}", now),
            self._address.look(address, now),
            self._account.look(account, now),
        )
        return max(found, key=lambda one: one.wait_seconds)

    def failed(self, account: str, address: str, now: float) -> None:
        """Count a failure."""
        self._pair.take(f"{account}\0{address}", now)
        self._address.take(address, now)
        self._account.take(account, now)

    def succeeded(self, account: str, address: str) -> None:
        """Forgive the failures of this account from this address."""
        self._pair.refill(f"{account}\0{address}")
