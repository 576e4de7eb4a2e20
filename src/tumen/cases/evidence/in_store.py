"""An evidence file beside the store that it came from: only this shows it was not made up whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tumen.cases.evidence.findings import Findings
from tumen.cases.evidence.history import history_section
from tumen.cases.evidence.published import versions_section
from tumen.cases.evidence.shape import Evidence
from tumen.model.audit import AuditEntry
from tumen.model.listing import entry_to_dict
from tumen.store.work import Work

_PAGE = 500


def compare(work: Work, evidence: Evidence, findings: Findings) -> None:
    """Compare a file with the audit log, the list versions and the case of this store."""
    data, check = evidence.data, findings.check
    check("The audit log of the store is intact", lambda: work.audit.verify(_head(data)))
    check("The store has the same audit records", lambda: _audit_faults(work, data))
    check("The store has the same list versions", lambda: _version_faults(work, data))
    check("The store has the same entries", lambda: _entry_faults(work, data))
    if data["case"]:
        check("The store has the same records of the case", lambda: _case_faults(work, data))
    check("The store has the same screenings", lambda: _run_faults(work, data))
    if not _was_handed_out(work, evidence):
        findings.remarks.append("The audit log does not say that this very file was handed out")


def handed_out(evidence: Evidence, entry_at: Any, actor: str, auth_method: str = "") -> AuditEntry:
    """The audit record of an evidence file that leaves: `after` is the hash of its data."""
    return AuditEntry(
        occurred_at=entry_at,
        actor=actor,
        action="evidence handed out",
        object=object_of(evidence),
        auth_method=auth_method,
        after=evidence.digest,
    )


def object_of(evidence: Evidence) -> str:
    """What the audit log calls the thing that a file is about."""
    about = evidence.data["case"] or evidence.data["search"]
    return str(about.get("case_id") or about["screening_id"])


def _head(data: Mapping[str, Any]) -> tuple[int, str]:
    head = data["audit"]["head"]
    return int(head["sequence"]), str(head["hash"])


def _audit_faults(work: Work, data: Mapping[str, Any]) -> Iterator[str]:
    for one in data["audit"]["records"]:
        number = int(one["sequence"])
        found = work.audit.records(number - 1, 1)
        if not found or found[0].sequence != number or found[0].hash != one["hash"]:
            yield f"Audit record {number} is another in the store"


def _version_faults(work: Work, data: Mapping[str, Any]) -> Iterator[str]:
    named = [one["version_id"] for one in data["versions"]]
    kept = {one["version_id"]: one for one in versions_section(work, named)}
    for one in data["versions"]:
        name = one["version_id"]
        if name not in kept:
            yield f"The list version {name} is not in the store"
        elif orjson.loads(orjson.dumps(kept[name])) != one:
            yield f"The list version {name} is another in the store"


def _entry_faults(work: Work, data: Mapping[str, Any]) -> Iterator[str]:
    hits = [hit for one in data["results"] for hit in one["hits"] if hit["published"]]
    for hit in hits:
        published = hit["published"]
        found = work.lists.entries_by_id(published["version_id"], [str(hit["entity_id"])])
        kept = [orjson.loads(orjson.dumps(entry_to_dict(one))) for one in found]
        if kept != [published["entry"]]:
            yield f"The entry {hit['entity_id']} is another in the store"


def _case_faults(work: Work, data: Mapping[str, Any]) -> Iterator[str]:
    """A case may have gone on since; what was is as it was."""
    kept = history_section(work.cases.records(data["case"]["case_id"]))
    if kept[: len(data["history"])] != data["history"]:
        yield f"The records of the case {data['case']['case_id']} are others in the store"


def _run_faults(work: Work, data: Mapping[str, Any]) -> Iterator[str]:
    for one in data["screenings"]:
        run = work.screenings.get(one["screening_id"])
        shown = (one["result_hash"], one["basis_hash"], one["engine"], sorted(one["versions"]))
        if run is None:
            yield f"The screening {one['screening_id']} is not in the store"
        elif shown != (run.result_hash, run.basis_hash, run.engine, sorted(run.versions)):
            yield f"The screening {one['screening_id']} is another in the store"


def _was_handed_out(work: Work, evidence: Evidence) -> bool:
    name, after = object_of(evidence), 0
    while page := work.audit.records(after, _PAGE, None, name):
        if any(one.entry.after == evidence.digest for one in page):
            return True
        after = page[-1].sequence
    return False
