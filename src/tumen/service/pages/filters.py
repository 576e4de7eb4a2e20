"""How pages write instants, days, numbers, scores and addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def instant(value: datetime | None) -> str:
    """An instant in UTC, to the minute."""
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else "–"


def day(value: date | datetime | None) -> str:
    """A day."""
    return f"{value:%Y-%m-%d}" if value else "–"


def time_element(value: datetime | None) -> Markup:
    """An instant that programs can read too."""
    if value is None:
        return Markup("–")
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), instant(value))


def span(seconds: float | timedelta) -> str:
    """A length of time in its largest unit: `3 days`, `1 hour`, `under a minute`."""
    left = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
    left = abs(left)
    for size, unit in _STEPS:
        if left >= size:
            count = int(left // size)
            return f"{count:,} {unit}" + ("s" if count > 1 else "")
    return "under a minute"


def number(value: float) -> str:
    """A whole number with thousands apart."""
    return f"{value:,.0f}"


def score(value: float) -> str:
    """A score as a reviewer reads it."""
    return f"{value:.2f}"


def percent(value: float) -> str:
    """A share as whole percent; never 100 % for less than all."""
    shown = round(value * 100)
    return f"{min(shown, 99) if value < 1 else shown} %"


def path(value: str) -> str:
    """A value as one part of an address."""
    return quote(value, safe="")


def outside(value: str) -> str:
    """An address of the web that may be linked to; `#` for any other scheme."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return "#"
    return value if parts.scheme in ("http", "https") and parts.netloc else "#"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 hit`, `2 hits`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


FILTERS: dict[str, Callable[..., Any]] = {
    "instant": instant,
    "day": day,
    "time": time_element,
    "span": span,
    "number": number,
    "score": score,
    "percent": percent,
    "path": path,
    "outside": outside,
    "plural": plural,
}
