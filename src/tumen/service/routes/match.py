"""Query by example: `/match/{dataset}` as the peer has it, and `/v2/match` as it has announced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.routing import APIRoute

from tumen.errors import RequestError
from tumen.model.access import Permission
from tumen.model.entity import Entity
from tumen.service import metrics
from tumen.service.access.permissions import Requires
from tumen.service.algorithms import Algorithm, find_algorithm
from tumen.service.answers import matches_json
from tumen.service.examples import Example, read_example
from tumen.service.matching import Limits, Matches, find_matches
from tumen.service.requests import Current, json_bytes, read_request, scopes_now
from tumen.service.scopes import Dataset, Scope, Scopes
from tumen.service.shapes import ExampleQuery, Filters, MatchQuery, MatchTerms, Params, SingleQuery
from tumen.service.tidying import Tidier

MAX_BATCH, MAX_MATCHES = 100, 500
# Between so many queries others get their turn.
_CHUNK = 4
_TIDIER = Tidier()
DatasetName = Annotated[
    str, Path(description="Data source or collection to look in", examples=["default"])
]


class LeanRoute(APIRoute):
    """Reads the request by itself: FastAPI's way of it costs half as much as the match does.

    The endpoint's signature still is what the documentation shows, and what is called.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of `/match/{dataset}`."""
        permit = Requires(Permission.SCREEN)

        async def handle(request: Request) -> Response:
            await permit(request)
            terms, sent = await read_request(request, MatchTerms, MatchQuery)
            return await match(scopes_now(request), sent, request.path_params["dataset"], terms)

        return handle


router = APIRouter(tags=["Matching"])
lean = APIRouter(route_class=LeanRoute)


@lean.post("/match/{dataset}", summary="Query by example")
async def match(
    scopes: Current,
    sent: MatchQuery,
    dataset: DatasetName,
    terms: Annotated[MatchTerms, Query()],
) -> Response:
    """Look for parties like the given ones, each a mapping of schema and properties.

    An answer's `results` are whole entities with `score`, `match` (whether it reaches the
    threshold) and `explanations`. `warnings` name what of a query could not be used; with
    `strict` such a query is an error.
    """
    scope = scopes.scope(dataset)
    limits = _limits(terms, sent)
    _check_config(sent.config, limits.algorithm)
    if len(sent.queries) > MAX_BATCH:
        raise HTTPException(400, f"Too many queries in one batch (limit: {MAX_BATCH})")
    if not sent.queries:
        raise HTTPException(400, "No queries provided.")
    if sent.params is not None:
        limits = narrowed(limits, sent.params)
    queries = list(sent.queries.values())
    examples = [_example(one, is_strict=terms.strict) for one in queries]
    subjects = [
        (example.entity, _of_query(limits, one))
        for one, example in zip(queries, examples, strict=True)
    ]
    found = await _find(scopes, scope, subjects, is_strict=terms.strict)
    parts = [
        json_bytes(name) + b":" + matches_json(scopes, one, example, matches, limits.algorithm)
        for name, one, example, matches in zip(sent.queries, queries, examples, found, strict=True)
    ]
    body = b'{"responses":{' + b",".join(parts) + b'},"limit":%d}' % terms.limit
    return Response(body, 200, {"x-batch-size": str(len(parts))}, "application/json")


router.include_router(lean)


def _limits(terms: MatchTerms, sent: MatchQuery) -> Limits:
    return Limits(
        terms.threshold,
        min(terms.cutoff, terms.threshold),
        terms.limit,
        frozenset(terms.include_dataset),
        frozenset(terms.exclude_dataset),
        frozenset(terms.exclude_schema),
        frozenset(terms.exclude_entity_ids),
        terms.changed_since or "",
        (("topics", frozenset(terms.topics)),) if terms.topics else (),
        find_algorithm(terms.algorithm),
        sent.weights or {},
    )


@router.post("/v2/match", summary="Query by one example")
async def match_one(scopes: Current, sent: SingleQuery) -> Response:
    """Look for one party in all data; a property or value that cannot be used is an error."""
    algorithm = find_algorithm(sent.algorithm)
    _check_config(sent.config, algorithm)
    cutoff = sent.threshold if sent.cutoff is None else min(sent.cutoff, sent.threshold)
    limits = Limits(
        sent.threshold, cutoff, sent.limit, algorithm=algorithm, weights=sent.weights or {}
    )
    if sent.filters is not None:
        limits = _filtered(limits, sent.filters)
    example = _example(sent.query, is_strict=True)
    everything = Scope(Dataset("all", "All"), frozenset(scopes.datasets))
    subject = (example.entity, _of_query(limits, sent.query))
    found = await _find(scopes, everything, [subject], is_strict=True)
    answer = matches_json(scopes, sent.query, example, found[0], algorithm)
    body = answer[:-1] + b',"limit":%d}' % sent.limit
    return Response(body, media_type="application/json")


def narrowed(limits: Limits, params: Params) -> Limits:
    """The limits with those of a body or of one query added."""
    threshold = limits.threshold if params.threshold is None else params.threshold
    cutoff = limits.cutoff if params.cutoff is None else params.cutoff
    included = frozenset(params.include_datasets or ())
    if included and limits.include_datasets:
        included &= limits.include_datasets
    topics = (("topics", frozenset(params.topics)),) if params.topics else ()
    return replace(
        limits,
        threshold=threshold,
        cutoff=min(cutoff, threshold),
        limit=limits.limit if params.limit is None else min(params.limit, MAX_MATCHES),
        include_datasets=included or limits.include_datasets,
        exclude_datasets=limits.exclude_datasets | frozenset(params.exclude_datasets or ()),
        exclude_schemas=limits.exclude_schemas | frozenset(params.exclude_schemas or ()),
        exclude_entity_ids=limits.exclude_entity_ids | frozenset(params.exclude_entity_ids or ()),
        changed_since=max(limits.changed_since, params.changed_since or ""),
        filters=limits.filters + topics,
    )


def _of_query(limits: Limits, query: ExampleQuery) -> Limits:
    if query.params is not None:
        limits = narrowed(limits, query.params)
    if query.filters:
        groups = _groups(query.filters)
        limits = replace(limits, filters=(*limits.filters, *groups))
    return limits


def _groups(
    filters: dict[str, list[list[str]]],
) -> Iterable[tuple[str, frozenset[str]]]:
    return [(name, frozenset(group)) for name, groups in filters.items() for group in groups]


def _filtered(limits: Limits, filters: Filters) -> Limits:
    return narrowed(
        limits,
        Params(
            include_datasets=filters.datasets,
            exclude_entity_ids=filters.exclude_entities,
            exclude_schemas=filters.exclude_schemata,
            topics=filters.topics,
            changed_since=filters.changed_since,
        ),
    )


def _check_config(config: dict[str, Any] | None, algorithm: Algorithm) -> None:
    for key in config or ():
        if key not in algorithm.config:
            raise HTTPException(
                400, f"Invalid configuration parameter: {key} for algorithm {algorithm.name}"
            )


def _example(query: ExampleQuery, *, is_strict: bool) -> Example:
    given = {"schema": query.schema_, "properties": query.properties}
    try:
        return read_example(given, is_strict=is_strict)
    except RequestError as error:
        raise HTTPException(400, f"Cannot parse example entity: {error}") from error


async def _find(
    scopes: Scopes, scope: Scope, subjects: Sequence[tuple[Entity, Limits]], *, is_strict: bool
) -> list[Matches]:
    """All matches; in a large batch others get their turn in between."""
    found: list[Matches] = []
    for start in range(0, len(subjects), _CHUNK):
        if start:
            await asyncio.sleep(0)
        found += find_matches(scopes, scope, subjects[start : start + _CHUNK])
    _TIDIER.note(len(found), scopes.snapshot)
    failed = [one.problem for one in found if one.problem]
    matched = sum(one.total > 0 for one in found)
    metrics.count_screened(matched, len(found) - matched - len(failed), len(failed))
    problem = failed[0] if failed else ""
    if problem and is_strict:
        raise HTTPException(400, f"Cannot parse example entity: {problem}")
    return found
