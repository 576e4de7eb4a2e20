"""Entries found by words: what the service searches by, as rows of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tumen.model.entity import schemata
from tumen.model.vocabulary import value_label
from tumen.service.querying import parse_simple
from tumen.service.routes.search import window
from tumen.service.scopes import Scopes
from tumen.service.searching import Search, search
from tumen.service.sources.lists import DEFAULT
from tumen.service.wire import Wire

_MOST_NAMES = 3
_COUNTRIES = ("nationality", "country", "jurisdiction", "flag")


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """One entry that was found, with what tells it apart."""

    entity_id: str
    caption: str
    kind: str
    list_title: str
    names: tuple[str, ...]
    dates: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """One page of entries. `lists` are (id, title); `is_ready` is false while none is read."""

    rows: tuple[FoundEntry, ...] = ()
    total: int = 0
    lists: tuple[tuple[str, str], ...] = ()
    is_ready: bool = True


def find_entries(
    scopes: Scopes | None, text: str, list_id: str, offset: int, limit: int
) -> FoundEntries:
    """The entries that a text finds, best first; all of a list where there is no text."""
    if scopes is None or DEFAULT not in scopes.datasets:
        return FoundEntries(is_ready=False)
    lists = tuple(_lists(scopes))
    within = list_id if list_id in dict(lists) else DEFAULT
    if not text and within == DEFAULT:
        return FoundEntries(lists=lists)
    asked = Search(parse_simple(text), filters=(("target", "true"),))
    limit, offset = window(limit, offset)
    found = search(scopes, scopes.scope(within), asked, limit, offset)
    rows = tuple(_row(scopes, scopes.entities.whole(number)) for number in found.numbers)
    # Nobody turns hundreds of pages, and the search orders no more than this.
    return FoundEntries(rows, min(found.total, window(10**6, 0)[0]), lists)


def _lists(scopes: Scopes) -> Iterator[tuple[str, str]]:
    for name in sorted(scopes.scope(DEFAULT).names - {DEFAULT}):
        yield name, scopes.datasets[name].title


def _row(scopes: Scopes, wire: Wire) -> FoundEntry:
    properties = wire["properties"]
    names = [*properties.get("name", ()), *properties.get("alias", ())]
    others = tuple(name for name in dict.fromkeys(names) if name != wire["caption"])
    codes = [code for name in _COUNTRIES for code in properties.get(name, ())]
    titles = [scopes.datasets[one].title for one in wire["datasets"] if one in scopes.datasets]
    return FoundEntry(
        wire["id"],
        wire["caption"],
        schemata()[wire["schema"]].label,
        ", ".join(titles),
        others[:_MOST_NAMES],
        tuple(properties.get("birthDate", ()) or properties.get("incorporationDate", ())),
        tuple(dict.fromkeys(value_label("country", code) for code in codes)),
    )
