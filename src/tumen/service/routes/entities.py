"""`/entities/{id}`: one entity whole, with those around it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.concurrency import run_in_threadpool

from tumen.service.nesting import Adjacent, Order, adjacent, nested, properties_of
from tumen.service.requests import Current, json_response
from tumen.service.routes.search import DEFAULT_PAGE, MAX_OFFSET, MAX_PAGE, window
from tumen.service.scopes import Scopes
from tumen.service.searching import read_sort, sorted_by
from tumen.service.wire import Wire

router = APIRouter(tags=["Data access"])
EntityId = Annotated[str, Path(description="Id of the entity", examples=["eu_fsf:13"])]
Limit = Annotated[int, Query(le=MAX_PAGE)]
Offset = Annotated[int, Query(le=MAX_OFFSET)]
Sorts = Annotated[list[str], Query()]


@router.get("/entities/{entity_id}", summary="One entity")
async def fetch_entity(
    scopes: Current,
    entity_id: EntityId,
    nested_too: Annotated[bool, Query(alias="nested", title="With entities around it")] = True,
) -> Response:
    """An entity with all that is adjacent; an id that was merged leads to where it is now."""
    root = _find(scopes, entity_id)
    if isinstance(root, Response):
        return root
    return json_response(await run_in_threadpool(nested, scopes, root) if nested_too else root)


@router.get("/entities/{entity_id}/adjacent", summary="Entities around one")
async def fetch_adjacent(
    scopes: Current,
    entity_id: EntityId,
    sort: Sorts = [],  # noqa: B006 - FastAPI copies it
    limit: Limit = DEFAULT_PAGE,
    offset: Offset = 0,
) -> Response:
    """A page of adjacent entities for each property that leads to any."""
    root = _find(scopes, entity_id)
    if isinstance(root, Response):
        return root
    page = window(limit, offset)
    order = _order(scopes, sort)

    def gather() -> dict[str, Any]:
        found = {
            name: adjacent(scopes, root, name, *page, order)
            for name in properties_of(root["schema"])
        }
        return {name: _page(one, limit, offset) for name, one in found.items() if one.total}

    return json_response({"entity": root, "adjacent": await run_in_threadpool(gather)})


@router.get("/entities/{entity_id}/adjacent/{property_name}", summary="Entities by one property")
async def fetch_adjacent_by_property(
    scopes: Current,
    entity_id: EntityId,
    property_name: Annotated[str, Path(examples=["ownershipOwner"])],
    sort: Sorts = [],  # noqa: B006 - FastAPI copies it
    limit: Limit = DEFAULT_PAGE,
    offset: Offset = 0,
) -> Response:
    """A page of the entities that one property leads to."""
    root = _find(scopes, entity_id)
    if isinstance(root, Response):
        return root
    if property_name not in properties_of(root["schema"]):
        raise HTTPException(404, detail="No such property!")
    found = await run_in_threadpool(
        adjacent, scopes, root, property_name, *window(limit, offset), _order(scopes, sort)
    )
    return json_response(_page(found, limit, offset))


def _find(scopes: Scopes, entity_id: str) -> Wire | Response:
    """The entity, or the answer that says where it is now."""
    found = scopes.entity(entity_id)
    if found is None:
        raise HTTPException(404, detail="No such entity!")
    if found["id"] != entity_id:
        place = "/entities/" + quote(found["id"], safe=":")
        return Response(status_code=308, headers={"location": place})
    return found


def _order(scopes: Scopes, sorts: list[str]) -> Order | None:
    if not sorts:
        return None
    return lambda numbers: sorted_by(scopes, numbers, [read_sort(one) for one in sorts])


def _page(found: Adjacent, limit: int, offset: int) -> dict[str, Any]:
    return {
        "results": found.results,
        "total": {"value": found.total, "relation": "eq"},
        "limit": limit,
        "offset": offset,
    }
