"""The same pure function over many chunks, wherever it runs: results come in the order given."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from tumen.errors import TumenError

T = TypeVar("T")
C = TypeVar("C")
R = TypeVar("R")


def in_chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items in the order given; the last may be shorter."""
    if size < 1:
        raise ValueError(f"A chunk holds at least one item, not {size}")
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def run_chunks(
    function: Callable[[C], R],
    chunks: Iterable[C],
    *,
    workers: int = 1,
    setup: Callable[[], object] | None = None,
    start_method: str = "spawn",
) -> Iterator[R]:
    """`function(chunk)` for every chunk, results in the order of the chunks.

    At most `2 * workers + 1` chunks are held at a time, however long the input. `setup` runs
    once in each process before its first chunk (to open a snapshot). With more than one
    worker, `function` and `setup` must be importable by name. An error keeps its type and
    carries a note with the chunk's number, from 1; a process that dies is a TumenError.
    """
    if workers < 1:
        raise ValueError(f"At least one worker is needed, not {workers}")
    if workers == 1:
        return _run_here(function, chunks, setup)
    return _run_in_pool(function, chunks, workers, setup, start_method)


def _run_here(
    function: Callable[[C], R], chunks: Iterable[C], setup: Callable[[], object] | None
) -> Iterator[R]:
    if setup is not None:
        setup()
    for number, chunk in enumerate(chunks, start=1):
        try:
            result = function(chunk)
        except BaseException as error:
            error.add_note(f"In chunk {number}")
            raise
        yield result


def _run_in_pool(
    function: Callable[[C], R],
    chunks: Iterable[C],
    workers: int,
    setup: Callable[[], object] | None,
    start_method: str,
) -> Iterator[R]:
    # Not "fork" by default: the parent may have threads (a progress bar, a BLAS pool), and a
    # forked child inherits their locks in whatever state they were.
    pool = ProcessPoolExecutor(
        workers, get_context(start_method), initializer=_start_worker, initargs=(setup,)
    )
    waiting: deque[Future[R]] = deque()
    source = _Numbered(chunks)
    done = 0
    try:
        for number, chunk in source:
            waiting.append(_submit(pool, function, chunk, number))
            if len(waiting) > 2 * workers:
                done += 1
                yield _result(waiting.popleft(), done)
        while waiting:
            done += 1
            yield _result(waiting.popleft(), done)
        if source.failure is not None:
            raise source.failure
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Numbered(Iterator[tuple[int, C]]):
    """Chunks with their numbers; an error of the source waits until what came before is done."""

    def __init__(self, chunks: Iterable[C]) -> None:
        self._source = enumerate(chunks, start=1)
        self.failure: TumenError | None = None

    def __next__(self) -> tuple[int, C]:
        try:
            return next(self._source)
        except TumenError as error:
            self.failure = error
            raise StopIteration from error


def _start_worker(setup: Callable[[], object] | None) -> None:
    # Ctrl-C reaches the whole process group; only the parent answers it, once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if setup is not None:
        setup()


def _submit(
    pool: ProcessPoolExecutor, function: Callable[[C], R], chunk: C, number: int
) -> Future[R]:
    try:
        return pool.submit(function, chunk)
    except BrokenProcessPool as error:
        raise _died(number) from error


def _result(future: Future[R], number: int) -> R:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise _died(number) from error
    except BaseException as error:
        error.add_note(f"In chunk {number}")
        raise


def _died(number: int) -> TumenError:
    return TumenError(
        f"A worker process died at or before chunk {number}. "
        "Use fewer workers if memory ran out, or one to see the error itself"
    )
