"""Word tables in `data/*.yml`: read once, as plain text, and looked up by word or by phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

import yaml

Value = TypeVar("Value")

# Endings of a Russian adjective in the romanisations that lists and passports use.
_ADJECTIVE_ENDINGS = (
    "yy yi y iy ii ij ie i yj aya aia aja oe oye oie oje ee eye yaya iaia ye ykh ikh yh ogo ego "
    "oy oi oj ei ey ym im ymi om omu uyu uiu nyy ny niy nyi naya noe noye nye nogo noi noy nykh"
)


_SHORT_ADJECTIVE = re.compile(r"(?<=[a-z]{3})(?:iy|yy|yi|ii)$")
_NEUTER = re.compile(r"(?<=[a-z]{3})([oi])e$")


@cache
def table(name: str) -> dict[str, Any]:
    """The table `data/<name>.yml`. Every scalar is text: `no` and `on` are words here."""
    text = files("tumen.names").joinpath("data", f"{name}.yml").read_text("utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    loaded: dict[str, Any] = yaml.load(text, Loader=loader)
    return loaded


def spellings(listed: str) -> Iterator[tuple[str, ...]]:
    """The comma-separated spellings of a table's line, as words; stems (`torgov~`) spelt out."""
    for spelling in listed.split(","):
        words = tuple(spelling.split())
        if words and words[-1].endswith("~"):
            stem = words[-1][:-1]
            for ending in _ADJECTIVE_ENDINGS.split():
                yield (*words[:-1], stem + ending)
        elif words:
            yield words


def romanised(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """A Russian phrase in the romanisations in use: `-iy`, `-yy` or `-y`; `-oe` or `-oye`."""
    short = tuple(_SHORT_ADJECTIVE.sub("y", word) for word in words)
    return {
        words,
        short,
        *(tuple(_NEUTER.sub(r"\1ye", word) for word in w) for w in (words, short)),
    }


class Phrases(Generic[Value]):
    """Phrases of one or more words, looked up by the longest that starts at a place."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], Value]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for words, value in entries:
            self._by_first.setdefault(words[0], []).append((words, value))
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def starting_at(self, words: Sequence[str], start: int) -> Iterator[tuple[Value, int]]:
        """The phrases that start at `start`, longest first, each with where it ends."""
        for phrase, value in self._by_first.get(words[start], ()):
            end = start + len(phrase)
            if len(phrase) == 1 or tuple(words[start:end]) == phrase:
                yield value, end

    def longest(self, words: Sequence[str], start: int) -> tuple[Value, int] | None:
        """The longest phrase that starts at `start`, with where it ends."""
        return next(self.starting_at(words, start), None)
