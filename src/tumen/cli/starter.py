"""The starter pack into a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tumen.errors import RequestError, SourceError
from tumen.lists.check import LoadOptions
from tumen.lists.ingest import ingest_all
from tumen.lists.recognise import recognise
from tumen.lists.registry import published_lists
from tumen.model.listing import ListVersion
from tumen.store import Store


def load_starter(store: Store, folder: Path, now: datetime) -> list[ListVersion]:
    """The versions of lists that a folder of the starter pack gives.

    Raises RequestError for a store with published lists, SourceError for a damaged pack.
    """
    published = [one.version_id for one in store.current_versions() if not one.is_starter]
    if published:
        raise RequestError(
            f"This store holds published lists ({', '.join(published)}). "
            "Give the starter pack a store of its own"
        )
    return list(_loaded(store, folder, now))


def _loaded(store: Store, folder: Path, now: datetime) -> Iterator[ListVersion]:
    registry = published_lists()
    # A sample is shorter than a whole list may be.
    options = LoadOptions(is_starter=True, accept_shrunken=True)
    for outcome in ingest_all(recognise([folder], registry).bundles, registry, store, options, now):
        if outcome.version is None:
            raise SourceError(outcome.message, where=outcome.place, mend="Install tumen again")
        yield outcome.version
