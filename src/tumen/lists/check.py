"""What is checked before a list version is accepted. Pure: it decides nothing, it only judges.

A truncated or stale file must never replace a good version: a listed party that is missing
from it would pass as "no hit". Each check says what it found, where, and how to go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tumen.lists.reader import ParsedList
from tumen.lists.registry import Expected, Guard, ListInfo
from tumen.model.listing import Check, CheckStatus, ListEntry, ListVersion

PASSED, WARNING, FAILED = CheckStatus.PASSED, CheckStatus.WARNING, CheckStatus.FAILED
# One odd value may be a paragraph; the version itself keeps it whole.
_SHOWN = 80
# A publisher's day may begin before ours.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The version that a new one would replace, and the entity ids in it."""

    version: ListVersion
    entity_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What the person who loads has said.

    `published_on` dates a file that states no date. `accept_shrunken` takes a version that
    lost more than the guard allows, `accept_older` one that goes back in date. `is_history`
    keeps it as a past version only.
    """

    published_on: date | None = None
    accept_shrunken: bool = False
    accept_older: bool = False
    is_history: bool = False
    is_starter: bool = False


def check_version(
    parsed: ParsedList,
    published_on: date | None,
    info: ListInfo,
    baseline: Baseline | None,
    options: LoadOptions,
    today: date,
) -> tuple[Check, ...]:
    """All checks of a version that would replace `baseline` (None where it replaces none)."""
    checks = [
        _has_entries(parsed.entries),
        _has_distinct_ids(parsed.entries, info.id_field),
        _is_dated(parsed, published_on, options),
    ]
    if published_on is not None and published_on > today + _AHEAD:
        checks.append(_is_of_the_future(published_on, today, options))
    if not options.is_history:
        checks.append(_is_long_enough(len(parsed.entries), info.guard, options))
    if baseline is not None:
        checks.append(_goes_forward(published_on, baseline.version, options))
        checks.append(_keeps_entries(parsed.entries, baseline, info.guard, options))
    checks.extend(_is_as_expected(parsed.entries, info.expected))
    checks.extend(Check("reader", WARNING, text) for text in parsed.warnings)
    checks.extend(_is_understood(parsed.unknown))
    return tuple(checks)


def _has_entries(entries: Sequence[ListEntry]) -> Check:
    if entries:
        return Check("entries", PASSED, f"{len(entries):,} entries")
    return Check("entries", FAILED, "No entries at all: the file is cut, or another format")


def _has_distinct_ids(entries: Sequence[ListEntry], id_field: str) -> Check:
    counts = Counter(entry.entity.entity_id for entry in entries)
    double = [entity_id for entity_id, count in counts.items() if count > 1]
    if not double:
        return Check("ids", PASSED, "every entry has its own id")
    places = [entry.locator for entry in entries if entry.entity.entity_id == double[0]]
    return Check(
        "ids",
        FAILED,
        f"{len(double):,} ids ({id_field}) stand at more than one entry: {_some(double)}; "
        f"{double[0]} at {_some(places)}. Load each file once",
    )


def _is_dated(parsed: ParsedList, published_on: date | None, options: LoadOptions) -> Check:
    if published_on is None:
        return Check(
            "published_on",
            WARNING,
            "The publisher's date is unknown: neither file nor file name states it. "
            "Give --published-on YYYY-MM-DD",
        )
    if parsed.published_on is not None:
        if options.published_on not in (None, parsed.published_on):
            return Check(
                "published_on",
                FAILED,
                f"The file says it was published on {parsed.published_on}, "
                f"--published-on says {options.published_on}. Leave the option out",
            )
        return Check("published_on", PASSED, f"the file states {published_on}")
    source = "--published-on states" if options.published_on else "the file name states"
    return Check("published_on", PASSED, f"{source} {published_on}")


def _is_of_the_future(published_on: date, today: date, options: LoadOptions) -> Check:
    # A mistyped year would bar every later version, since a version never goes back in date.
    text = f"Published on {published_on}, and today is {today}"
    if options.published_on is not None:
        return Check("today", FAILED, f"{text}. Give the right --published-on")
    return Check("today", WARNING, f"{text}: later versions may be refused as older")


def _is_long_enough(count: int, guard: Guard, options: LoadOptions) -> Check:
    if count >= guard.min_entries:
        return Check("min_entries", PASSED, f"at least {guard.min_entries:,} entries")
    text = f"{count:,} entries, fewer than the {guard.min_entries:,} that a whole list has"
    return _shrunken("min_entries", text, options)


def _goes_forward(published_on: date | None, current: ListVersion, options: LoadOptions) -> Check:
    before = current.published_on
    if published_on is None or before is None:
        return Check(
            "order",
            WARNING,
            "Cannot tell whether this is newer than the current version: "
            f"published {published_on or 'on an unknown day'}, "
            f"the current one {before or 'on an unknown day'}",
        )
    if published_on >= before:
        return Check("order", PASSED, f"not older than the current version of {before}")
    text = f"Published on {published_on}, before the current version of {before}"
    if options.accept_older:
        return Check("order", WARNING, f"{text}. Accepted all the same")
    advice = "To keep it as a past version, load it with --history"
    return Check("order", FAILED, f"{text}. {advice}")


def _keeps_entries(
    entries: Sequence[ListEntry], baseline: Baseline, guard: Guard, options: LoadOptions
) -> Check:
    removed = sorted(baseline.entity_ids - {entry.entity.entity_id for entry in entries})
    before = len(baseline.entity_ids)
    allowed = max(guard.max_removed_entries, int(before * guard.max_removed_percent / 100))
    text = f"{len(removed):,} of {before:,} entries of {baseline.version.version_id} are gone"
    if len(removed) <= allowed:
        return Check("removed", PASSED, f"{text}, {allowed:,} may be")
    return _shrunken("removed", f"{text}, {allowed:,} may be: {_some(removed)}", options)


def _shrunken(name: str, text: str, options: LoadOptions) -> Check:
    if options.accept_shrunken:
        return Check(name, WARNING, f"{text}. Accepted with --accept-shrunken")
    return Check(
        name,
        FAILED,
        f"{text}. Fetch the file again; if the authority did remove them, "
        "load it with --accept-shrunken",
    )


def _is_as_expected(entries: Sequence[ListEntry], expected: Expected) -> Iterator[Check]:
    low, high = expected.entries
    if not low <= len(entries) <= high:
        text = f"{len(entries):,} entries, {low:,} to {high:,} are usual"
        yield Check("expected_entries", WARNING, text)
    for key, least in expected.fill.items():
        schema, _, prop = key.rpartition(".")
        of_schema = [entry.entity for entry in entries if schema in ("", entry.entity.schema)]
        share = sum(1 for entity in of_schema if entity.get(prop)) / max(len(of_schema), 1)
        if share < least:
            text = f"{share:.1%} of {len(of_schema):,} entries have {key}, {least:.0%} is usual"
            yield Check("expected_fill", WARNING, text)


def _is_understood(unknown: Mapping[str, int]) -> Iterator[Check]:
    if unknown:
        most = [f"{key[:_SHOWN]} ({count:,}×)" for key, count in Counter(unknown).most_common(3)]
        text = f"Values that could not be mapped: {sum(unknown.values()):,}, of "
        yield Check("unknown", WARNING, text + _some(most, len(unknown)))


def _some(texts: Sequence[str], total: int | None = None) -> str:
    """The first three, and how many more there are."""
    more = (len(texts) if total is None else total) - 3
    return ", ".join(texts[:3]) + (f" and {more:,} more" if more > 0 else "")
