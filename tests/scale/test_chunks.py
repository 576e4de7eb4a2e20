"""Chunks run anywhere give the same results in the same order, and errors say where."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import ListsMissingError, RecordError, SourceError, TumenError
from tumen.scale import in_chunks, run_chunks

_ready: list[int] = []


def double(chunk: list[int]) -> list[int]:
    """A pure function that a spawned worker can import."""
    return [2 * number for number in chunk]


def fail_on_seven(chunk: list[int]) -> list[int]:
    """Refuses the chunk that holds 7."""
    if 7 in chunk:
        raise RecordError("Seven", where="book.csv row 7", mend="Use eight")
    return chunk


def die(chunk: list[int]) -> list[int]:
    """Ends its process as a kill for want of memory does."""
    os._exit(9)


def get_ready() -> None:
    """A set-up that the function can see the effect of."""
    _ready.append(os.getpid())


def who_is_ready(chunk: list[int]) -> tuple[int, int, bool]:
    """How often this process was set up, which it is, and whether the set-up ran in it."""
    return len(_ready), os.getpid(), _ready[-1] == os.getpid()


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=9))
def test_chunks_hold_every_item_once_in_order(items: list[int], size: int) -> None:
    """No item is lost, repeated or moved by chunking."""
    chunks = list(in_chunks(items, size))
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(chunks)


def test_chunks_of_nothing_are_refused() -> None:
    """A size of 0 would loop for ever."""
    with pytest.raises(ValueError, match="at least one"):
        list(in_chunks([1], 0))


def test_no_workers_are_refused() -> None:
    """Zero workers would screen nothing and say nothing."""
    with pytest.raises(ValueError, match="At least one worker"):
        run_chunks(double, [[1]], workers=0)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_keep_the_order_of_the_chunks(workers: int) -> None:
    """Results belong to subjects by their place, so the order must hold in a pool too."""
    chunks = list(in_chunks(range(50), 3))
    assert list(run_chunks(double, chunks, workers=workers)) == [double(c) for c in chunks]


def test_fork_gives_the_same_results() -> None:
    """Where a caller must fork, nothing differs."""
    chunks = [[1], [2], [3]]
    found = run_chunks(double, chunks, workers=2, start_method="forkserver")
    assert list(found) == [[2], [4], [6]]


def test_few_chunks_are_held_at_a_time() -> None:
    """A book of any length is screened in bounded memory: input is pulled as results leave."""
    pulled = 0

    def source() -> Iterator[list[int]]:
        nonlocal pulled
        for number in range(100):
            pulled += 1
            yield [number]

    results = run_chunks(double, source(), workers=2)
    assert next(results) == [0]
    assert pulled <= 5
    results.close()  # type: ignore[attr-defined]
    assert pulled <= 5


def test_one_worker_runs_in_this_thread_and_lazily() -> None:
    """Without workers no process or thread is started."""
    seen: list[int] = []

    def note(chunk: list[int]) -> int:
        seen.append(threading.get_ident())
        return chunk[0]

    results = run_chunks(note, [[1], [2]])
    assert seen == []
    assert next(results) == 1
    assert seen == [threading.get_ident()]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_keeps_its_type_and_says_its_chunk(workers: int) -> None:
    """The caller still tells a bad record from missing lists, and finds the place."""
    results = run_chunks(fail_on_seven, in_chunks(range(12), 2), workers=workers)
    assert [next(results) for _ in range(3)] == [[0, 1], [2, 3], [4, 5]]
    with pytest.raises(RecordError, match="Seven") as caught:
        next(results)
    assert caught.value.__notes__ == ["In chunk 4"]
    assert (caught.value.where, caught.value.mend) == ("book.csv row 7", "Use eight")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_source_comes_after_what_was_read(workers: int) -> None:
    """A book that breaks off loses none of the rows before the break."""

    def source() -> Iterator[list[int]]:
        yield [1]
        yield [2]
        raise SourceError("The file breaks off")

    results = run_chunks(double, source(), workers=workers)
    assert [next(results), next(results)] == [[2], [4]]
    with pytest.raises(SourceError, match="breaks off"):
        next(results)


def test_a_worker_that_dies_is_an_error_with_its_place() -> None:
    """A killed process must never look like an empty result."""
    with pytest.raises(TumenError, match="worker process died at or before chunk 1"):
        list(run_chunks(die, [[1], [2]], workers=2))


@pytest.mark.parametrize("workers", [1, 2])
def test_set_up_runs_in_each_process_before_its_first_chunk(workers: int) -> None:
    """A snapshot is opened once per process, not once per chunk."""
    _ready.clear()
    found = list(
        run_chunks(who_is_ready, [[n] for n in range(6)], workers=workers, setup=get_ready)
    )
    assert all(count == 1 and is_own for count, _, is_own in found)
    assert (os.getpid() in {pid for _, pid, _ in found}) == (workers == 1)


def test_a_fatal_error_of_the_function_is_not_hidden() -> None:
    """Errors that are not ours pass through as they are."""

    def refuse(chunk: list[int]) -> None:
        raise ListsMissingError("None")

    with pytest.raises(ListsMissingError):
        list(run_chunks(refuse, [[1]]))
