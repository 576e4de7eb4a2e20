"""An open store of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tumen.store import Store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store, fresh for the test."""
    with Store.open(store_url) as opened:
        yield opened
