"""A list entry whole: names, designations, links, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field

from tumen.model.listing import Designation, Link, ListedName, ListEntry, ListVersion, SourceField
from tumen.service.problems import not_found
from tumen.service.routes.v1.needs import AsOf, KnownAt, Reader, TheApi, router_of
from tumen.service.routes.v1.shapes import VersionShape, version_shape
from tumen.store import Store

router = router_of("Entities")


class EntityShape(BaseModel):
    """An entity in FollowTheMoney terms."""

    id: str
    schema_: str = Field(alias="schema")
    properties: dict[str, list[str]]


class EntryShape(BaseModel):
    """A list entry with the version it stands in."""

    entity: EntityShape
    caption: str
    names: list[ListedName]
    designations: list[Designation]
    links: list[Link]
    remarks: str
    file: str
    locator: str
    fields: list[SourceField] = Field(description="For each value the published field and text.")
    version: VersionShape


@router.get("/entities/{entity_id}", response_model=EntryShape, summary="Show a list entry whole")
def show_entity(
    entity_id: Annotated[str, Path(examples=["un_sc_sanctions:6908555"])],
    _: Reader,
    api: TheApi,
    version_id: Annotated[str, Query(description="Look in this list version.")] = "",
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Any:
    """The entry in the current list versions, in the one named, or in those of a past day."""
    if version_id or (as_of is None and known_at is None):
        found = api.store.find_entity(entity_id, version_id=version_id)
    else:
        found = _find(api.store, entity_id, api.store.versions_at(as_of=as_of, known_at=known_at))
    if found is None:
        raise not_found(f"entry {entity_id!r} in {version_id or 'the list versions asked for'}")
    return _shown(*found)


def _find(
    store: Store, entity_id: str, versions: Iterable[ListVersion]
) -> tuple[ListVersion, ListEntry] | None:
    for version in versions:
        if entry := store.entry(entity_id, version.version_id):
            return version, entry
    return None


def _shown(version: ListVersion, entry: ListEntry) -> dict[str, Any]:
    return {
        "entity": entry.entity.to_dict(),
        "caption": entry.entity.caption,
        "names": entry.names,
        "designations": entry.designations,
        "links": entry.links,
        "remarks": entry.remarks,
        "file": entry.file,
        "locator": entry.locator,
        "fields": entry.fields,
        "version": version_shape(version),
    }
