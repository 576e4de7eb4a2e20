"""Shapes that several answers share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from tumen.lists.ingest import version_to_dict
from tumen.lists.registry import Registry
from tumen.model.listing import ListVersion
from tumen.model.watching import ListState

T = TypeVar("T")


class Paged(BaseModel, Generic[T]):
    """One page. `next` is the address of the next one, null on the last."""

    items: list[T]
    next: str | None = None


class CheckShape(BaseModel):
    """One check made before a list version was accepted."""

    name: str
    status: str
    message: str


class VersionShape(BaseModel):
    """A list version: the exact state of a list as retrieved."""

    version_id: str = Field(examples=["un_sc_sanctions@0123456789ab"])
    list_id: str = Field(examples=["un_sc_sanctions"])
    content_hash: str
    format: str
    published_on: date | None
    retrieved_at: datetime
    entries: int
    names: int
    files: list[str]
    checks: list[CheckShape]
    unknown: dict[str, int]
    is_starter: bool


class UsedShape(BaseModel):
    """A list version that a screening used, and how old it was then."""

    version_id: str
    list_id: str
    published_on: date | None
    retrieved_at: datetime | None
    entries: int
    is_starter: bool
    age_days: int | None = Field(description="Since its publication, or retrieval without one.")


class StateShape(BaseModel):
    """How the newest attempts to renew a list went."""

    health: str
    checked_at: datetime
    succeeded_at: datetime | None
    message: str


def version_shape(version: ListVersion) -> dict[str, Any]:
    """A list version as the answer shows it."""
    return version_to_dict(version)


def used_shape(version: ListVersion, today: date) -> dict[str, Any]:
    """A list version with its age on a day."""
    since = version.published_on or version.retrieved_at.astimezone(UTC).date()
    return {
        "version_id": version.version_id,
        "list_id": version.list_id,
        "published_on": version.published_on,
        "retrieved_at": version.retrieved_at,
        "entries": version.entries,
        "is_starter": version.is_starter,
        "age_days": (today - since).days,
    }


def state_shape(state: ListState | None) -> dict[str, Any] | None:
    """The state of a list; None where nobody ever tried to renew it."""
    if state is None:
        return None
    return {
        "health": state.health.value,
        "checked_at": state.checked_at,
        "succeeded_at": state.succeeded_at,
        "message": state.message,
    }


def title_of(registry: Registry, list_id: str) -> str:
    """The name of a list, as its authority calls it; empty for one that we have no facts of."""
    return registry.get(list_id).title if list_id in registry else ""


def entity_example(schema: str, **properties: Sequence[str]) -> Mapping[str, Any]:
    """An entity to show in the documentation."""
    return {"schema": schema, "properties": {k: list(v) for k, v in properties.items()}}
