"""Pages of a long answer: each names the next by an opaque cursor that holds a place, no number.

Records that come while somebody turns the pages move nothing: the next page goes on after the
last item of this one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Query, Request, Response

from tumen.service.problems import Fault, ProblemError

T = TypeVar("T")
MOST = 500
USUAL = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Which page is wanted: at most `limit` items after the place in `cursor`."""

    limit: int
    cursor: str = ""

    def place(self, *kinds: type) -> tuple[Any, ...] | None:
        """The place to go on after, of these types; None for the first page.

        Raises ProblemError for a cursor that is none of ours.
        """
        if not self.cursor:
            return None
        try:
            padded = self.cursor + "=" * (-len(self.cursor) % 4)
            values = orjson.loads(base64.b64decode(padded, b"-_", validate=True))
        except (binascii.Error, ValueError):
            values = None
        if not isinstance(values, list) or [type(one) for one in values] != list(kinds):
            fault = Fault("query.cursor", "It is no cursor of this list", "Use the one in `next`")
            raise ProblemError("invalid", "The cursor cannot be read", [fault])
        return tuple(values)


def cursor_of(*place: int | str) -> str:
    """The cursor for a place."""
    return base64.urlsafe_b64encode(orjson.dumps(place)).rstrip(b"=").decode()


async def wanted_page(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Items on one page.")] = USUAL,
    cursor: Annotated[
        str, Query(max_length=2000, description="From `next` of the page before; opaque.")
    ] = "",
) -> Page:
    """The page that a request asks for."""
    return Page(limit, cursor)


WantedPage = Annotated[Page, Depends(wanted_page)]


def answer(
    request: Request, response: Response, items: Sequence[Any], cursor: str = ""
) -> dict[str, Any]:
    """One page as JSON; `cursor` is the place of its last item, empty on the last page."""
    following = None
    if cursor:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
        following = f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"
        response.headers["Link"] = f'<{following}>; rel="next"'
    return {"items": items, "next": following}


def cut(items: Iterable[T], page: Page, key: Callable[[T], str]) -> tuple[list[T], str]:
    """The page out of a list that is short enough to be held whole, ordered by `key`."""
    place = page.place(str)
    ordered = sorted(items, key=key)
    rest = [one for one in ordered if place is None or key(one) > place[0]]
    found = rest[: page.limit]
    return found, cursor_of(key(found[-1])) if len(rest) > page.limit else ""


def ends(found: Sequence[T], page: Page, place: Callable[[T], tuple[int | str, ...]]) -> str:
    """The cursor after a page that was read with one item more than its limit; empty if last."""
    if len(found) <= page.limit:
        return ""
    return cursor_of(*place(found[page.limit - 1]))
