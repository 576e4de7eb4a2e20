"""Screening a stored book on request: kept with its events and its audit record, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tumen.lists.registry import published_lists
from tumen.screening.standing import Watchpost, find_whole
from tumen.service.gathering import gather_hits
from tumen.service.jobs import Report
from tumen.watch.rescreening import keep_screening

if TYPE_CHECKING:
    from tumen.service.routes.v1.needs import Api


def post_of(api: Api, actor: str) -> Watchpost:
    """Where the service screens books: the same place as the command line has."""
    base = api.settings.base
    mark = hashlib.sha256(base.store_url.encode()).hexdigest()[:12]
    base.snapshots.mkdir(parents=True, exist_ok=True)
    return Watchpost(api.store, base.snapshots / mark, api.policy, actor, accepts_stale=False)


def screen_stored_book(api: Api, book_id: str, actor: str, report: Report) -> Mapping[str, Any]:
    """Screen the current version of a book whole; what it brought, by numbers."""
    post = replace(post_of(api, actor), progress=report)
    found = find_whole(post, book_id, datetime.now(UTC))
    keep_screening(api.store, published_lists(), found, actor)
    gather_hits(api.store, book_id, post.policy, datetime.now(UTC))
    return {
        "screening_id": found.run.screening_id,
        "href": f"/api/v1/screenings/{found.run.screening_id}",
        "tally": dict(found.run.tally),
        "changes": found.changes.counts,
    }
