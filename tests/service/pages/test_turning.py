"""Turning the pages of a long table."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from tumen.service.pages.turning import address_with, part, turn


def asked(query: str, path: bytes = b"/desk/a%2Fb") -> Request:
    """A request for an address whose path holds a sign that means something."""
    return Request({
        "type": "http", "method": "GET", "path": "/desk/a/b", "raw_path": path,
        "query_string": query.encode(), "headers": [],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("number", "total", "rows", "neighbours"),
    [
        (1, 0, [], (False, False)),
        (1, 10, list(range(10)), (False, False)),
        (1, 25, list(range(10)), (False, True)),
        (2, 25, list(range(10, 20)), (True, True)),
        (3, 25, list(range(20, 25)), (True, False)),
        (99, 25, list(range(20, 25)), (True, False)),
    ],
)
def test_every_row_is_on_one_page(
    number: int, total: int, rows: list[int], neighbours: tuple[bool, bool]
) -> None:
    """No row is left out or shown twice; past the end the last page is shown."""
    shown = turn(asked(""), number, total, 10)
    assert list(part(range(total), shown)) == rows
    assert (bool(shown.previous), bool(shown.following)) == neighbours


def test_filters_stay_when_the_page_is_turned() -> None:
    """What was asked for stays in the address, an id in the path as it was sent."""
    shown = turn(asked("q=kim+il&list=a&list=b&page=2"), 2, 100, 10)
    assert shown.following == "/desk/a%2Fb?q=kim+il&list=a&list=b&page=3"
    assert address_with(asked("q=&page=2"), page="") == "/desk/a%2Fb"
