"""A store with invented list versions and books, to be screened again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from tumen.model.entity import Entity
from tumen.model.listing import Designation, ListedName, ListEntry, ListVersion
from tumen.model.watching import StandingHit
from tumen.screening.books import import_book
from tumen.screening.policy import Policy
from tumen.screening.standing import Watchpost
from tumen.screening.subject import Subject
from tumen.store import Store

LIST = "alpha"
START = datetime(2024, 2, 20, 6, tzinfo=UTC)


def at(days: float) -> datetime:
    """An instant so many days after the start."""
    return START + timedelta(days=days)


def entry(
    number: object,
    *names: str,
    schema: str = "Person",
    programme: str = "TEST",
    list_id: str = LIST,
    **values: str,
) -> ListEntry:
    """A list entry with these names."""
    properties = {"name": tuple(names), **{name: (value,) for name, value in values.items()}}
    return ListEntry(
        Entity(f"{list_id}:{number}", schema, properties),
        tuple(ListedName(name) for name in names),
        (Designation("Toy Authority", programme),),
    )


def load(
    store: Store, entries: Sequence[ListEntry], now: datetime, list_id: str = LIST
) -> ListVersion:
    """Store a version of a list and make it current; one that is there is made current again."""
    content = sha256(repr((list_id, entries)).encode()).hexdigest()
    names = sum(len(one.names) for one in entries)
    version = ListVersion(
        list_id, content, "toy", now.date(), now, len(entries), names, ("toy.json",)
    )
    if store.version(version.version_id) is None:
        store.add_version(version, entries)
    else:
        store.set_current(version.version_id, now)
    return version


def party(number: object, *names: str, schema: str = "Person", **values: str) -> Subject:
    """A party of a book with these names."""
    properties: dict[str, tuple[str, ...]] = {name: (v,) for name, v in values.items()}
    if names:
        properties["name"] = tuple(names)
    return Subject(Entity(f"p{number}", schema, properties))


def keep_book(store: Store, parties: Iterable[Subject], now: datetime, book_id: str = "b") -> None:
    """Import a version of a book."""
    import_book(store, book_id, parties, now, "book.csv")


def watchpost(store: Store, folder: Path, **policy: Any) -> Watchpost:
    """Where the tests screen."""
    return Watchpost(store, folder / "snapshot", Policy(**policy), "tester")


def told(hits: Iterable[StandingHit]) -> list[tuple[Any, ...]]:
    """Standing hits without the book and the time, to be compared."""
    return [
        (one.party_id, one.hit, one.state, one.party_hash, one.entry_hash, one.note) for one in hits
    ]


def standing(store: Store, book_id: str = "b", **which: Any) -> list[StandingHit]:
    """What stands."""
    with store.reading() as work:
        return work.hits.standing(book_id, **which)
