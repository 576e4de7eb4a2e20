"""Screenings and the word statistics they rest on: kept whole, found newest first."""

from __future__ import annotations

import pytest
from stored_things import NOW, a_run, later

from tumen.errors import RequestError
from tumen.model.screening import Screening
from tumen.model.watching import Trigger
from tumen.store import Store


def test_a_screening_comes_back_as_it_went_in(store: Store) -> None:
    """All that is needed to repeat it is there."""
    run = a_run(trigger=Trigger.REQUEST, input_ref="", subjects=({"schema": "Person", "n": [1]},))
    with store.writing() as work:
        work.screenings.add(run)
    with store.reading() as work:
        assert work.screenings.get("S1") == run
        assert work.screenings.get("S2") is None


def test_outcomes_keep_their_order(store: Store) -> None:
    """Also those that are added later, and more than one statement takes."""
    outcomes = [Screening(f"P{n}", f"Kim {n}", problem="no name" * (n % 2)) for n in range(2000)]
    with store.writing() as work:
        work.screenings.add(a_run())
        work.screenings.add_outcomes("S1", outcomes[:1500])
        work.screenings.add_outcomes("S1", iter(outcomes[1500:]))
        work.screenings.add_outcomes("S1", [])
    with store.reading() as work:
        assert list(work.screenings.outcomes("S1")) == outcomes
        assert list(work.screenings.outcomes("S2")) == []


def test_an_id_is_given_once(store: Store) -> None:
    """A screening is evidence; another cannot take its place."""
    with store.writing() as work:
        work.screenings.add(a_run())
        with pytest.raises(RequestError, match="already stored"):
            work.screenings.add(a_run(actor="ben"))
        with pytest.raises(RequestError, match="no screening 'S9'"):
            work.screenings.add_outcomes("S9", [])


def test_screenings_are_found_newest_first_in_pages(store: Store) -> None:
    """By the order of storing, whatever the ids look like; of one book where asked."""
    refs = ["clients@1", "clients@2", "clients", "clientsX@1", "", "cli%@1"]
    with store.writing() as work:
        for number, ref in enumerate(refs):
            work.screenings.add(a_run(f"S{9 - number}", input_ref=ref, screened_at=later(number)))

    def found(**wanted: object) -> list[str]:
        with store.reading() as work:
            return [run.screening_id for run in work.screenings.find(**wanted)]

    assert found() == ["S4", "S5", "S6", "S7", "S8", "S9"]
    assert found(limit=2) == ["S4", "S5"]
    assert found(limit=2, before="S5") == ["S6", "S7"]
    assert found(before="S9") == found(before="nothing") == []
    assert found(book_id="clients") == ["S7", "S8", "S9"]
    assert found(book_id="cli%") == ["S4"]
    assert found(book_id="nobody") == []


def test_statistics_are_kept_by_their_content(store: Store) -> None:
    """Bytes come back the same; the same hash twice is one blob; the newest is in force."""
    blob = bytes(range(256)) * 50
    with store.writing() as work:
        assert work.basis.current() is None
        work.basis.add("h1", blob, NOW)
        work.basis.add("h1", b"other", later(1))
        work.basis.add("h2", b"", NOW)
        work.basis.set_current("h1", NOW)
        work.basis.set_current("h2", later(1))
        work.basis.set_current("h1", later(2))
    with store.reading() as work:
        assert work.basis.get("h1") == blob
        assert work.basis.get("h2") == b""
        assert work.basis.current() == "h1"
        with pytest.raises(RequestError, match="no word statistics 'h3'"):
            work.basis.get("h3")


def test_unknown_statistics_cannot_be_in_force(store: Store) -> None:
    """A screening that rests on them could never be repeated."""
    with pytest.raises(RequestError, match="no word statistics"), store.writing() as work:
        work.basis.set_current("h1", NOW)
