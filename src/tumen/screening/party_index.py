"""The index over the parties of a stored book, kept in segments beside the snapshots.

Derived, never the truth: it can be built again from the book. Large parts of the book make a
segment each, so that processes share the work; the parties that a new version of the book brings
or changes make a small one more. What a segment says of a party that has changed since is
harmless: whoever is found is screened as the book has them now.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import orjson

from tumen.matching.basis import Basis
from tumen.matching.facts import facts_of
from tumen.matching.parties import IndexedParty, PartyIndex
from tumen.matching.snapshot import FORMAT, Listed
from tumen.model.watching import BookVersion, Party
from tumen.names.name import Reading, read_name
from tumen.scale import in_chunks, run_chunks
from tumen.screening.batch import asked_readings, prepare
from tumen.store import Store
from tumen.store.work import Work

SEGMENT = 250_000
# More changed parties than this share of the book, and the whole is indexed anew.
_MOST_ASIDE, _MOST_SEGMENTS = 0.1, 40
# So many names are looked up at once.
_NAMES = 2_000
_CHAIN, _BASIS = "chain.json", "basis.bin"
Progress = Callable[[int, int], None]


class _Chain(NamedTuple):
    """The segments of an index with their sizes, and the version of the book they hold."""

    version: int
    segments: list[tuple[str, int]]


class BookIndex:
    """The parties of one version of a book, found by listed entries."""

    def __init__(self, folder: Path, segments: Sequence[str]) -> None:
        self._folders = [folder / name for name in segments]

    def touched(self, entries: Iterable[Listed], least: float, workers: int = 1) -> set[str]:
        """The parties that may have one of these entries as candidate, from a rough score."""
        readings: list[Reading] = []
        identifiers: set[tuple[str, str]] = set()
        for entry in entries:
            facts = facts_of(entry.entity)
            identifiers |= facts.identifiers
            for text, _ in facts.names:
                readings += read_name(text, facts.bearer)
        parts = [*in_chunks(readings, _NAMES)] or [[]]
        tasks = [(folder, part) for folder in self._folders for part in parts]
        search = partial(_search, least, frozenset(identifiers))
        found: set[str] = set()
        # To start processes takes as long as to look up some thousand names.
        workers = min(workers, len(tasks)) if len(readings) > _NAMES else 1
        for some in run_chunks(search, tasks, workers=workers):
            found |= some
        return found


def book_index(
    store: Store,
    root: Path,
    book: BookVersion,
    basis: Basis,
    workers: int = 1,
    progress: Progress | None = None,
) -> BookIndex:
    """The index of a version of a book below `root`, brought up to date or made where needed."""
    mark = hashlib.sha256(book.book_id.encode()).hexdigest()[:12]
    folder = root / mark / f"{basis.basis_hash[:12]}-{FORMAT}"
    chain = _read_chain(folder)
    if chain is None or chain.version > book.version:
        chain = _build(store, folder, book, basis, workers, progress)
    elif chain.version < book.version:
        chain = _extend(store, folder, chain, book, basis) or _build(
            store, folder, book, basis, workers, progress
        )
    return BookIndex(folder, [name for name, _ in chain.segments])


def changed_parties(work: Work, book_id: str, before: int, after: int) -> tuple[set[str], set[str]]:
    """The parties that a later version of a book brings or changes, and those it has no more."""
    old, new = (work.books.party_hashes(book_id, number) for number in (before, after))
    come = {party_id for party_id, content in new.items() if old.get(party_id) != content}
    return come, old.keys() - new.keys()


def _build(
    store: Store,
    folder: Path,
    book: BookVersion,
    basis: Basis,
    workers: int,
    progress: Progress | None,
) -> _Chain:
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    (fresh / _BASIS).write_bytes(basis.to_bytes())
    segments: list[tuple[str, int]] = []
    with store.reading() as work:
        parties = work.books.parties(book.book_id, book.version)
        chunks = _named(in_chunks(parties, SEGMENT), book.version)
        workers = workers if book.parties > SEGMENT // 10 else 1
        for name, size in run_chunks(partial(_make, fresh), chunks, workers=workers):
            segments.append((name, size))
            if progress is not None:
                progress(sum(size for _, size in segments), book.parties)
    chain = _write_chain(fresh, book, segments)
    # Indexes under other statistics are of no use any more.
    for other in folder.parent.iterdir():
        if other != fresh:
            shutil.rmtree(other, ignore_errors=True)
    os.replace(fresh, folder)
    return chain


def _extend(
    store: Store, folder: Path, chain: _Chain, book: BookVersion, basis: Basis
) -> _Chain | None:
    """The chain with a segment for what changed; None where the whole is better built anew."""
    segments, before = list(chain.segments), chain.version
    with store.reading() as work:
        come, _ = changed_parties(work, book.book_id, before, book.version)
        aside = sum(size for name, size in segments if name.startswith("side")) + len(come)
        if aside > _MOST_ASIDE * book.parties or len(segments) >= _MOST_SEGMENTS:
            return None
        parties = list(work.books.parties(book.book_id, book.version, come))
    if parties:
        name = f"side-{before}-{book.version}"
        _index(parties, basis).save(folder / name)
        segments.append((name, len(parties)))
    return _write_chain(folder, book, segments)


def _named(chunks: Iterable[list[Party]], version: int) -> Iterator[tuple[str, list[Party]]]:
    # Never a name that was there before: processes keep what they have opened.
    for number, chunk in enumerate(chunks, start=1):
        yield f"part-{version}-{number:04}", chunk


def _make(folder: Path, part: tuple[str, list[Party]]) -> tuple[str, int]:
    name, parties = part
    _index(parties, _basis(str(folder))).save(folder / name)
    return name, len(parties)


def _index(parties: Iterable[Party], basis: Basis) -> PartyIndex:
    return PartyIndex.build((_indexed(party) for party in parties), basis)


def _indexed(party: Party) -> IndexedParty:
    ready = prepare(party.entity)
    if isinstance(ready, str):  # It cannot be screened, and no entry can touch it.
        return IndexedParty(party.party_id, (), frozenset())
    return IndexedParty(party.party_id, asked_readings(ready), ready.facts.identifiers)


def _search(
    least: float, identifiers: frozenset[tuple[str, str]], task: tuple[Path, list[Reading]]
) -> set[str]:
    folder, readings = task
    index = _segment(str(folder))
    return index.near(readings, least) | index.bearers(identifiers)


@lru_cache(maxsize=64)
def _segment(folder: str) -> PartyIndex:
    return PartyIndex.open(Path(folder), _basis(str(Path(folder).parent)))


@lru_cache(maxsize=2)
def _basis(folder: str) -> Basis:
    return Basis.from_bytes((Path(folder) / _BASIS).read_bytes())


def _read_chain(folder: Path) -> _Chain | None:
    try:
        found = orjson.loads((folder / _CHAIN).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None  # None yet, or cut off while it was written.
    return _Chain(found["version"], [(name, size) for name, size in found["segments"]])


def _write_chain(folder: Path, book: BookVersion, segments: list[tuple[str, int]]) -> _Chain:
    fresh = folder / (_CHAIN + ".new")
    fresh.write_bytes(orjson.dumps({"version": book.version, "segments": segments}))
    os.replace(fresh, folder / _CHAIN)
    return _Chain(book.version, segments)
