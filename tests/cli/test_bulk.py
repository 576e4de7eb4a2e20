"""A small book is screened at once, a large one by all cores; the collector is left as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tumen.cli import bulk
from tumen.cli.bulk import calm_collector, choose_workers, usable_cores
from tumen.errors import SourceError
from tumen.model.entity import Entity
from tumen.screening.subject import Subject


def rows(number: int) -> Iterator[Subject]:
    """Invented subjects."""
    return (Subject(Entity(str(n), "Person", {"name": ("A",)})) for n in range(number))


@pytest.mark.parametrize(("number", "workers"), [(1, 1), (10, 1), (11, 3), (30, 3)])
def test_the_number_of_rows_decides(
    monkeypatch: pytest.MonkeyPatch, number: int, workers: int
) -> None:
    """And no row is lost in looking."""
    monkeypatch.setattr(bulk, "SMALL_BOOK", 10)
    monkeypatch.setattr(bulk, "usable_cores", lambda: 3)
    items, found = choose_workers(rows(number), None)
    assert found == workers
    assert [item.subject_id for item in items] == [str(n) for n in range(number)]


def test_what_the_user_says_counts() -> None:
    """Also for a book of one row, of which no more is read than that."""
    source = rows(3)
    items, found = choose_workers(source, 4)
    assert found == 4
    assert next(source).subject_id == "1"
    assert [item.subject_id for item in items] == ["0", "2"]


@pytest.mark.parametrize("wanted", [None, 2])
def test_a_book_that_cannot_be_read_is_refused_before_anything_else(wanted: int | None) -> None:
    """Its error comes from here."""

    def broken() -> Iterator[Subject]:
        raise SourceError("No book")
        yield

    with pytest.raises(SourceError, match="No book"):
        choose_workers(broken(), wanted)


def test_cores_are_counted() -> None:
    """From one to eight."""
    assert 1 <= usable_cores() <= 8


def test_the_collector_is_put_back() -> None:
    """Also after an error: a program that calls us keeps its own settings."""
    before = gc.get_threshold()
    seen = []

    def work() -> None:
        with calm_collector():
            seen.append((gc.get_threshold(), gc.get_freeze_count() > 0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert seen == [((200_000, 50, 100), True)]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
