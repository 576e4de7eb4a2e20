"""The checks that need nothing but the data of the file: each gives what differs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from tumen.cases.evidence.findings import follows
from tumen.cases.evidence.history import (
    alert_section,
    attached_section,
    case_section,
    people_section,
    record_of,
)
from tumen.cases.history import fold
from tumen.model.case import Case, CaseRecord
from tumen.model.casework import CaseAct
from tumen.model.listing import entry_from_dict
from tumen.model.materiality import entry_fingerprint
from tumen.model.watching import HitState

Data = Mapping[str, Any]
# What a case shows at the least, whichever version made the file.
_SHOWN = ("case_id", "state", "decisions", "pending", "title", "subject_key")


def hash_of(text: str) -> str:
    """The SHA-256 of a text."""
    return sha256(text.encode()).hexdigest()


def records_of(data: Data) -> list[CaseRecord]:
    """The records of the case, from their texts."""
    return [record_of(one["text"]) for one in data["history"]]


def history_faults(data: Data) -> Iterator[str]:
    """Records of the case that were changed, removed or moved."""
    for number, one in enumerate(data["history"], start=1):
        if hash_of(one["text"]) != one["sha256"]:
            yield f"Record {one['sequence']} of the case was changed"
        record = record_of(one["text"])
        if (record.sequence, one["sequence"]) != (number, number):
            yield f"Record {record.sequence} of the case stands where record {number} belongs"
        if data["case"] is None or record.case_id != data["case"]["case_id"]:
            yield f"Record {record.sequence} is of the case {record.case_id}"


def case_faults(data: Data) -> Iterator[str]:
    """Whether what is shown of the case follows from its records."""
    records = records_of(data)
    case = fold(records)
    for name in _SHOWN:
        if name not in data["case"]:
            yield f"The case does not show {name!r}"
    yield from follows(data["case"], case_section(case), "The case")
    yield from follows(data["people"], people_section(records), "Person")
    yield from follows(data["attachments"], attached_section(records), "Attachment")
    yield from follows(_without_entries(data["results"]), _alerts(case), "Alert")


def _alerts(case: Case) -> list[dict[str, Any]]:
    return [alert_section(one) for one in case.alerts]


def _without_entries(results: Sequence[Data]) -> list[dict[str, Any]]:
    """The results without what was added to their hits from the lists."""
    return [
        {
            **one,
            "hits": [
                {name: value for name, value in hit.items() if name != "published"}
                for hit in one["hits"]
            ],
        }
        for one in results
    ]


def four_eyes_faults(data: Data) -> Iterator[str]:
    """Decisions that did not take two persons, read from the records alone."""
    proposed: CaseRecord | None = None
    for record in records_of(data):
        if record.act is CaseAct.RECOMMENDED:
            proposed = record
        elif record.act in (CaseAct.WITHDRAWN, CaseAct.RETURNED):
            proposed = None
        elif record.act is CaseAct.APPROVED:
            if proposed is None:
                yield f"Record {record.sequence} approves what nobody recommended"
            else:
                yield from _two_persons(proposed, record)
            proposed = None


def _two_persons(proposed: CaseRecord, approved: CaseRecord) -> Iterator[str]:
    by, of = proposed.actor, approved.actor
    if not by.person or not of.person:
        yield f"Record {approved.sequence}: a decision takes two persons, one is none"
    elif not by.eyes.isdisjoint(of.eyes):
        yield f"Record {approved.sequence}: {of.name} approved what the same person recommended"


def audit_faults(data: Data) -> Iterator[str]:
    """Audit records that were changed, or that do not follow one another."""
    before: Data | None = None
    head = data["audit"]["head"]
    for one in data["audit"]["records"]:
        number = one["sequence"]
        if hash_of(one["previous_hash"] + one["text"]) != one["hash"]:
            yield f"Audit record {number} was changed"
        if orjson.loads(one["text"])["sequence"] != number:
            yield f"Audit record {number} says another number of itself"
        if before is not None and number <= before["sequence"]:
            yield f"Audit record {number} stands behind record {before['sequence']}"
        is_next = before is not None and number == before["sequence"] + 1
        if is_next and before and one["previous_hash"] != before["hash"]:
            yield f"Audit record {number} does not follow record {number - 1}"
        if number > head["sequence"]:
            yield f"Audit record {number} is behind the end of the log, {head['sequence']}"
        elif number == head["sequence"] and one["hash"] != head["hash"]:
            yield f"Audit record {number} is the last of the log and has not its hash"
        before = one


def bound_faults(data: Data) -> Iterator[str]:
    """Audit records that speak of a record of the case other than it is."""
    hashes = {one["sequence"]: one["sha256"] for one in data["history"]}
    for number, after in _bound(data):
        if hashes.get(number) != after:
            yield f"Record {number} of the case is not the one that the audit log speaks of"


def unbound(data: Data) -> list[int]:
    """The records of the case that no audit record in the file speaks of."""
    told = {number for number, _ in _bound(data)}
    return [one["sequence"] for one in data["history"] if one["sequence"] not in told]


def _bound(data: Data) -> Iterator[tuple[int, str]]:
    """(number of a record of the case, its hash) as the audit log says."""
    case_id = data["case"]["case_id"] if data["case"] else None
    for one in data["audit"]["records"]:
        entry = orjson.loads(one["text"])
        number = entry["details"].get("sequence")
        is_act = entry["object"] == case_id and entry["action"].startswith("case ")
        if is_act and number is not None and entry["after"]:
            yield number, entry["after"]


def is_any_proved(data: Data) -> bool:
    """Whether the file holds all outcomes of a screening; what cannot be read, counts as so."""
    runs = data.get("screenings")
    return not isinstance(runs, list) or any(
        not isinstance(run, dict) or run.get("hashed") is not None for run in runs
    )


def result_faults(data: Data) -> Iterator[str]:
    """Screenings whose outcomes do not give the hash of their result, or say something else."""
    for run in data["screenings"]:
        if run["hashed"] is None:
            continue
        if hash_of(run["hashed"]) != run["result_hash"]:
            yield f"The outcomes of screening {run['screening_id']} do not give its result hash"
        if data["kind"] == "search":
            yield from _outcome_faults(run, data["results"])


def _outcome_faults(run: Data, results: Sequence[Data]) -> Iterator[str]:
    lines = [orjson.loads(line) for line in run["hashed"].splitlines()]
    proved = [(one["subject_id"], one["hits"]) for one in lines if one["was_screened"]]
    shown = [
        (one["subject_id"], one["hits"]) for one in _without_entries(results) if one["was_screened"]
    ]
    if proved != shown:
        yield f"The hits shown are not those that the result hash of {run['screening_id']} proves"


def entry_faults(data: Data) -> Iterator[str]:
    """Entries that are not those that were compared, by the fingerprint kept with the hit."""
    for hit in _published_hits(data):
        if _has_fingerprint(hit):
            entry = entry_from_dict(hit["published"]["entry"])
            if entry_fingerprint(entry) != hit["entry_hash"]:
                yield f"The entry {hit['entity_id']} shown is not the one that was compared"


def loose_entries(data: Data) -> list[str]:
    """The entries shown that no fingerprint in the file speaks of."""
    loose = (hit for hit in _published_hits(data) if not _has_fingerprint(hit))
    return list(dict.fromkeys(str(hit["entity_id"]) for hit in loose))


def _published_hits(data: Data) -> Iterator[Data]:
    return (hit for one in data["results"] for hit in one["hits"] if hit["published"])


def _has_fingerprint(hit: Data) -> bool:
    # What is proposed for release was another entry when its fingerprint was taken.
    return bool(hit.get("entry_hash")) and hit.get("state") == HitState.OPEN.value


def version_faults(data: Data) -> Iterator[str]:
    """List versions whose name is not made from their hash, or that are used and not told of."""
    told = {one["version_id"] for one in data["versions"]}
    for one in data["versions"]:
        if one["version_id"] != f"{one['list_id']}@{one['content_hash'][:12]}":
            yield f"The list version {one['version_id']} does not have the hash in its name"
    used = {name for run in data["screenings"] for name in run["versions"]}
    used |= {
        hit["published"]["version_id"]
        for result in data["results"]
        for hit in result["hits"]
        if hit["published"]
    }
    for name in sorted(used - told):
        if not any(name in one for one in data["missing"]):
            yield f"The list version {name} was used and is not told of"
