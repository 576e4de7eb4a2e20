"""Each check passes, warns or fails at its boundary, and says what, where and how to go on."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_list import FACTS, an_entry, toy_info

from tumen.lists.check import Baseline, LoadOptions, check_version
from tumen.lists.reader import ParsedList
from tumen.model.listing import Check, CheckStatus, ListedName, ListVersion

DAY = date(2026, 2, 27)
TODAY = date(2026, 2, 28)


def parsed(keys: range, published_on: date | None = DAY, **more: Any) -> ParsedList:
    """A version with one named party for each key."""
    entries = [an_entry(str(key), [ListedName(f"Kim {key}")], "toy.json") for key in keys]
    return ParsedList("toy", "json", published_on, entries, **more)


def baseline(count: int, published_on: date | None = date(2026, 2, 1)) -> Baseline:
    """A current version with the keys 0 to `count`."""
    now = datetime(2026, 2, 1, tzinfo=UTC)
    version = ListVersion("toy", "c" * 64, "json", published_on, now, count, count, ("toy.json",))
    return Baseline(version, frozenset(f"toy-{key}" for key in range(count)))


def checked(
    found: ParsedList, current: Baseline | None = None, options: LoadOptions | None = None
) -> dict[str, Check]:
    """The checks by name."""
    options = options or LoadOptions()
    day = found.published_on or options.published_on
    checks = check_version(found, day, toy_info(), current, options, TODAY)
    return {check.name: check for check in checks}


def failed(checks: dict[str, Check]) -> set[str]:
    """The names of the checks that failed."""
    return {name for name, check in checks.items() if check.status is CheckStatus.FAILED}


def test_a_good_version_passes_everything() -> None:
    """Nothing warns where nothing is odd."""
    checks = checked(parsed(range(20)), baseline(20))
    assert {check.status for check in checks.values()} == {CheckStatus.PASSED}
    assert set(checks) == {"entries", "ids", "published_on", "min_entries", "order", "removed"}


def test_no_entries_is_never_a_version() -> None:
    """An empty list would clear everybody; no option accepts it."""
    options = LoadOptions(accept_shrunken=True)
    assert "entries" in failed(checked(parsed(range(0)), None, options))
    options = LoadOptions(is_history=True)
    assert "entries" in failed(checked(parsed(range(0)), None, options))


def test_double_ids_are_named_with_their_places() -> None:
    """A file loaded twice shows both records."""
    found = parsed(range(5))
    found.entries.append(found.entries[3])
    check = checked(found)["ids"]
    assert check.status is CheckStatus.FAILED
    assert "toy-3 at id 3, id 3" in check.message


@pytest.mark.parametrize(("count", "is_failed"), [(1, True), (2, False)])
def test_the_least_number_of_entries(count: int, is_failed: bool) -> None:
    """min_entries itself is enough, one fewer is not."""
    assert ("min_entries" in failed(checked(parsed(range(count))))) is is_failed


@pytest.mark.parametrize(
    ("before", "removed", "is_failed"),
    [(5, 1, False), (5, 2, True), (100, 10, False), (100, 11, True), (19, 1, False)],
)
def test_the_guard_against_shrinking(before: int, removed: int, is_failed: bool) -> None:
    """The larger of 1 entry and 10 percent may go, not more; additions do not make up for it."""
    kept_and_new = range(removed, before + 50)
    checks = checked(parsed(kept_and_new), baseline(before))
    assert ("removed" in failed(checks)) is is_failed
    assert f"{removed} of {before} entries of toy@cccccccccccc" in checks["removed"].message


def test_a_shrunken_version_says_what_is_gone_and_how_to_go_on() -> None:
    """The message names entities and the option."""
    message = checked(parsed(range(10, 20)), baseline(20))["removed"].message
    assert "toy-0, toy-1, toy-2 and 7 more" in message
    assert "--accept-shrunken" in message


def test_an_accepted_loss_is_on_record() -> None:
    """The override turns the failure into a warning that stays with the version."""
    options = LoadOptions(accept_shrunken=True)
    checks = checked(parsed(range(19, 20)), baseline(20), options)
    assert failed(checks) == set()
    for name in ("removed", "min_entries"):
        assert checks[name].status is CheckStatus.WARNING
        assert "Accepted with --accept-shrunken" in checks[name].message


@pytest.mark.parametrize(
    ("new", "current", "status"),
    [
        (date(2026, 2, 28), date(2026, 2, 27), CheckStatus.PASSED),
        (date(2026, 2, 27), date(2026, 2, 27), CheckStatus.PASSED),
        (date(2026, 2, 26), date(2026, 2, 27), CheckStatus.FAILED),
        (None, date(2026, 2, 27), CheckStatus.WARNING),
        (date(2026, 2, 27), None, CheckStatus.WARNING),
    ],
)
def test_a_version_never_goes_back_in_date(
    new: date | None, current: date | None, status: CheckStatus
) -> None:
    """Older than the current one is refused; what cannot be told is said."""
    check = checked(parsed(range(20), new), baseline(20, current))["order"]
    assert check.status is status
    if status is CheckStatus.FAILED:
        assert "--history" in check.message


def test_an_accepted_loss_does_not_turn_back_time() -> None:
    """--accept-shrunken is about entries alone."""
    options = LoadOptions(accept_shrunken=True)
    checks = checked(parsed(range(20), date(2020, 1, 1)), baseline(20), options)
    assert failed(checks) == {"order"}


def test_history_is_not_held_against_the_present() -> None:
    """A past version may be short, but not empty or double."""
    assert failed(checked(parsed(range(1)), None, LoadOptions(is_history=True))) == set()


def test_where_the_date_comes_from_is_said() -> None:
    """The file's own date, the option's, the file name's, or none."""
    undated = parsed(range(5), None)
    assert "the file states" in checked(parsed(range(5)))["published_on"].message
    given_day = checked(undated, None, LoadOptions(published_on=DAY))["published_on"]
    assert given_day.message.startswith("--published-on states")
    by_name = check_version(undated, DAY, toy_info(), None, LoadOptions(), TODAY)
    assert "the file name states 2026-02-27" in {check.message for check in by_name}
    unknown = checked(undated)["published_on"]
    assert unknown.status is CheckStatus.WARNING
    assert "--published-on" in unknown.message


@pytest.mark.parametrize(("day", "is_odd"), [(date(2026, 3, 1), False), (date(2026, 3, 2), True)])
def test_a_day_in_the_future_is_told(day: date, is_odd: bool) -> None:
    """A mistyped year would bar all later versions; a publisher's own is only strange."""
    typed = checked(parsed(range(5), None), None, LoadOptions(published_on=day))
    assert ("today" in failed(typed)) is is_odd
    stated = checked(parsed(range(5), day))
    assert failed(stated) == set()
    assert ("today" in stated) is is_odd


def test_a_given_date_never_overrules_the_file() -> None:
    """Two dates that differ are a mistake of one of them, not ours to choose."""
    options = LoadOptions(published_on=date(2026, 3, 1))
    check = checked(parsed(range(5)), None, options)["published_on"]
    assert check.status is CheckStatus.FAILED
    assert "2026-02-27" in check.message
    assert "2026-03-01" in check.message
    assert failed(checked(parsed(range(5)), None, LoadOptions(published_on=DAY))) == set()


def test_unusual_counts_and_fill_rates_warn() -> None:
    """They are signs of a changed format, not proof."""
    expected = {"entries": [10, 20], "fill": {"name": 0.9, "birthDate": 0.4, "Vessel.flag": 0.5}}
    info = toy_info(expected=expected, guard=FACTS["guard"])
    checks = check_version(parsed(range(5)), DAY, info, None, LoadOptions(), TODAY)
    warnings = [check.message for check in checks if check.status is CheckStatus.WARNING]
    assert warnings == [
        "5 entries, 10 to 20 are usual",
        "0.0% of 5 entries have birthDate, 40% is usual",
        "0.0% of 0 entries have Vessel.flag, 50% is usual",
    ]


def test_what_the_reader_could_not_map_is_shown() -> None:
    """Unknown values and the reader's warnings stay with the version, the commonest first."""
    unknown = Counter({"Type: ghost ship": 7, "Colour: grey": 1, "x" * 500: 3, "Mood: sad": 1})
    checks = checked(parsed(range(5), unknown=unknown, warnings=("alias.csv is missing",)))
    assert checks["reader"].message == "alias.csv is missing"
    message = checks["unknown"].message
    assert "could not be mapped: 12" in message
    assert message.index("ghost ship (7×)") < message.index("xxx")
    assert message.endswith("and 1 more")
    assert len(message) < 300
    assert failed(checks) == set()


@given(st.integers(2, 60), st.sets(st.integers(0, 59)), st.integers(0, 20))
def test_the_guard_never_lets_more_go_than_it_says(before: int, gone: set[int], new: int) -> None:
    """For any loss: refused exactly where more than max(1, 10 %) of the old ids are missing."""
    keys = [key for key in range(before) if key not in gone] + list(range(100, 100 + new))
    entries = [an_entry(str(key), [ListedName("Kim")]) for key in keys]
    checks = checked(ParsedList("toy", "json", DAY, entries), baseline(before))
    removed = len({key for key in gone if key < before})
    assert ("removed" in failed(checks)) is (removed > max(1, before * 0.1 // 1))
