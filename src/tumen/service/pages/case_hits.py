"""The hits of a case for its page: both sides as they were screened, and how each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tumen.cases.evidence.published import with_entry
from tumen.cases.workflow import decisions_in_force, undecided_ids
from tumen.model.case import Alert, Case, Decision
from tumen.service.pages.comparison import ScorePart, align, score_parts
from tumen.service.pages.comparison_rows import SideRow
from tumen.store.work import Work

# More are on a page of their own: each takes a look into the lists.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class HitView:
    """One hit as it was last seen. `standing` is how it stands now, empty where it stands no more.

    `version_id` names the list version whose entry is shown, empty where none has it.
    """

    entity_id: str
    caption: str
    list_id: str
    score: float
    sentence: str
    programmes: tuple[str, ...]
    rows: tuple[SideRow, ...]
    parts: tuple[ScorePart, ...]
    threshold: float | None
    version_id: str
    published_at: str
    standing: str
    note: str
    decision: Decision | None
    is_undecided: bool
    screening_id: str


def seen_hits(case: Case) -> list[tuple[Alert, Mapping[str, Any]]]:
    """Each entity's hit as the last alert shows it: what is to be decided first, then the best."""
    last = {str(hit["entity_id"]): (alert, hit) for alert in case.alerts for hit in alert.hits}
    left = undecided_ids(case)
    return sorted(
        last.values(),
        key=lambda one: (
            one[1]["entity_id"] not in left,
            -float(one[1]["score"]),
            str(one[1]["entity_id"]),
        ),
    )


def hit_views(
    work: Work, case: Case, found: Sequence[tuple[Alert, Mapping[str, Any]]]
) -> list[HitView]:
    """These hits with both sides, as they were screened."""
    decisions, left = decisions_in_force(case), undecided_ids(case)
    standing = _standing(work, found)
    return [_view(work, alert, hit, standing, decisions, left) for alert, hit in found]


def _view(
    work: Work,
    alert: Alert,
    hit: Mapping[str, Any],
    standing: Mapping[tuple[str, str, str], str],
    decisions: Mapping[str, Decision],
    left: frozenset[str],
) -> HitView:
    entity_id, list_id = str(hit["entity_id"]), str(hit.get("list_id", ""))
    # Only the version of its own list can hold the entry.
    used = [one for one in alert.versions if one.rpartition("@")[0] == list_id]
    published = with_entry(work, hit, used, alert.raised_at)["published"] or {}
    entry: Mapping[str, Any] = published.get("entry", {})
    reasons = tuple(hit.get("reasons", ()))
    file, locator = str(entry.get("file", "")), str(entry.get("locator", ""))
    # Some publishers' files are named in the place of each row already.
    place = locator if file in locator else f"{file} {locator}".strip()
    threshold = alert.policy.get("threshold")
    return HitView(
        entity_id,
        str(hit.get("caption") or entity_id),
        list_id,
        float(hit["score"]),
        str(hit.get("sentence", "")),
        tuple(map(str, hit.get("programmes", ()))),
        tuple(align(alert.subject, entry.get("entity", {}), reasons)),
        tuple(score_parts(reasons)),
        float(threshold) if isinstance(threshold, int | float) else None,
        str(published.get("version_id", "")),
        place,
        standing.get((alert.book_id, alert.party_id, entity_id), ""),
        str(hit.get("note", "")),
        decisions.get(entity_id),
        entity_id in left,
        alert.screening_id,
    )


def _standing(
    work: Work, found: Sequence[tuple[Alert, Mapping[str, Any]]]
) -> dict[tuple[str, str, str], str]:
    """(book, party, entity) → the state in which the hit stands now."""
    parties: dict[str, set[str]] = {}
    for alert, _ in found:
        parties.setdefault(alert.book_id, set()).add(alert.party_id)
    return {
        (book_id, one.party_id, one.hit.entity_id): one.state.value
        for book_id, party_ids in parties.items()
        for one in work.hits.standing(book_id, party_ids=sorted(party_ids))
    }
