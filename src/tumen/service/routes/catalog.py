"""`/catalog`: which datasets there are, how old each is, and whether it is what the source has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any

from fastapi import APIRouter, Request, Response

from tumen.model.countries import country_name
from tumen.model.watching import ListHealth, ListState
from tumen.service.requests import Current, json_response
from tumen.service.scopes import Dataset, Scopes

router = APIRouter(tags=["Data access"])
CACHE = "public, max-age=300"
# The keys of the peer's model, with what stands where nothing is known.
_USUAL: dict[str, Any] = {
    "license": None,
    "summary": None,
    "description": None,
    "url": None,
    "updated_at": None,
    "last_export": None,
    "entity_count": None,
    "thing_count": None,
    "category": None,
    "tags": [],
    "publisher": None,
    "coverage": None,
    "resources": [],
    "deprecation": None,
    "deprecated": False,
    "entities_url": None,
    "delta_url": None,
    "namespace": False,
}
States = Mapping[str, ListState]
_PUBLISHER = ("url", "name_en", "acronym", "description", "country", "logo_url", "country_label")


@router.get("/catalog", summary="Data catalogue")
async def catalog(request: Request, scopes: Current) -> Response:
    """All datasets and collections; each is a scope of `/match` and `/search`."""
    return answer(request, scopes)


@router.get("/manifest", include_in_schema=False)
async def manifest(request: Request, scopes: Current) -> Response:
    """The same under its older name."""
    return answer(request, scopes)


def answer(request: Request, scopes: Scopes) -> Response:
    """The catalogue, or 304 where the client has it already."""
    states = request.app.state.refresher.states
    tag = etag(scopes, states)
    headers = {"etag": tag, "cache-control": CACHE}
    asked = request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in asked.split(",")} or asked.strip() == "*":
        return Response(status_code=304, headers=headers)
    return json_response(described(scopes, states, datetime.now(UTC)), headers=headers)


def etag(scopes: Scopes, states: States) -> str:
    """A mark that changes with any version in the catalogue."""
    marks = [f"{one.name}:{one.version}:{one.index_version}" for one in scopes.datasets.values()]
    marks += [f"{name}:{text}" for name, text in sorted(scopes.problems.items())]
    marks += [f"{name}:{state.health}" for name, state in sorted(states.items())]
    return f'"{sha1("|".join(marks).encode(), usedforsecurity=False).hexdigest()}"'


def described(scopes: Scopes, states: States, now: datetime) -> dict[str, Any]:
    """The catalogue as the peer's clients read it, with ages and problems beside."""
    datasets = scopes.datasets.values()
    current = [one.name for one in datasets if one.is_loaded and one.is_current]
    outdated = [
        one.name for one in datasets if one.name not in current and one.index_version is not None
    ]
    return {
        "datasets": [_dataset(one, scopes, states, now) for one in datasets],
        "current": current,
        "outdated": outdated,
        "index_stale": bool(outdated),
        "generation": scopes.generation_id,
        "built_at": scopes.built_at.isoformat(),
    }


def _dataset(dataset: Dataset, scopes: Scopes, states: States, now: datetime) -> dict[str, Any]:
    facts = {**_USUAL, **dataset.facts}
    if facts["publisher"]:
        usual = {"name": "", **dict.fromkeys(_PUBLISHER), "official": False}
        facts["publisher"] = {**usual, **facts["publisher"]}
        if code := facts["publisher"]["country"]:
            facts["publisher"]["country_label"] = country_name(code)
    return {
        "name": dataset.name,
        "title": dataset.title,
        **facts,
        "version": dataset.version,
        "index_version": dataset.index_version,
        "index_current": dataset.is_current,
        "load": dataset.is_loaded,
        "children": list(dataset.children),
        "age_hours": _age_hours(facts, now),
        **_state(dataset, scopes, states),
    }


def _state(dataset: Dataset, scopes: Scopes, states: States) -> dict[str, Any]:
    """How the list fared when it was last looked for at its publisher."""
    state = states.get(dataset.name)
    problem = scopes.problems.get(dataset.name, "")
    if state is None:
        health = ListHealth.UNREACHABLE if problem else ListHealth.GOOD
        return {"state": health.value, "state_message": problem, "checked_at": None}
    return {
        "state": state.health.value,
        "state_message": problem or state.message,
        "checked_at": state.checked_at.isoformat(),
    }


def _age_hours(facts: dict[str, Any], now: datetime) -> float | None:
    """Hours since the data was retrieved; None where that is not known."""
    text = facts.get("retrieved_at") or facts.get("last_export")
    if not text:
        return None
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return round((now - at).total_seconds() / 3600, 1)
