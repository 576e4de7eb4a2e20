"""A book's results come in its order, one for each row, whatever the screener does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import TumenError
from tumen.model.entity import Entity
from tumen.model.screening import Screening
from tumen.scale import in_chunks
from tumen.screening.policy import Policy
from tumen.screening.run import screen_book
from tumen.screening.subject import RecordProblem, Subject


class Batches:
    """Reads ahead by batches, as the Screener does."""

    def __init__(self, size: int, change: Callable[[list[str]], list[str]] = list) -> None:
        self.size, self.change = size, change
        self.versions: list[Any] = []
        self.asked: dict[str, Any] = {}

    def screen_many(self, subjects: Iterable[Entity], **asked: Any) -> Iterator[Screening]:
        """A result for each subject."""
        self.asked = asked
        for chunk in in_chunks(subjects, self.size):
            for entity_id in self.change([entity.entity_id for entity in chunk]):
                yield Screening(entity_id, "", warnings=("own", "of the screener"))


def item(number: int, is_good: bool) -> Subject | RecordProblem:
    """A row of a book."""
    if not is_good:
        return RecordProblem(str(number), "", "Broken", "Mend it", f"row {number}")
    entity = Entity(str(number), "Person", {"name": (f"Ivan {number}",)})
    return Subject(entity, f"row {number}", ("own",))


@given(st.lists(st.booleans(), max_size=30), st.integers(min_value=1, max_value=7))
def test_every_row_has_its_result_in_its_place(rows: list[bool], size: int) -> None:
    """Problems stand between screened subjects exactly where their rows stood."""
    items = [item(number, is_good) for number, is_good in enumerate(rows)]
    found = list(screen_book(items, Batches(size), Policy()))
    assert [one.subject_id for one in found] == [str(number) for number in range(len(rows))]
    assert [one.was_screened for one in found] == rows
    assert [one.where for one in found] == [f"row {number}" for number in range(len(rows))]


def test_a_result_carries_what_the_row_said() -> None:
    """Place, entity, and each warning once."""
    (found,) = screen_book([item(1, True)], Batches(1), Policy(), warnings=("stale",))
    assert found.caption == "Ivan 1"
    assert found.warnings == ("own", "of the screener", "stale")
    assert found.subject["properties"] == {"name": ["Ivan 1"]}
    (problem,) = screen_book([item(2, False)], Batches(1), Policy(), warnings=("stale",))
    assert problem.problem == "Broken. Mend it"
    assert problem.warnings == ("stale",)


def test_the_policy_reaches_the_screener() -> None:
    """Threshold, cut-off and lists; no list named means all."""
    screener = Batches(1)
    list(screen_book([item(1, True)], screener, Policy(threshold=0.8), workers=2))
    assert screener.asked == {"threshold": 0.8, "cutoff": 0.8, "lists": None, "workers": 2}
    list(screen_book([item(1, True)], screener, Policy(lists=("a",), cutoff=0.5)))
    assert screener.asked == {"threshold": 0.7, "cutoff": 0.5, "lists": ("a",), "workers": 1}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda ids: ids[:-1], "gave no result for 3"),
        (lambda ids: [*ids, "9"], "a result for no subject"),
        (lambda ids: ids[::-1], "The result of 3 came for 1"),
    ],
)
def test_a_screener_that_loses_or_mixes_subjects_is_found_out(
    change: Callable[[list[str]], list[str]], problem: str
) -> None:
    """A subject without result must never look screened."""
    items = [item(number, True) for number in (1, 2, 3)]
    with pytest.raises(TumenError, match=problem):
        list(screen_book(items, Batches(3, change), Policy()))
