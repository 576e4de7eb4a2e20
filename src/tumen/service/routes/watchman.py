"""Watchman's v2 API: its search and its lists, answered from our screening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from tumen import __version__
from tumen.errors import ListsMissingError, RequestError
from tumen.model.entity import Entity
from tumen.model.screening import Comparison
from tumen.service import metrics
from tumen.service.matching import Limits, Scored, admitted_mask, find_matches
from tumen.service.nesting import nested
from tumen.service.requests import engine_of, json_bytes, json_response
from tumen.service.scopes import Dataset, Scope, Scopes
from tumen.service.watchman.entity import entity_of, query_of
from tumen.service.watchman.lists import held_of, source_of
from tumen.service.watchman.pieces import debug_of, details_of
from tumen.service.watchman.refreshing import Refreshing, instant
from tumen.service.watchman.request import Format, SearchRequest, read_request
from tumen.service.watchman.senzing import senzing_record
from tumen.service.watchman.subject import Asked, subject_of

# One router for each thing that is asked of callers.
searching, reading, administering, pinging = (APIRouter(tags=["Watchman"]) for _ in range(4))
# Scores have four digits: what equals `minMatch` is given, and only what is alike at all.
_NEXT_BELOW = 0.00005


@pinging.get("/ping", include_in_schema=False)
async def ping() -> Response:
    """Whether the process answers at all."""
    return Response("PONG", media_type="text/plain")


@searching.get("/v2/search", summary="Search as Watchman does")
async def search(request: Request) -> Response:
    """Entities like the one that the parameters describe, best first.

    The parameters are Watchman's (`name`, `type`, `birthDate`, `gov_passport=RU:123`, …); one
    that it does not know is an error. `warnings` say what of the query played no part.
    """
    # Without a least score many are compared in full: others are answered meanwhile.
    return await run_in_threadpool(_answered, request, _search)


@reading.get("/v2/listinfo", summary="Lists that are searched")
async def list_info(request: Request) -> Response:
    """Each list with its count and a hash of what it holds."""
    return _answered(request, _list_info)


@reading.get("/v2/data/refresh", summary="State of the last refresh")
async def refresh_state(request: Request) -> Response:
    """Whether the sources are being read again, and what became of it the last time."""
    return json_response(_refreshing(request).last.to_dict())


@administering.post(
    "/v2/data/refresh",
    summary="Read the sources again",
    status_code=202,
    responses={409: {"description": "A refresh is running"}},
)
async def refresh(request: Request) -> Response:
    """Begin to read the sources again; 409 while that is being done."""
    refreshing = _refreshing(request)
    status = 202 if refreshing.start("api") else 409
    return json_response(refreshing.last.to_dict(), status)


def _answered(request: Request, answer: Callable[[Scopes, Request], Response]) -> Response:
    """An answer, or the reason why there is none in Watchman's words."""
    try:
        return answer(engine_of(request).current(), request)
    except ListsMissingError as error:
        return json_response({"error": str(error)}, 503)
    except RequestError as error:
        return json_response({"error": str(error)}, 400)


def _search(scopes: Scopes, request: Request) -> Response:
    asked = read_request(request.query_params.multi_items())
    subject = subject_of(asked)
    found = [_entity(scopes, asked, one) for one in _found(scopes, asked, subject)]
    if asked.format is Format.WATCHMAN:
        body: dict[str, Any] = {"query": query_of(asked), "entities": found}
        if subject.warnings:
            body["warnings"] = subject.warnings
        return json_response(body)
    records = [senzing_record(entity) for entity in found]
    if asked.format is Format.SENZING:
        return json_response(records)
    lines = b"".join(json_bytes(record) + b"\n" for record in records)
    return Response(lines, media_type="application/x-ndjson")


def _found(scopes: Scopes, asked: SearchRequest, subject: Asked) -> list[Scored]:
    """The best entities, each once."""
    # Watchman knows no scopes: everything is searched.
    scope = Scope(Dataset("all", "All"), frozenset(scopes.datasets))
    limits = _limits(scopes, asked)
    if not subject.entity.properties:
        return _by_id(scopes, scope, limits)[: asked.limit]
    batch = [(one, limits) for one in _subjects(subject.entity)]
    answers = find_matches(scopes, scope, batch)
    is_failed = bool(answers[0].problem and len(answers) == 1)
    matched = any(one.results for one in answers)
    metrics.count_screened(matched, not (matched or is_failed), is_failed)
    if is_failed:
        raise RequestError(f"Not screened: {answers[0].problem}")
    best: dict[int, Scored] = {}
    for one in (one for answer in answers for one in answer.results):
        if one.number not in best or one.score > best[one.number].score:
            best[one.number] = one
    return sorted(best.values(), key=lambda one: (-one.score, one.number))[: asked.limit]


def _by_id(scopes: Scopes, scope: Scope, limits: Limits) -> list[Scored]:
    """The entities with the publisher's id alone asked for; there is nothing to compare."""
    reason = Comparison(1.0, True, (), "The publisher's id is the one asked for.")
    mask = admitted_mask(scopes, scope, "Thing", limits)
    return [Scored(number, 1.0, True, reason) for number in mask.nonzero()[0].tolist()]


def _subjects(subject: Entity) -> Sequence[Entity]:
    """The subject; a wallet that it has is asked for by itself, as lists have it so."""
    keys = subject.get("publicKey")
    if not keys or subject.schema == "Thing":
        return [subject]
    return [subject, Entity("wallet", "CryptoWallet", {"publicKey": keys})]


def _limits(scopes: Scopes, asked: SearchRequest) -> Limits:
    limits = Limits(
        threshold=max(asked.min_match, _NEXT_BELOW),
        cutoff=max(0.0, asked.min_match - _NEXT_BELOW),
        limit=asked.limit,
    )
    datasets = frozenset(scopes.datasets)
    if asked.source:
        datasets = _of_source(scopes, asked.source)
        limits = replace(limits, include_datasets=datasets)
    if asked.source_id:
        ids = {asked.source_id, *(f"{name}:{asked.source_id}" for name in datasets)}
        limits = replace(limits, filters=(("id", frozenset(ids)),))
    return limits


def _of_source(scopes: Scopes, source: str) -> frozenset[str]:
    """The datasets of a source, or within a collection of ours. Raises RequestError for none."""
    if source in scopes.datasets:
        return scopes.scope(source).names
    held = [one.name for one in _lists(scopes)]
    if found := held_of(source, held):
        return found
    known = ", ".join(sorted({source_of(name) for name in held}))
    raise RequestError(f"the source {source!r} is not held; there are {known}")


def _lists(scopes: Scopes) -> list[Dataset]:
    """The datasets that hold entities themselves."""
    return [one for one in scopes.datasets.values() if one.is_loaded and not one.children]


def _entity(scopes: Scopes, asked: SearchRequest, scored: Scored) -> dict[str, Any]:
    """A result: the entity with its score, and why where that is asked for."""
    entity = entity_of(nested(scopes, scopes.entities.whole(scored.number)))
    entity["match"] = scored.score
    if asked.is_debugged or entity["sourceID"] in asked.debugged_ids:
        comparison = scored.comparison
        entity["debug"] = debug_of(comparison.reasons, comparison.sentence, scored.score)
        entity["details"] = details_of(comparison.reasons, scored.score)
    return entity


def _list_info(scopes: Scopes, request: Request) -> Response:  # noqa: ARG001
    counts: dict[str, int] = {}
    marks: dict[str, list[str]] = {}
    for dataset in _lists(scopes):
        source = source_of(dataset.name)
        held = scopes.entities.columns["datasets"].has_any([dataset.name])
        counts[source] = counts.get(source, 0) + int(
            dataset.facts.get("entity_count") or held.sum()
        )
        marks.setdefault(source, []).append(f"{dataset.name}@{dataset.index_version}")
    at = instant(scopes.built_at)
    body = {
        "lists": counts,
        "listHashes": {name: _hash(versions) for name, versions in marks.items()},
        "startedAt": at,
        "endedAt": at,
        "version": __version__,
    }
    return json_response(body)


def _hash(versions: Sequence[str]) -> str:
    return sha256("\n".join(sorted(versions)).encode()).hexdigest()


def _refreshing(request: Request) -> Refreshing:
    """The one of the app, made when first asked for."""
    state = request.app.state
    if not hasattr(state, "refreshing"):
        state.refreshing = Refreshing(state.refresher)
    found: Refreshing = state.refreshing
    return found
