"""Finds entities by words and by exact values: a full-text index in an SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from tumen.service.columns import Mask
from tumen.service.wire import Wire, keywords_of, values_of, words

_CHUNK = 10_000
_CACHE_KIB = 512 * 1024
# A word in a name weighs as much as three elsewhere.
_NAME_WEIGHT = 3.0
_TABLES = """
CREATE VIRTUAL TABLE words USING fts5(
  names, texts, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
CREATE TABLE field (field_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE keyword (field_id INTEGER, value TEXT, number INTEGER,
  PRIMARY KEY (field_id, value, number)) WITHOUT ROWID;
"""


class Found(NamedTuple):
    """For each entity whether it is found, and how well (0 where it is not)."""

    mask: Mask
    scores: NDArray[np.float32]


class TextIndex:
    """Read-only; safe to be used from several threads."""

    def __init__(self, path: Path, size: int) -> None:
        # The file is never written again, so no lock of it is needed.
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._size = size
        self._lock = threading.Lock()
        self._opened: tuple[int, sqlite3.Connection] | None = None
        self._fields = dict(self._rows("SELECT name, field_id FROM field"))
        self.having = lru_cache(maxsize=64)(self._having)

    def open(self) -> sqlite3.Connection:
        """The file, opened by this very process: a connection cannot be taken across a fork."""
        pid = os.getpid()
        if self._opened is None or self._opened[0] != pid:
            opened = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            self._opened = (pid, opened)
        return self._opened[1]

    def has_field(self, name: str) -> bool:
        """Whether any entity has a value in this field."""
        return name in self._fields

    def match(self, expression: str) -> Found:
        """The entities that an expression of SQLite's FTS5 finds."""
        rows = self._rows(
            f"SELECT rowid, -bm25(words, {_NAME_WEIGHT}, 1.0) FROM words WHERE words MATCH ?",
            expression,
        )
        return self._found(rows)

    def _having(self, name: str, values: frozenset[str]) -> Mask:
        """For each entity, whether a field has any of these exact values."""
        wanted = sorted(values)
        marks = ",".join("?" * len(wanted))
        return self._numbers(name, f"value IN ({marks})", wanted)

    def holders(self, name: str, value: str) -> list[int]:
        """The numbers of the entities of which a field has this exact value."""
        query = "SELECT number FROM keyword WHERE field_id = ? AND value = ? ORDER BY number"
        rows = self._rows(query, self._fields.get(name, -1), value)
        return [number for (number,) in rows]

    def between(self, name: str, comparisons: Sequence[tuple[str, str]]) -> Mask:
        """For each entity, whether a value of a field meets all of (`>=`, "1960") …"""
        where = " AND ".join(f"value {sign} ?" for sign, _ in comparisons) or "1"
        return self._numbers(name, where, [value for _, value in comparisons])

    def like(self, name: str, pattern: str) -> Mask:
        """For each entity, whether a value of a field fits a pattern of `*` and `?`."""
        return self._numbers(name, "value GLOB ?", [pattern])

    def extremes(self, name: str, *, is_least: bool) -> dict[int, str]:
        """By entity number, the least or greatest value of a field."""
        choice = "min" if is_least else "max"
        rows = self._rows(
            f"SELECT number, {choice}(value) FROM keyword WHERE field_id = ? GROUP BY number",
            self._fields.get(name, -1),
        )
        return dict(rows)

    def words_near(self, word: str, slips: int) -> list[str]:
        """The words of the index that are at most so many slips away."""
        near = extract_iter(word, self._vocabulary(), scorer=OSA.distance, score_cutoff=slips)
        return [found for found, _, _ in near]

    def words_like(self, pattern: str) -> list[str]:
        """The words of the index that fit a pattern of `*` and `?`, at most some hundreds."""
        rows = self._rows("SELECT term FROM vocabulary WHERE term GLOB ? LIMIT 500", pattern)
        return [term for (term,) in rows]

    @lru_cache(maxsize=1)  # noqa: B019 - an index lives as long as its generation
    def _vocabulary(self) -> list[str]:
        return [term for (term,) in self._rows("SELECT term FROM vocabulary")]

    def _numbers(self, name: str, where: str, values: Sequence[str]) -> Mask:
        mask = np.zeros(self._size, dtype=bool)
        if name in self._fields:
            query = f"SELECT number FROM keyword WHERE field_id = ? AND {where}"
            rows = self._rows(query, self._fields[name], *values)
            mask[[number for (number,) in rows]] = True
        mask.setflags(write=False)
        return mask

    def _found(self, rows: Sequence[tuple[int, float]]) -> Found:
        mask = np.zeros(self._size, dtype=bool)
        scores = np.zeros(self._size, dtype=np.float32)
        if rows:
            numbers = np.fromiter((row for row, _ in rows), dtype=np.int64, count=len(rows))
            mask[numbers] = True
            scores[numbers] = [score for _, score in rows]
        return Found(mask, scores)

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self.open().execute(query, values).fetchall()


class TextWriter:
    """Writes the index; `finish` packs it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        # A file that is not finished is thrown away: nothing in it needs to survive a crash.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        # Keywords come in no order: what they are put between should be in memory.
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connection.executescript(_TABLES)
        self._fields: dict[str, int] = {}
        self._texts: list[tuple[int, str, str]] = []
        self._keywords: list[tuple[int, str, int]] = []

    def add(self, number: int, wire: Wire) -> None:
        """Add the entity with this number."""
        names = _joined(values_of(wire, "names"))
        texts = _joined(value for values in wire["properties"].values() for value in values)
        self._texts.append((number, names, texts))
        for name, value in dict.fromkeys(keywords_of(wire)):
            field_id = self._fields.setdefault(name, len(self._fields))
            self._keywords.append((field_id, value, number))
        if len(self._texts) >= _CHUNK:
            self._flush()

    def finish(self) -> None:
        """Write what is left, and pack it."""
        self._flush()
        self._connection.executemany(
            "INSERT INTO field (name, field_id) VALUES (?, ?)", self._fields.items()
        )
        self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.commit()
        self._connection.execute("ANALYZE")
        self._connection.commit()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _flush(self) -> None:
        self._connection.executemany(
            "INSERT INTO words (rowid, names, texts) VALUES (?, ?, ?)", self._texts
        )
        self._connection.executemany("INSERT INTO keyword VALUES (?, ?, ?)", self._keywords)
        self._texts.clear()
        self._keywords.clear()


def _joined(values: Iterable[str]) -> str:
    # A word that no text holds keeps phrases from running over from one value into the next.
    return " \ue000 ".join(" ".join(words(value)) for value in dict.fromkeys(values))
