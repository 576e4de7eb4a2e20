"""Trace context of the W3C: which trace a request belongs to, and where we stand in it."""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

# The name that clients of the peer look for in `tracestate`.
VENDOR = "yente"
_PARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")


class Trace(NamedTuple):
    """One request's place in a trace; `state` is what others have noted on the way."""

    trace_id: str
    span_id: str
    flags: str = "00"
    state: tuple[tuple[str, str], ...] = ()

    @property
    def parent_header(self) -> str:
        """What goes into `traceparent`."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    @property
    def state_header(self) -> str:
        """What goes into `tracestate`: ourselves first."""
        return ",".join(f"{key}={value}" for key, value in ((VENDOR, self.span_id), *self.state))


def trace_of(parent: str, state: str) -> Trace:
    """The trace that a request's headers name; a new one where they name none that is valid."""
    span_id = secrets.token_hex(8)
    found = _PARENT.fullmatch(parent.strip())
    if found is None or found[1] == "ff" or not found[2].strip("0") or not found[3].strip("0"):
        return Trace(secrets.token_hex(16), span_id, state=_others(state))
    return Trace(found[2], span_id, found[4], _others(state))


def _others(state: str) -> tuple[tuple[str, str], ...]:
    """What others noted; what is no `key=value` is left out, as the standard allows."""
    parts = [span.split("=") for span in state.split(",") if span]
    pairs = [(part[0].strip().lower(), part[1].strip().lower()) for part in parts if len(part) == 2]
    return tuple((key, value) for key, value in pairs if key != VENDOR)
