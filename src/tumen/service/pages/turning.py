"""Turning the pages of a long table: which rows are shown, and where the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request

T = TypeVar("T")
SIZE = 50
# An address with a higher number is a slip or an attack on the arithmetic of the database.
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Turn:
    """Rows `first` to `last` of `total`, and the addresses of those before and after.

    `following` and `previous` are empty where there are no more rows.
    """

    first: int
    last: int
    total: int
    previous: str = ""
    following: str = ""


def turn(request: Request, number: int, total: int, size: int = SIZE) -> Turn:
    """Page `number` of a table of `total` rows; all other parts of the address stay."""
    last = max(1, -(-total // size))
    here = min(number, last)
    return Turn(
        min((here - 1) * size + 1, total),
        min(here * size, total),
        total,
        address_with(request, page=str(here - 1)) if here > 1 else "",
        address_with(request, page=str(here + 1)) if here < last else "",
    )


def part(rows: Sequence[T], shown: Turn) -> Sequence[T]:
    """The rows that a page shows of all of them."""
    return rows[max(0, shown.first - 1) : shown.last]


def address_with(request: Request, **changed: str) -> str:
    """The address of this page with some parts of its query changed; an empty one is left out."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in changed and v]
    pairs = [*kept, *((k, v) for k, v in changed.items() if v)]
    # The path as it was sent: an id in it may hold signs that mean something else unquoted.
    path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1")
    return f"{path.partition('?')[0]}?{urlencode(pairs)}" if pairs else path.partition("?")[0]
