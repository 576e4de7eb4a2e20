"""Hits as the pages show them: the score's parts, both sides aligned, the acts behind the entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tumen.cases.evidence.sides import sides

# So many hits get both sides on paper, the best first; the data has all of them.
MOST_IN_FULL = 60
MOST_IN_BRIEF = 1_000

_DESIGNATION = (
    ("authority", "Authority"),
    ("programme", "Programme"),
    ("legal_basis", "Legal basis"),
    ("listed_on", "Listed on"),
    ("amended_on", "Amended on"),
    ("ends_on", "Ends on"),
    ("reason", "Reason"),
    ("measures", "Measures"),
    ("reference", "Reference"),
    ("source_url", "Published at"),
)


def hits_shown(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All hits of the results: the best in full, the next in brief, and how many are left out."""
    pairs = [(result, hit) for result in results for hit in result["hits"]]
    pairs.sort(key=lambda pair: -float(pair[1]["score"]))
    total = len(pairs)
    brief = pairs[MOST_IN_FULL : MOST_IN_FULL + MOST_IN_BRIEF]
    return {
        "full": [
            _in_full(f"{number} of {total:,}", *pair)
            for number, pair in enumerate(pairs[:MOST_IN_FULL], start=1)
        ],
        "brief": [_in_brief(*pair) for pair in brief],
        "left_out": max(0, total - MOST_IN_FULL - MOST_IN_BRIEF),
    }


def _in_brief(result: Mapping[str, Any], hit: Mapping[str, Any]) -> list[str]:
    return [_caption(hit), str(hit["entity_id"]), f"{hit['score']:.2f}", str(result["caption"])]


def _caption(hit: Mapping[str, Any]) -> str:
    return str(hit.get("caption") or hit["entity_id"])


def _in_full(number: str, result: Mapping[str, Any], hit: Mapping[str, Any]) -> dict[str, Any]:
    published = hit.get("published") or {}
    entry = published.get("entry") or {}
    reasons = list(_reasons(hit))
    listed = entry.get("entity", {})
    is_alike = any(one["feature"] == "name" and one["effect"] > 0 for one in reasons)
    return {
        "number": number,
        "caption": _caption(hit),
        "facts": list(_facts(result, hit, published)),
        "score": float(hit["score"]),
        "sentence": str(hit.get("sentence") or ""),
        "reasons": reasons,
        "rows": [row._asdict() for row in sides(result["subject"], listed, is_alike)],
        "designations": [_designation(one) for one in entry.get("designations", ())],
        "remarks": str(entry.get("remarks") or ""),
    }


def _facts(
    result: Mapping[str, Any], hit: Mapping[str, Any], published: Mapping[str, Any]
) -> Iterator[list[str]]:
    yield ["Subject", f"{result['caption']} ({result['subject_id']})"]
    yield ["Listed party", f"{_caption(hit)} ({hit['entity_id']})"]
    if published:
        where = [published["entry"].get("file"), published["entry"].get("locator")]
        place = ", ".join(str(one) for one in where if one)
        yield ["As published in", f"{published['version_id']}{': ' if place else ''}{place}"]
    else:
        yield ["As published in", "No version in the store has the entry"]
    if result["alert_id"]:
        yield ["Alert", f"{result['alert_id']}, of screening {result['screening_id']}"]
    if "is_hit" in hit:
        yield ["Reading", "hit" if hit["is_hit"] else "candidate below the threshold"]
    if hit.get("state"):
        yield ["State when seen", str(hit["state"])]


def _reasons(hit: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for reason in hit.get("reasons") or ():
        if isinstance(reason, Mapping):
            yield {
                "feature": str(reason.get("feature", "")).replace("_", " "),
                "effect": float(reason.get("effect", 0.0)),
                "text": str(reason.get("text", "")),
            }
        else:
            yield {"feature": "", "effect": 0.0, "text": str(reason)}


def _designation(one: Mapping[str, Any]) -> list[list[str]]:
    shown = []
    for slot, label in _DESIGNATION:
        value = one.get(slot)
        text = "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        if text:
            shown.append([label, text])
    return shown
