"""The shapes that tools answer with: plain data, with versions and ages beside every finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from tumen.errors import TumenError
from tumen.lists.ingest import version_to_dict
from tumen.model.entity import Entity
from tumen.model.listing import Designation, ListEntry, ListVersion
from tumen.model.screening import Screening
from tumen.screening.output import outcome_of
from tumen.screening.versions import UsedVersion

Answer = dict[str, Any]
_SLOTS = (
    "list_id",
    "version_id",
    "published_on",
    "retrieved_at",
    "entries",
    "format",
    "is_starter",
)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def answering(tool: Callable[_P, _R]) -> Callable[_P, _R]:
    """The tool, with our errors told to the agent in their own words."""

    @wraps(tool)
    def answered(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return tool(*args, **kwargs)
        except TumenError as error:
            raise ToolError(str(error)) from error

    return answered


def used_answer(version: UsedVersion, today: date) -> Answer:
    """A list version that a screening was against."""
    return {
        "list_id": version.list_id,
        "version_id": version.version_id,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "retrieved_on": version.retrieved_on.isoformat() if version.retrieved_on else None,
        "age_days": version.age_days(today),
        "entries": version.entries,
        "is_starter": version.is_starter,
    }


def version_answer(version: ListVersion, today: date) -> Answer:
    """A stored list version, as every answer names it."""
    since = version.published_on or version.retrieved_at.date()
    described = version_to_dict(version)
    return {**{slot: described[slot] for slot in _SLOTS}, "age_days": (today - since).days}


def whole_version_answer(version: ListVersion, today: date) -> Answer:
    """The same with its files, its checks, and what could not be mapped."""
    return {**version_to_dict(version), **version_answer(version, today)}


def screening_answer(screening: Screening) -> Answer:
    """What came of one subject."""
    return {
        "id": screening.subject_id,
        "caption": screening.caption,
        "outcome": outcome_of(screening).value,
        "problem": screening.problem,
        "warnings": list(screening.warnings),
        "hits": [hit.to_dict() for hit in screening.hits],
    }


def entity_answer(entity: Entity) -> Answer:
    """An entity as it was read."""
    return {**entity.to_dict(), "caption": entity.caption}


def entry_answer(entry: ListEntry) -> Answer:
    """A list entry whole, with where each value came from."""
    return {
        **entity_answer(entry.entity),
        "names": [
            {
                "text": name.text,
                "kind": name.kind.value,
                "quality": name.quality.value,
                "script": name.script,
                "language": name.language,
            }
            for name in entry.names
        ],
        "designations": [_designation(one) for one in entry.designations],
        "links": [
            {
                "kind": link.kind,
                "role": link.role,
                "target_id": link.target_id,
                "target_name": link.target_name,
                "this_entry_is": "object" if link.is_inverse else "subject",
            }
            for link in entry.links
        ],
        "remarks": entry.remarks,
        "provenance": {
            "file": entry.file,
            "locator": entry.locator,
            "values": [
                {
                    "property": one.prop,
                    "value": one.value,
                    "published_field": one.field,
                    "published_text": one.raw or one.value,
                }
                for one in entry.fields
            ],
        },
    }


def page(items: Iterable[Answer], offset: int, limit: int) -> Answer:
    """One page of items, and where the next begins; None after the last."""
    found = list(items)
    end = offset + limit
    return {
        "items": found[offset:end],
        "total": len(found),
        "next_offset": end if end < len(found) else None,
    }


def _designation(one: Designation) -> Answer:
    slots = {slot: getattr(one, slot) for slot in Designation.__slots__}
    return {
        slot: list(value) if isinstance(value, tuple) else value for slot, value in slots.items()
    }
