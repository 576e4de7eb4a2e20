"""The list versions that a screening used, as its results and its summary name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tumen.errors import ListsMissingError
from tumen.model.watching import ListHealth, ListState
from tumen.screening.policy import Policy


@dataclass(frozen=True, slots=True)
class UsedVersion:
    """One list version. Dates are None where neither the list nor the loading states them."""

    list_id: str
    version_id: str
    published_on: date | None = None
    retrieved_on: date | None = None
    entries: int = 0
    is_starter: bool = False

    def age_days(self, today: date) -> int | None:
        """Days since the publisher's own date, or since retrieval where the list states none."""
        since = self.published_on or self.retrieved_on
        return (today - since).days if since else None


def read_versions(described: Iterable[Mapping[str, Any]]) -> tuple[UsedVersion, ...]:
    """The versions that a snapshot describes (`Screener.versions`)."""
    return tuple(_read(one) for one in described)


def _read(described: Mapping[str, Any]) -> UsedVersion:
    published = described.get("published_on")
    retrieved = described.get("retrieved_at")
    list_id = str(described["list_id"])
    return UsedVersion(
        list_id,
        str(described.get("version_id") or f"{list_id}@{published or 'undated'}"),
        date.fromisoformat(published) if published else None,
        datetime.fromisoformat(retrieved).date() if retrieved else None,
        int(described.get("entries") or 0),
        bool(described.get("is_starter")),
    )


def versions_without_facts(entries: Mapping[str, int]) -> tuple[UsedVersion, ...]:
    """The versions of a snapshot that describes none, by the entries it has of each list."""
    return tuple(
        UsedVersion(list_id, f"{list_id} (states no version)", entries=count)
        for list_id, count in sorted(entries.items())
    )


def starter_notes(versions: Sequence[UsedVersion]) -> tuple[str, ...]:
    """What every result says where a starter list was in use; empty where none was."""
    starters = [version.list_id for version in versions if version.is_starter]
    if not starters:
        return ()
    which = "" if len(starters) == len(versions) else f" ({', '.join(starters)})"
    return (
        f"Screened against the starter lists that come with tumen{which}, a sample out of date: "
        "not for a decision. Load today's with: tumen lists fetch",
    )


def state_notes(
    states: Iterable[ListState],
    versions: Sequence[UsedVersion],
    now: datetime,
    stale_after_hours: Mapping[str, int] | None = None,
) -> tuple[str, ...]:
    """What every answer says of lists in use that could not be renewed; empty where all is well.

    `stale_after_hours` says of a list how long it may go without a good look at its publisher.
    """
    limits = stale_after_hours or {}
    by_list = {state.list_id: state for state in states}
    notes = (
        _state_note(by_list[version.list_id], version, now, limits.get(version.list_id))
        for version in versions
        if version.list_id in by_list
    )
    return tuple(note for note in notes if note)


def _state_note(
    state: ListState, version: UsedVersion, now: datetime, stale_after_hours: int | None
) -> str:
    fault = _FAULTS.get(state.health, "")
    if state.is_stale(stale_after_hours, now):
        fault = fault or "nobody looked for a new version"
        fault += f", and {stale_after_hours} hours are the limit"
    if not fault:
        return ""
    since = f"{state.succeeded_at:%Y-%m-%d %H:%M} UTC" if state.succeeded_at else "never"
    age = version.age_days(now.date())
    old = "of unknown age" if age is None else f"{age:,} days old"
    why = f" ({_short(state.message)})" if state.message else ""
    return f"{state.list_id}: {fault}{why}; last renewed {since}, {version.version_id} is {old}"


# Why a list is not as new as it could be, in the words of an answer.
_FAULTS = {
    ListHealth.UNREACHABLE: "its publisher could not be reached",
    ListHealth.QUARANTINED: "its newest file was put aside and not taken over",
}
_LONGEST_MESSAGE = 200


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 1]}…"


def used_versions(versions: Sequence[UsedVersion], policy: Policy) -> tuple[UsedVersion, ...]:
    """The versions of the policy's lists.

    Raises ListsMissingError where one of them, or every list, is missing.
    """
    if not versions:
        raise ListsMissingError(
            "There is no list to screen against. Load some: tumen lists load PATH"
        )
    present = {version.list_id for version in versions}
    missing = [list_id for list_id in policy.lists if list_id not in present]
    if missing:
        raise ListsMissingError(
            f"These lists are not loaded: {', '.join(missing)}. "
            f"Loaded are {', '.join(sorted(present))}"
        )
    return tuple(v for v in versions if not policy.lists or v.list_id in policy.lists)


def check_ages(
    versions: Sequence[UsedVersion], policy: Policy, today: date, *, accept_stale: bool = False
) -> tuple[str, ...]:
    """Nothing where every list is fresh enough; with `accept_stale` a sentence per stale list.

    The sentences belong into each result: they record that the policy was set aside. Raises
    ListsMissingError where a list is older than the policy allows, or its age is unknown.
    """
    limit = policy.max_list_age_days
    if limit is None:
        return ()
    stale = []
    for version in versions:
        age = version.age_days(today)
        if age is None or age > limit:
            old = "of unknown age" if age is None else f"{age:,} days old"
            allowed = f"policy {policy.name!r} allows {limit} days"
            stale.append(f"{version.version_id} is {old}, {allowed}")
    if stale and not accept_stale:
        raise ListsMissingError(
            f"{'; '.join(stale)}. Load a fresh list, or accept its age with --accept-stale"
        )
    return tuple(f"{text}; accepted by the user" for text in stale)
