"""Incremental rescreening finds what screening the whole book finds, whatever changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tumen.errors import ListsMissingError, RequestError
from tumen.model.listing import ListEntry
from tumen.model.watching import HitState, Trigger
from tumen.screening.decide import release, suppress
from tumen.screening.rescreen import find_rescreening, rescreen
from tumen.screening.standing import screen_portfolio
from tumen.screening.subject import Subject
from tumen.store import Store
from watched_book import at, entry, keep_book, load, party, standing, told, watchpost

_GIVEN = ["Ivan", "Iwan", "Mohammed", "Muhammad", "Jong Un", "Jane", "Ali", "Wei", "Zebulon"]
_FAMILY = ["Petrov", "Petroff", "Kim", "Hassan", "al-Hasan", "Li", "Quillfeather", "Roe", "Ali"]
_PASSPORTS = ["", "", "", "P123456", "P654321"]
_BIRTHS = ["", "", "1970-01-01", "1970", "1985-05-05"]


@st.composite
def _person(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    words = [draw(st.sampled_from(_GIVEN)), draw(st.sampled_from(_FAMILY))]
    if draw(st.integers(0, 4)) == 0:
        words.append(draw(st.sampled_from(_FAMILY)))
    if draw(st.booleans()):
        words.reverse()
    given = {
        "passportNumber": draw(st.sampled_from(_PASSPORTS)),
        "birthDate": draw(st.sampled_from(_BIRTHS)),
    }
    return " ".join(words), {name: value for name, value in given.items() if value}


# Entries that stay, so that what changes is a small part: else the whole book is screened anyway.
_FILLER = [
    entry(f"f{i}", f"Filler{chr(97 + i % 26)}{i} Stays{chr(97 + i // 26)}") for i in range(80)
]

_LISTS = st.dictionaries(
    st.integers(0, 9), st.tuples(_person(), st.sampled_from(["TEST", "OTHER"])), min_size=1
)
_BOOKS = st.dictionaries(st.integers(0, 9), _person(), min_size=1)


def _entries(listed: dict[int, tuple[tuple[str, dict[str, str]], str]]) -> list[ListEntry]:
    return _FILLER + [
        entry(number, name, programme=programme, **values)
        for number, ((name, values), programme) in listed.items()
    ]


def _parties(book: dict[int, tuple[str, dict[str, str]]]) -> list[Subject]:
    return [party(number, name, **values) for number, (name, values) in book.items()]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(_LISTS, _BOOKS, st.integers(0, 3)), min_size=2, max_size=4))
def test_incremental_equals_full(
    steps: list[tuple[dict[int, tuple[tuple[str, dict[str, str]], str]],
                      dict[int, tuple[str, dict[str, str]]], int]],
) -> None:  # fmt: skip
    """Lists and books change together, people suppress and release: both ways agree each time."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/tumen.db") as store,
    ):
        post = watchpost(store, Path(folder))
        for day, (listed, book, decided) in enumerate(steps):
            load(store, _entries(listed), at(day))
            for book_id in ("one", "whole"):
                keep_book(store, _parties(book), at(day), book_id)
            found = rescreen(post, "one", at(day + 0.1))
            screen_portfolio(post, "whole", at(day + 0.1))
            if day and found is not None:
                assert found.run.trigger in (Trigger.DELTA, Trigger.BOOK)
                assert found.run.subjects
            assert told(standing(store, "one")) == told(standing(store, "whole"))
            _decide(store, decided, day)


def _decide(store: Store, decided: int, day: int) -> None:
    """A person mutes the first open hit, or releases the first that fell away, of both books."""
    now = at(day + 0.2)
    with store.writing() as work:
        for book_id in ("one", "whole"):
            hits = work.hits.standing(book_id)
            opened = [one for one in hits if one.state is HitState.OPEN]
            fallen = [one for one in hits if one.state is HitState.PROPOSED_RELEASE]
            if decided == 1 and opened:
                pair = opened[0].party_id, opened[0].hit.entity_id
                suppress(work, book_id, *pair, reason="other", decided_by="ann", now=now,
                         expires_on=at(day + 1).date())  # fmt: skip
            if decided == 2 and fallen:
                release(work, book_id, fallen[0].party_id, fallen[0].hit.entity_id, now=now)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the snapshot and the index of the book lie."""
    return tmp_path


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with a list and a book; one party is listed."""
    opened = Store.open(store_url)
    load(opened, [*_FILLER, entry(1, "Ivan Petrov", birthDate="1970-01-01")], at(0))
    keep_book(opened, [party(1, "Petrov, Ivan"), party(2, "Jane Roe")], at(0))
    yield opened
    opened.close()


def test_a_first_rescreening_is_of_the_whole_book(store: Store, folder: Path) -> None:
    """A book that was never screened has all to be screened."""
    found = rescreen(watchpost(store, folder), "b", at(1))
    assert found is not None
    assert (found.run.trigger, found.run.tally["subjects"]) == (Trigger.BOOK, 2)
    assert [one.party_id for one in found.changes.opened] == ["p1"]


def test_where_nothing_changed_nothing_is_screened(store: Store, folder: Path) -> None:
    """A run every hour must not fill the store with what is known."""
    post = watchpost(store, folder)
    assert rescreen(post, "b", at(1)) is not None
    assert rescreen(post, "b", at(2)) is None


def test_a_new_entry_touches_its_namesakes_alone(store: Store, folder: Path) -> None:
    """One party of two is screened, and the hit says by which screening."""
    post = watchpost(store, folder)
    rescreen(post, "b", at(1))
    load(store, [*_FILLER, entry(1, "Ivan Petrov", birthDate="1970-01-01"),
                 entry(2, "ROE, Jane")], at(2))  # fmt: skip
    found = rescreen(post, "b", at(2))
    assert found is not None
    assert found.run.subjects == ({"party_ids": ["p2"]},)
    assert [(one.party_id, one.screening_id) for one in found.changes.opened] == [
        ("p2", found.run.screening_id)
    ]


def test_what_is_delisted_is_proposed_for_release_and_stays(store: Store, folder: Path) -> None:
    """A row that vanished is evidence of a delisting, no proof: a person decides."""
    post = watchpost(store, folder)
    rescreen(post, "b", at(1))
    version = load(store, _FILLER, at(2))
    found = rescreen(post, "b", at(2))
    assert found is not None
    (proposed,) = found.changes.proposed
    assert proposed.state is HitState.PROPOSED_RELEASE
    assert version.version_id in proposed.note
    screen_portfolio(post, "b", at(3))
    assert [one.state for one in standing(store)] == [HitState.PROPOSED_RELEASE]
    with store.writing() as work:
        release(work, "b", "p1", "alpha:1", now=at(4))
        history = work.hits.history("b", "p1", "alpha:1")
    assert standing(store) == []
    assert [one.state for one in history] == [HitState.OPEN, HitState.PROPOSED_RELEASE]


def test_what_was_delisted_and_comes_back_is_open_again(store: Store, folder: Path) -> None:
    """A relisting is news, whatever was proposed before."""
    post = watchpost(store, folder)
    entries = [*_FILLER, entry(1, "Ivan Petrov", birthDate="1970-01-01")]
    rescreen(post, "b", at(1))
    load(store, _FILLER, at(2))
    rescreen(post, "b", at(2))
    load(store, entries, at(3))
    found = rescreen(post, "b", at(3))
    assert found is not None
    assert [one.party_id for one in found.changes.opened] == ["p1"]


def test_a_party_that_leaves_the_book_takes_no_hit_with_it(store: Store, folder: Path) -> None:
    """Closing an account releases nothing."""
    post = watchpost(store, folder)
    rescreen(post, "b", at(1))
    keep_book(store, [party(2, "Jane Roe")], at(2))
    found = rescreen(post, "b", at(2))
    assert found is not None
    assert [one.note for one in found.changes.proposed] == ["The party is no longer in the book"]


def test_a_party_that_cannot_be_screened_keeps_its_hits(store: Store, folder: Path) -> None:
    """Not screened is never no hit."""
    post = watchpost(store, folder)
    rescreen(post, "b", at(1))
    keep_book(store, [party(1, country="ru"), party(2, "Jane Roe")], at(2))
    found = rescreen(post, "b", at(2))
    assert found is not None
    assert [one.subject_id for one in found.changes.not_screened] == ["p1"]
    assert [one.state for one in standing(store)] == [HitState.OPEN]


def test_another_policy_screens_the_whole_book(store: Store, folder: Path) -> None:
    """What another threshold would find can be anywhere in the book."""
    rescreen(watchpost(store, folder), "b", at(1))
    found = rescreen(watchpost(store, folder, threshold=0.95), "b", at(2))
    assert found is not None
    assert found.run.trigger is Trigger.POLICY
    assert [one.note for one in found.changes.proposed] == [
        "Under this policy and engine it is no hit"
    ]


def test_new_parties_are_screened_against_all_lists(store: Store, folder: Path) -> None:
    """A change of the book meets every list; a side segment then finds the new party too."""
    post = watchpost(store, folder)
    entries = [*_FILLER, entry(1, "Ivan Petrov", birthDate="1970-01-01")]
    parties = [party(1, "Petrov, Ivan"), party(2, "Jane Roe")]
    parties += [party(f"-{i}", f"Some{chr(97 + i)} Body{i}") for i in range(20)]
    keep_book(store, parties, at(1))
    rescreen(post, "b", at(1))
    load(store, [*entries, entry(7, "Nobody Here")], at(2))
    rescreen(post, "b", at(2))  # The index of the book is made here.
    keep_book(store, [*parties, party(3, "Iwan Petrow")], at(3))
    found = rescreen(post, "b", at(3))
    assert found is not None
    assert [one.party_id for one in found.changes.opened] == ["p3"]
    load(store, [*entries, entry(8, "PETROV Ivan Sergeyevich")], at(4))
    found = rescreen(post, "b", at(4))
    assert found is not None
    assert {one.party_id for one in found.changes.opened} == {"p1", "p3"}


def test_a_hit_that_was_decided_meanwhile_is_screened_again(store: Store, folder: Path) -> None:
    """What is kept rests on what was read: nothing is overwritten in silence."""
    post = watchpost(store, folder)
    rescreen(post, "b", at(1))
    load(store, _FILLER, at(2))
    found = find_rescreening(post, "b", at(2))
    assert found is not None
    with store.writing() as work:
        work.hits.replace(standing(store), [], at(2))
    with pytest.raises(RequestError), store.writing() as work:
        found.keep(work)


def test_a_missing_list_is_refused(store: Store, folder: Path) -> None:
    """A policy that names a list must not be answered without it."""
    post = replace(watchpost(store, folder), policy=replace(watchpost(store, folder).policy,
                                                            lists=("alpha", "beta")))  # fmt: skip
    with pytest.raises(ListsMissingError, match="beta"):
        rescreen(post, "b", at(1))


def test_an_unknown_book_is_refused(store: Store, folder: Path) -> None:
    """Nothing screened must not look like nothing found."""
    with pytest.raises(RequestError, match="tumen book import"):
        rescreen(watchpost(store, folder), "c", at(1))
