"""Answers as bytes: whole entities are copied from the file, only what is new is rendered."""

from __future__ import annotations

from typing import Any

from tumen.model.screening import Reason
from tumen.service.algorithms import Algorithm
from tumen.service.examples import Example
from tumen.service.matching import Matches, Scored
from tumen.service.requests import json_bytes
from tumen.service.scopes import Scopes
from tumen.service.shapes import ExampleQuery
from tumen.service.wire import wire_properties


def matches_json(
    scopes: Scopes, asked: ExampleQuery, example: Example, matches: Matches, algorithm: Algorithm
) -> bytes:
    """The answer to one query of a match."""
    results = b",".join(scored_json(scopes, one, algorithm) for one in matches.results)
    rest: dict[str, Any] = {
        "total": {"value": matches.total, "relation": "eq"},
        "query": {
            "id": asked.id,
            "schema": example.entity.schema,
            "properties": wire_properties(example.entity),
        },
        "warnings": list(example.warnings),
    }
    if matches.problem:
        # An empty answer would otherwise read as "no hit".
        rest["warnings"].append(f"Not screened: {matches.problem}")
    return b'{"status":200,"results":[' + results + b"]," + json_bytes(rest)[1:]


def scored_json(scopes: Scopes, scored: Scored, algorithm: Algorithm) -> bytes:
    """One result: the whole entity with its score and the reasons."""
    extra = {
        "score": scored.score,
        "match": scored.is_match,
        "explanations": explanations(scored.comparison.reasons, algorithm),
    }
    return scopes.entities.raw(scored.number)[:-1] + b"," + json_bytes(extra)[1:]


def explanations(reasons: tuple[Reason, ...], algorithm: Algorithm) -> dict[str, dict[str, Any]]:
    """Reasons by the feature under which the algorithm's clients look for them."""
    found: dict[str, dict[str, Any]] = {}
    for reason in reasons:
        name = algorithm.feature_of(reason)
        # A name that agrees in part scores that part; other features are there or not.
        score = reason.effect if reason.feature == "name" else 1.0
        if name in found:
            found[name]["detail"] += f"; {reason.text}"
            continue
        found[name] = {
            "detail": reason.text,
            "score": score,
            "query": reason.left,
            "candidate": reason.right,
        }
    return found
