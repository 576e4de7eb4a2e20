"""The Reconciliation API 0.2: candidates for the rows of a user's table, and columns for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from tumen.errors import RequestError
from tumen.model.entity import Entity
from tumen.service import metrics
from tumen.service.algorithms import find_algorithm
from tumen.service.matching import Limits, Matches, find_matches
from tumen.service.reconciliation.extend import extended
from tumen.service.reconciliation.manifest import manifest, matchable_schemata
from tumen.service.reconciliation.preview import POLICY, preview_page
from tumen.service.reconciliation.query import asked_for, candidate, subject_of, suggested
from tumen.service.reconciliation.shapes import (
    Candidate,
    EntitySuggestions,
    Extended,
    ExtendQuery,
    Manifest,
    PropertySuggestions,
    ProposedProperties,
    QueryAnswer,
    QueryBatch,
    Suggested,
    TypeSuggestions,
)
from tumen.service.reconciliation.suggest import (
    propose_properties,
    suggest_properties,
    suggest_types,
)
from tumen.service.requests import Current, json_response
from tumen.service.schemas import BASE, descendants
from tumen.service.scopes import Scope, Scopes
from tumen.service.shapes import TS_PATTERN
from tumen.service.wire import Wire, words

router = APIRouter(prefix="/reconcile", tags=["Reconciliation"])
MOST_QUERIES = 100
DEFAULT_SUGGESTIONS, MOST_SUGGESTIONS = 10, 500

Queries = Annotated[str | None, Query(description="Queries as JSON, by keys of your choice")]
Extends = Annotated[str | None, Query(description="Ids and properties to extend by, as JSON")]
Algorithm = Annotated[str, Query(description="Name of the algorithm to score by")]
ChangedSince = Annotated[
    str | None, Query(pattern=TS_PATTERN, description="Only what changed after this")
]
Prefix = Annotated[str, Query(description="What has been typed so far")]


@router.get("/{dataset}", response_model=None, responses={200: {"model": Manifest}})
async def reconcile(
    request: Request,
    scopes: Current,
    dataset: str,
    queries: Queries = None,
    extend: Extends = None,
    algorithm: Algorithm = "best",
    changed_since: ChangedSince = None,
) -> Response:
    """What the service offers and where; with `queries` or `extend` their answer."""
    if queries or extend:
        return await _answer(scopes, dataset, queries, extend, algorithm, changed_since)
    scope = scopes.scope(dataset)
    told = manifest(
        base_url=str(request.base_url),
        dataset=dataset,
        title=scope.dataset.title,
        query_string=request.url.query.strip(),
        present=_present(scopes, scope),
    )
    return json_response(told.model_dump())


@router.post("/{dataset}", response_model=None, responses={200: {"model": dict[str, QueryAnswer]}})
async def reconcile_form(
    scopes: Current,
    dataset: str,
    queries: Annotated[str | None, Form(description="Queries as JSON")] = None,
    extend: Annotated[str | None, Form(description="Ids and properties, as JSON")] = None,
    algorithm: Algorithm = "best",
    changed_since: ChangedSince = None,
) -> Response:
    """Candidates for a batch of queries, or values of chosen entities."""
    return await _answer(scopes, dataset, queries, extend, algorithm, changed_since)


@router.get("/{dataset}/suggest/entity")
async def suggest_entity(
    scopes: Current,
    dataset: str,
    prefix: Prefix = "",
    limit: Annotated[int, Query(le=MOST_SUGGESTIONS)] = DEFAULT_SUGGESTIONS,
) -> EntitySuggestions:
    """Entities of which a name has words that begin as those typed."""
    found = _begin_so(scopes, scopes.scope(dataset), prefix, max(0, limit))
    return EntitySuggestions(prefix=prefix, result=[_suggested(wire) for wire in found])


@router.get("/{dataset}/suggest/property", response_model_exclude_none=False)
async def suggest_property(
    scopes: Current, dataset: str, prefix: Prefix = ""
) -> PropertySuggestions:
    """Properties that a query may name."""
    present = _present(scopes, scopes.scope(dataset))
    return PropertySuggestions(prefix=prefix, result=suggest_properties(prefix, present))


@router.get("/{dataset}/suggest/type")
async def suggest_type(scopes: Current, dataset: str, prefix: Prefix = "") -> TypeSuggestions:
    """Types that a query may ask for."""
    present = _present(scopes, scopes.scope(dataset))
    return TypeSuggestions(prefix=prefix, result=suggest_types(prefix, present))


@router.get("/{dataset}/extend/property")
async def extend_property(
    scopes: Current,
    dataset: str,
    type: Annotated[str, Query(description="Type of the entities")] = BASE,
    limit: Annotated[int, Query(description="At most so many; 0 for all")] = 0,
) -> ProposedProperties:
    """Properties by which a table of one type can be extended."""
    scopes.scope(dataset)
    return propose_properties(type, limit)


@router.get("/{dataset}/preview/{entity_id:path}")
async def preview(scopes: Current, dataset: str, entity_id: str) -> Response:
    """A small page about an entity."""
    scopes.scope(dataset)
    wire = scopes.entity(entity_id)
    if wire is None:
        raise HTTPException(404, detail="No such entity!")
    titles = {name: one.title for name, one in scopes.datasets.items()}
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    return Response(preview_page(wire, titles), 200, headers, "text/html")


async def _answer(
    scopes: Scopes,
    dataset: str,
    queries: str | None,
    extend: str | None,
    algorithm: str,
    changed_since: str | None,
) -> Response:
    scope = scopes.scope(dataset)
    if extend and extend.strip():
        table = _extended(scopes, _extension(extend))
        return json_response(table.model_dump(), headers=_size(len(table.rows)))
    if not queries or not queries.strip():
        raise RequestError("No queries or extend request provided.")
    limits = Limits(
        cutoff=0.0, algorithm=find_algorithm(algorithm), changed_since=changed_since or ""
    )
    batch = _batch(queries)
    # With no cut-off many are compared in full: others are answered meanwhile.
    answers = await run_in_threadpool(_answers, scopes, scope, batch, limits)
    body = {key: answer.model_dump(exclude_none=True) for key, answer in answers.items()}
    return json_response(body, headers=_size(len(answers)))


def _answers(
    scopes: Scopes, scope: Scope, batch: QueryBatch, limits: Limits
) -> dict[str, QueryAnswer]:
    """The candidates of every query."""
    examples = [subject_of(asked_for(query)) for query in batch.root.values()]
    subjects = [
        (example.entity, replace(limits, limit=query.wanted))
        for query, example in zip(batch.root.values(), examples, strict=True)
    ]
    found = find_matches(scopes, scope, subjects)
    failed = sum(bool(one.problem) for one in found)
    matched = sum(bool(one.total) for one in found)
    metrics.count_screened(matched, len(found) - matched - failed, failed)
    return {
        key: _query_answer(scopes, matches, example.warnings)
        for key, matches, example in zip(batch.root, found, examples, strict=True)
    }


def _query_answer(scopes: Scopes, found: Matches, warnings: tuple[str, ...]) -> QueryAnswer:
    said = [*warnings, f"Not screened: {found.problem}"] if found.problem else list(warnings)
    result = [
        _candidate(scopes.entities.whole(one.number), one.score, is_hit=one.is_match)
        for one in found.results
    ]
    return QueryAnswer(result=result, warnings=said or None)


def _extended(scopes: Scopes, query: ExtendQuery) -> Extended:
    entities: dict[str, Entity] = {}
    for entity_id in query.ids:
        wire = scopes.entity(entity_id)
        if wire is None:
            continue
        if wire["id"] != entity_id:
            raise RequestError("Please specify the canonical entity ID, not a referent")
        entities[entity_id] = _entity(wire)
    return extended(query, entities)


def _begin_so(scopes: Scopes, scope: Scope, prefix: str, limit: int) -> list[Wire]:
    """The entities that have all words typed, or words that begin so, in their names."""
    typed = words(prefix)
    if not typed or not limit:
        return []
    terms = " AND ".join(f'"{one}"*' for one in typed)
    found = scopes.texts.match(f"{{names}} : ({terms})")
    mask = found.mask & scopes.mask(scope.names, descendants(BASE))
    numbers = sorted(mask.nonzero()[0].tolist(), key=lambda one: (-found.scores[one], one))
    return [scopes.entities.whole(number) for number in numbers[:limit]]


def _present(scopes: Scopes, scope: Scope) -> list[str]:
    """The schemata that can be asked for within a scope."""
    column = scopes.entities.columns["schema"]
    here = scopes.entities.columns["datasets"].has_any(scope.names)
    return matchable_schemata(schema for schema, _ in column.counts(here))


def _batch(text: str) -> QueryBatch:
    try:
        batch = QueryBatch.model_validate_json(text)
    except ValidationError as error:
        raise RequestError(f"The queries cannot be read: {_first_fault(error)}") from error
    if len(batch.root) > MOST_QUERIES:
        raise RequestError(f"Too many queries in one batch (limit: {MOST_QUERIES})")
    return batch


def _extension(text: str) -> ExtendQuery:
    try:
        query = ExtendQuery.model_validate_json(text)
    except ValidationError as error:
        raise RequestError(f"Cannot decode extension request: {_first_fault(error)}") from error
    if len(query.ids) > MOST_QUERIES:
        raise RequestError(f"Too many queries in one batch (limit: {MOST_QUERIES})")
    return query


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]


def _entity(wire: Mapping[str, object]) -> Entity:
    properties = wire["properties"]
    assert isinstance(properties, dict)
    given = {name: tuple(values) for name, values in properties.items()}
    return Entity(str(wire["id"]), str(wire["schema"]), given)


def _suggested(wire: Wire) -> Suggested:
    return suggested(_entity(wire), wire["caption"])


def _candidate(wire: Wire, score: float, *, is_hit: bool) -> Candidate:
    return candidate(_entity(wire), wire["caption"], score, is_hit=is_hit)


def _size(count: int) -> dict[str, str]:
    return {"x-batch-size": str(count)}
