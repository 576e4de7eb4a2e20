"""`/search/{dataset}`: entities by text, filters and facets."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.concurrency import run_in_threadpool

from tumen.service.querying import parse, parse_simple
from tumen.service.requests import Current, json_bytes
from tumen.service.scopes import Scope, Scopes
from tumen.service.searching import Search, labelled, read_filter, read_sort, search
from tumen.service.shapes import TS_PATTERN

router = APIRouter(tags=["Matching"])
MAX_PAGE, DEFAULT_PAGE, MAX_RESULTS = 500, 10, 9999
MAX_OFFSET = MAX_RESULTS - MAX_PAGE
Texts = Annotated[list[str], Query()]


class Facet(StrEnum):
    """What results can be counted by."""

    DATASETS = "datasets"
    SCHEMA = "schema"
    COUNTRIES = "countries"
    IDENTIFIERS = "identifiers"
    TOPICS = "topics"
    GENDERS = "genders"


class Operator(StrEnum):
    """How several filters on one field are joined."""

    AND = "AND"
    OR = "OR"


_USUAL_FACETS = [Facet.COUNTRIES, Facet.TOPICS, Facet.DATASETS]


@router.get("/search/{dataset}", summary="Search by text")
async def search_text(
    scopes: Current,
    dataset: Annotated[str, Path(examples=["default"])],
    q: Annotated[str, Query(title="Query text")] = "",
    schema: Annotated[str, Query(title="Kind of entities")] = "Thing",
    include_dataset: Texts = [],  # noqa: B006 - FastAPI copies it
    exclude_dataset: Texts = [],  # noqa: B006
    exclude_schema: Texts = [],  # noqa: B006
    changed_since: Annotated[str | None, Query(pattern=TS_PATTERN)] = None,
    countries: Texts = [],  # noqa: B006
    topics: Texts = [],  # noqa: B006
    datasets: Texts = [],  # noqa: B006
    filter: Annotated[list[str], Query(description="`field:value`, repeatable")] = [],  # noqa: B006
    limit: Annotated[int, Query(le=MAX_PAGE)] = DEFAULT_PAGE,
    offset: Annotated[int, Query(le=MAX_OFFSET)] = 0,
    sort: Annotated[list[str], Query(description="`field:asc` or `field:desc`")] = [],  # noqa: B006
    target: Annotated[bool | None, Query(deprecated=True)] = None,
    fuzzy: Annotated[bool, Query(title="Whether `word~` may be spelt otherwise")] = False,
    simple: Annotated[bool, Query(title="For search boxes: nothing is a fault")] = False,
    facets: Annotated[list[Facet], Query(title="What to count")] = _USUAL_FACETS,
    filter_op: Annotated[Operator, Query(title="How filters on one field join")] = Operator.OR,
) -> Response:
    """Find entities by words, "phrases", field:value, ranges, AND, OR and NOT.

    For screening use `/match`, which knows how names are written.
    """
    scope = scopes.scope(dataset)
    filters = [("countries", one) for one in countries]
    filters += [("topics", one) for one in topics] + [("datasets", one) for one in datasets]
    filters += [read_filter(one) for one in filter]
    if target is not None:
        filters.append(("target", "true" if target else "false"))
    asked = Search(
        parse_simple(q) if simple else parse(q, is_fuzzy=fuzzy),
        schema,
        frozenset(include_dataset),
        frozenset(exclude_dataset),
        frozenset(exclude_schema),
        changed_since or "",
        tuple(filters),
        filter_op is Operator.AND,
        tuple(read_sort(one) for one in sort),
        tuple(dict.fromkeys(one.value for one in facets)),
    )
    limit, offset = window(limit, offset)
    body = await run_in_threadpool(_answer, scopes, scope, asked, limit, offset)
    return Response(body, media_type="application/json")


def window(limit: int, offset: int) -> tuple[int, int]:
    """Limit and offset within the first results that can be paged through."""
    offset = min(max(0, offset), MAX_RESULTS)
    return min(max(0, limit), MAX_RESULTS - offset), offset


def _answer(scopes: Scopes, scope: Scope, asked: Search, limit: int, offset: int) -> bytes:
    found = search(scopes, scope, asked, limit, offset)
    results = b",".join(scopes.entities.raw(number) for number in found.numbers)
    rest = {
        "facets": {name: labelled(scopes, name, one) for name, one in found.facets.items()},
        "total": {"value": found.total, "relation": "eq"},
        "limit": limit,
        "offset": offset,
    }
    return b'{"results":[' + results + b"]," + json_bytes(rest)[1:]
