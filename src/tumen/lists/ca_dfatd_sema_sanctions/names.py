"""Canada's name fields: several spellings in one, parted by `;`, `or`, `/` or a comma.

A comma may also belong to a name (`Ministry of Education, Science and Youth`), and half a name
would raise hits against half the world, so in doubt a field stays one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from tumen.lists.name_text import script_of, split_names

_PARTS = re.compile(r"\s*;\s*|\s+/\s+")
_LABEL = re.compile(
    r"(?:^|,\s*|\s+)(?:Arabic|Belarus+ian|Burmese|Chinese|French|Persian|Russian|Ukrainian)\s*:\s*"
)
_KNOWN_AS = re.compile(
    r"\(\s*(?:(?:also|formerly) known as|a\.?k\.?a\.?)\s+(.*?)\)?$", re.IGNORECASE
)
_LONG_WORD = re.compile(r"\w{6,}")
_SURELY_A_LIST = 4


def person_aliases(text: str) -> list[str]:
    """The names in a person's `Aliases`; a word alone beside a comma or `or` is half a name."""
    found: list[str] = []
    for part in _parts(text):
        for half in _if_full(part.split(" or "), part):
            for run in _runs(half):
                is_list = len(run) >= _SURELY_A_LIST
                found += run if is_list else _if_full(run, ", ".join(run))
    return _unique(found)


def entity_aliases(text: str) -> list[str]:
    """The names in an entity's `Aliases`, parted at a comma only where both sides are like."""
    found: list[str] = []
    for part in _parts(text):
        for run in [run for half in part.split(" or ") for run in _runs(half)]:
            shared = set.intersection(*(set(_LONG_WORD.findall(name.casefold())) for name in run))
            for name in run if shared else [", ".join(run)]:
                found += [spelling.text for spelling in split_names(name)]
    return _unique(found)


def entity_names(text: str) -> list[str]:
    """The names in `EntityOrShip`: English and French, `(also known as …)`, acronyms."""
    known_as = _KNOWN_AS.search(text)
    main = text[: known_as.start()] if known_as else text
    halves = _if_full(main.split("/"), main)
    found = [spelling.text for half in halves for spelling in split_names(half)]
    return _unique([*found, *(entity_aliases(known_as[1]) if known_as else [])])


def _parts(text: str) -> list[str]:
    return [piece for part in _PARTS.split(text) for piece in _LABEL.split(part)]


def _if_full(pieces: list[str], whole: str) -> list[str]:
    """The pieces if each is a whole name, not one word alone; else all of it as one."""
    return pieces if all(len(piece.split()) > 1 for piece in pieces) else [whole]


def _runs(text: str) -> list[list[str]]:
    """The pieces between commas, those of one script beside each other together."""
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    return [list(run) for _script, run in groupby(pieces, key=script_of)]


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.strip(" ,") for name in names if name.strip(" ,")))
