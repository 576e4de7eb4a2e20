"""A store with a desk that has a public address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bulletin import DESK, NOW

from tumen.store import Store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store, fresh for the test, whose desk others can reach."""
    with Store.open(store_url) as opened:
        with opened.writing() as work:
            work.desk.put(DESK, "test", NOW)
        yield opened
