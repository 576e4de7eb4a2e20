"""A suppression mutes one pair as it was seen; it lapses with what was seen, and hides no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tumen.errors import RequestError
from tumen.model.listing import ListEntry
from tumen.model.watching import HitState, Suppression
from tumen.screening.decide import lift, release, suppress
from tumen.screening.rescreen import rescreen
from tumen.screening.standing import BookScreening, Watchpost
from tumen.store import Store
from watched_book import at, entry, keep_book, load, party, standing, watchpost

FILLER = [entry(f"f{i}", f"Filler{chr(97 + i % 26)} Stays{chr(97 + i // 26)}") for i in range(40)]
PETROV = entry(1, "Ivan Petrov")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a list and a book; one party is listed."""
    with Store.open(f"sqlite:///{tmp_path}/tumen.db") as opened:
        load(opened, [*FILLER, PETROV], at(0))
        keep_book(opened, [party(1, "Ivan Petrov"), party(2, "Jane Roe")], at(0))
        yield opened


@pytest.fixture
def post(store: Store, tmp_path: Path) -> Watchpost:
    """Where the book was screened, with one open hit."""
    made = watchpost(store, tmp_path)
    rescreen(made, "b", at(0.1))
    return made


def _mute(store: Store, day: float = 0.2, expires_on: date | None = None) -> Suppression:
    with store.writing() as work:
        return suppress(
            work,
            "b",
            "p1",
            "alpha:1",
            reason="another man",
            decided_by="ann",
            now=at(day),
            expires_on=expires_on,
        )


def _after(store: Store, post: Watchpost, entries: list[ListEntry], day: float) -> BookScreening:
    load(store, entries, at(day))
    found = rescreen(post, "b", at(day))
    assert found is not None
    return found


def _states(store: Store) -> dict[str, str]:
    return {one.hit.entity_id: one.state.value for one in standing(store)}


def test_a_muted_hit_stays_muted_while_nothing_material_changes(
    store: Store, post: Watchpost
) -> None:
    """Another party's entry, and a cosmetic change of this one, bring it back to nobody."""
    _mute(store)
    found = _after(store, post, [*FILLER, PETROV, entry(2, "Someone Else")], 1)
    assert not any(found.changes.counts.values())
    assert _states(store) == {"alpha:1": "suppressed"}


def test_it_lapses_with_the_entry(store: Store, post: Watchpost) -> None:
    """A birth date that comes may be that of the party after all."""
    decided = _mute(store)
    found = _after(store, post, [*FILLER, entry(1, "Ivan Petrov", birthDate="1970-01-01")], 1)
    (lapsed,) = found.changes.lapsed
    assert lapsed.suppression_id == decided.suppression_id
    assert lapsed.lapse_reason == "The entry changed materially"
    assert [one.state for one in found.changes.opened] == [HitState.OPEN]
    with store.reading() as work:
        assert work.suppressions.active("b", at(1)) == []


def test_it_lapses_with_the_party(store: Store, post: Watchpost) -> None:
    """What was decided was decided of another record."""
    _mute(store)
    keep_book(store, [party(1, "Ivan Petrov", nationality="ru"), party(2, "Jane Roe")], at(1))
    found = rescreen(post, "b", at(1))
    assert found is not None
    assert [one.lapse_reason for one in found.changes.lapsed] == ["The party changed materially"]
    assert _states(store) == {"alpha:1": "open"}


def test_it_lapses_after_its_last_day(store: Store, post: Watchpost) -> None:
    """Without any change of list or book; on its last day it is still in force."""
    _mute(store, expires_on=at(2).date())
    assert rescreen(post, "b", at(2)) is None
    found = rescreen(post, "b", at(3))
    assert found is not None
    assert [one.lapse_reason for one in found.changes.lapsed] == ["Its date passed: 2024-02-22"]
    assert _states(store) == {"alpha:1": "open"}
    assert rescreen(post, "b", at(4)) is None


def test_it_hides_no_other_hit(store: Store, post: Watchpost) -> None:
    """Forty muted namesakes and a new one: the new one is there, and open."""
    namesakes = [entry(f"n{i}", "Ivan Petrov") for i in range(40)]
    _after(store, post, [*FILLER, *FILLER[:0], PETROV, *namesakes], 1)
    with store.writing() as work:
        for one in work.hits.standing("b"):
            suppress(work, "b", "p1", one.hit.entity_id, reason="other", decided_by="ann",
                     now=at(1.1))  # fmt: skip
    found = _after(store, post, [*FILLER, PETROV, *namesakes, entry("new", "PETROV Ivan")], 2)
    assert [one.hit.entity_id for one in found.changes.opened] == ["alpha:new"]
    assert list(_states(store).values()).count("suppressed") == 41


def test_what_comes_back_unchanged_is_still_muted(store: Store, post: Watchpost) -> None:
    """A relisting of the very same entry is the very same false positive."""
    _mute(store)
    _after(store, post, FILLER, 1)
    assert _states(store) == {"alpha:1": "proposed release"}
    _after(store, post, [*FILLER, PETROV], 2)
    assert _states(store) == {"alpha:1": "suppressed"}


def test_a_lifted_suppression_opens_its_hit(store: Store, post: Watchpost) -> None:
    """At once, and only once."""
    decided = _mute(store)
    with store.writing() as work:
        lift(work, decided.suppression_id, reason="a slip", now=at(1))
    assert _states(store) == {"alpha:1": "open"}
    with pytest.raises(RequestError), store.writing() as work:
        lift(work, decided.suppression_id, reason="a slip", now=at(2))


def test_no_hit_is_decided_that_does_not_stand(store: Store, post: Watchpost) -> None:
    """Nor without a reason, a person, or a day to come."""
    with store.writing() as work:
        given = {"reason": "x", "decided_by": "ann", "now": at(1)}
        with pytest.raises(RequestError, match="stands"):
            suppress(work, "b", "p2", "alpha:1", **given)
        with pytest.raises(RequestError, match="reason"):
            suppress(work, "b", "p1", "alpha:1", **{**given, "reason": " "})
        with pytest.raises(RequestError, match="over"):
            suppress(work, "b", "p1", "alpha:1", **given, expires_on=at(0).date())
        with pytest.raises(RequestError, match="still a hit"):
            release(work, "b", "p1", "alpha:1", now=at(1))
