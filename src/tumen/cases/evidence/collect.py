"""Gathers what an evidence file says, from one transaction. Nothing of it is a matter of taste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from tumen.cases.evidence.fonts import set_with
from tumen.cases.evidence.history import (
    alert_section,
    attached_section,
    case_section,
    history_section,
    people_section,
)
from tumen.cases.evidence.published import missing_versions, versions_section, with_entry
from tumen.cases.evidence.runs import run_section
from tumen.cases.evidence.searched import Searched, searched
from tumen.cases.evidence.shape import FORMAT, Evidence, canonical
from tumen.cases.evidence.trail import audit_section
from tumen.cases.evidence.wording import case_finding, search_finding
from tumen.cases.history import fold
from tumen.cases.keep import records_of
from tumen.errors import RequestError
from tumen.model.case import Alert
from tumen.store.work import Work

MOST_HITS = 10_000


def collect(work: Work, case_id: str, now: datetime) -> Evidence:
    """The evidence of a case. Raises RequestError where there is none of that id."""
    records = records_of(work, case_id)
    case = fold(records)
    runs, missing = _runs(work, case.alerts)
    results = [_alert(work, one, runs.get(one.screening_id, {})) for one in case.alerts]
    attached = attached_section(records)
    contents, lost = _contents(work, attached)
    used = _version_ids(results, runs.values())
    data = {
        **_head("case", now),
        "case": case_section(case),
        "search": None,
        "results": results,
        "screenings": list(runs.values()),
        "versions": versions_section(work, used),
        "history": history_section(records),
        "people": people_section(records),
        "attachments": attached,
        "missing": [*missing, *missing_versions(work, used), *lost],
        "audit": audit_section(work, [case_id, *runs]),
    }
    return _evidence({**data, "finding": case_finding(data)}, contents)


def collect_search(
    work: Work, screening_id: str, subject_id: str | None, now: datetime
) -> Evidence:
    """The evidence of a stored screening, whole or of one subject; also where nothing was found.

    Raises RequestError where there is no such screening, where it did not look at that subject,
    or where more was found than fits into one file: what is left out of evidence is no evidence.
    """
    found = searched(work, screening_id, subject_id)
    hits = sum(len(one["hits"]) for one in found.results)
    if hits > MOST_HITS:
        raise RequestError(
            f"The screening {screening_id} has {hits:,} hits, and a file holds {MOST_HITS:,} at "
            "most: ask for the evidence of one subject at a time"
        )
    run = run_section(found.run, found.outcomes)
    results = [_outcome(work, found, number) for number in range(len(found.results))]
    used = _version_ids(results, [run])
    data = {
        **_head("search", now),
        "case": None,
        "search": found.section,
        "results": results,
        "screenings": [run],
        "versions": versions_section(work, used),
        "history": [],
        "people": [],
        "attachments": [],
        "missing": missing_versions(work, used),
        "audit": audit_section(work, [screening_id]),
    }
    return _evidence({**data, "finding": search_finding(data)}, {})


def _head(kind: str, now: datetime) -> dict[str, Any]:
    made_at = now.astimezone(UTC).isoformat(timespec="seconds")
    return {"format": FORMAT, "kind": kind, "made_at": made_at, "set_with": set_with()}


def _evidence(data: Mapping[str, Any], contents: Mapping[str, bytes]) -> Evidence:
    # As it is read back from the file, to the type of every value and the order of every key.
    return Evidence(orjson.loads(canonical(data)), contents)


def _runs(work: Work, alerts: Iterable[Alert]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The screenings behind the alerts, and sentences on those that are not there."""
    parties: dict[str, list[str]] = {}
    for alert in alerts:
        parties.setdefault(alert.screening_id, []).append(alert.party_id)
    found, missing = dict[str, dict[str, Any]](), []
    for screening_id, party_ids in parties.items():
        run = work.screenings.get(screening_id)
        if run is None:
            missing.append(f"The screening {screening_id} is not in the store")
            continue
        outcomes = [
            one
            for party_id in dict.fromkeys(party_ids)
            for one in work.screenings.outcomes(screening_id, party_id)
        ]
        found[screening_id] = run_section(run, outcomes)
    return found, missing


def _alert(work: Work, alert: Alert, run: Mapping[str, Any]) -> dict[str, Any]:
    shown = alert_section(alert)
    used = [*alert.versions, *run.get("versions", ())]
    hits = [with_entry(work, hit, used, alert.raised_at) for hit in shown["hits"]]
    return {**shown, "hits": hits}


def _outcome(work: Work, found: Searched, number: int) -> dict[str, Any]:
    shown = found.results[number]
    hits = [
        with_entry(work, hit, found.run.versions, found.run.screened_at) for hit in shown["hits"]
    ]
    return {**shown, "hits": hits}


def _version_ids(
    results: Iterable[Mapping[str, Any]], runs: Iterable[Mapping[str, Any]]
) -> set[str]:
    named = {one for part in (*results, *runs) for one in part.get("versions", ())}
    hits = [hit for result in results for hit in result["hits"]]
    return named | {hit["published"]["version_id"] for hit in hits if hit["published"]}


def _contents(
    work: Work, attached: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, bytes], list[str]]:
    """The bytes of the attachments by their place in the archive, and what is not there."""
    found, lost = dict[str, bytes](), []
    for one in attached:
        content = work.attachments.content(one["sha256"])
        if content is None:
            lost.append(f"The attachment {one['sha256']} is not in the store")
        else:
            found[one["member"]] = content
    return found, lost
