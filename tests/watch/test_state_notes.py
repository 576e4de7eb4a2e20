"""Every answer says of its lists which could not be renewed, and since when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tumen.model.watching import ListHealth, ListState
from tumen.screening.versions import UsedVersion, state_notes

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
VERSIONS = [
    UsedVersion("alpha", "alpha@1", date(2026, 2, 27)),
    UsedVersion("beta", "beta@1"),
]


def a_state(health: ListHealth, hours: float, message: str = "") -> ListState:
    """Alpha's, last renewed so many hours ago."""
    return ListState("alpha", health, NOW, NOW - timedelta(hours=hours), message)


def test_good_lists_and_unknown_ones_need_no_words() -> None:
    """Neither do lists that are not in use."""
    other = ListState("gamma", ListHealth.UNREACHABLE, NOW, None, "gone")
    assert state_notes([a_state(ListHealth.GOOD, 2), other], VERSIONS, NOW, {"alpha": 24}) == ()
    assert state_notes([], VERSIONS, NOW) == ()


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (ListHealth.UNREACHABLE, "its publisher could not be reached"),
        (ListHealth.QUARANTINED, "its newest file was put aside and not taken over"),
    ],
)
def test_a_fault_is_said_with_the_age(health: ListHealth, words: str) -> None:
    """What is wrong, why, since when, and how old what is in use has become."""
    (note,) = state_notes([a_state(health, 30, "answered 500")], VERSIONS, NOW)
    assert note == (
        f"alpha: {words} (answered 500); last renewed 2026-03-01 02:30 UTC, alpha@1 is 3 days old"
    )


def test_nobody_looked_for_too_long() -> None:
    """A watch that does not run raises no alarm; the answers say it all the same."""
    good = a_state(ListHealth.GOOD, 25)
    (note,) = state_notes([good], VERSIONS, NOW, {"alpha": 24})
    assert "nobody looked for a new version, and 24 hours are the limit" in note
    assert state_notes([good], VERSIONS, NOW, {"alpha": 26}) == ()


def test_a_list_that_was_never_renewed_says_never() -> None:
    """And a long message does not fill every row of a result."""
    state = ListState("beta", ListHealth.UNREACHABLE, NOW, None, "x " * 400)
    (note,) = state_notes([state], VERSIONS, NOW)
    assert "last renewed never, beta@1 is of unknown age" in note
    assert len(note) < 400
