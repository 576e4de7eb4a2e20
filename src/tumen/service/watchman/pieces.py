"""Why an entity scored as it did, in the pieces that Watchman's clients read."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from tumen.model.screening import Reason

# What Watchman calls the pieces of a comparison.
_TYPES = {
    "name": "name",
    "birth_date": "dates",
    "identifier": "identifiers",
    "nationality": "supporting-info",
    "country": "supporting-info",
    "place": "supporting-info",
    "gender": "supporting-info",
}


def details_of(reasons: Sequence[Reason], score: float) -> dict[str, Any]:
    """The pieces of a score, one for each reason, and the score that they came to.

    Ours add to and take from what the name gives: so a piece's `weight` is by how many points it
    moved the score, and its `score` is 1 where it raised it and 0 where it lowered it; that of
    the name is what the name alone gives. `reason` says it in words.
    """
    return {"pieces": [_piece(reason) for reason in reasons], "finalScore": score}


def debug_of(reasons: Sequence[Reason], sentence: str, score: float) -> str:
    """The same as text for a person, in base64 as Watchman sends it."""
    lines = [sentence, *(f"{one.effect:+.4f}  {one.text}" for one in reasons), f"={score:.4f}"]
    return b64encode("\n".join(lines).encode()).decode("ascii")


def _piece(reason: Reason) -> dict[str, Any]:
    is_name = reason.feature == "name"
    has_agreed = reason.effect > 0
    return {
        "score": reason.effect if is_name else float(has_agreed),
        "weight": 1.0 if is_name else abs(reason.effect),
        "matched": has_agreed,
        "required": is_name,
        "exact": has_agreed and reason.left.casefold() == reason.right.casefold(),
        "fieldsCompared": 1,
        "pieceType": _TYPES.get(reason.feature, reason.feature),
        "reason": reason.text,
    }
