"""What the tests of casework share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tumen.store import Store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once of each database."""
    with Store.open(store_url) as opened:
        yield opened
