"""The algorithms that a client may name."""

from __future__ import annotations

from fastapi import APIRouter, Response

from tumen.service.algorithms import ALGORITHMS, BEST, DEFAULT
from tumen.service.requests import json_response

router = APIRouter(tags=["System information"])


@router.get("/algorithms", summary="Algorithms and their features")
async def algorithms() -> Response:
    """All names that `algorithm` may take, with features, usual weights and settings."""
    described = [one.described() for one in ALGORITHMS.values()]
    return json_response({"algorithms": described, "default": DEFAULT, "best": BEST})
