"""What the pages say, in their order, as plain data for the template: texts made legible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from tumen.cases.evidence.document_hits import hits_shown
from tumen.cases.evidence.instructions import STEPS
from tumen.cases.evidence.legible import all_legible
from tumen.cases.evidence.shape import Evidence
from tumen.cases.evidence.sides import sides
from tumen.cases.evidence.wording import counted, instant, is_in_force, moment
from tumen.model.casework import ReasonCode

# So many of the last records of a log go on paper; the data has all of them.
MOST_RECORDS = 400
MOST_SUBJECTS = 60
# Said elsewhere on the pages, or for machines.
_NOT_TOLD = frozenset({"subject", "hits", "versions", "policy", "sha256", "evidence", "entity_ids"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
_TALLY = {
    "hit": "with a hit",
    "possible": "with candidates below the threshold",
    "no_hit": "without a hit",
    "not_screened": "not screened",
    "with_warnings": "with warnings",
}


def document(evidence: Evidence) -> dict[str, Any]:
    """All that the template sets."""
    data, made_at = evidence.data, datetime.fromisoformat(evidence.data["made_at"])
    at, subjects = made_at.astimezone(UTC), _subjects(data["results"])
    shown = {
        "title": "Evidence of a case" if data["case"] else "Evidence of a search",
        "about": data["case"]["title"] if data["case"] else _captions(data["results"]),
        "made_at": instant(data["made_at"]),
        "finding": data["finding"],
        "facts": list(_facts(data)),
        "subjects": [_subject(one) for one in subjects[:MOST_SUBJECTS]],
        "subjects_left": max(0, len(subjects) - MOST_SUBJECTS),
        "hits": hits_shown(data["results"]),
        "no_hits": _no_hits(data["results"]),
        "decisions": list(_decisions(data["case"])) if data["case"] else [],
        "people": [_person(one) for one in data["people"]],
        "history": [_happened(one) for one in data["history"][-MOST_RECORDS:]],
        "screenings": [_screening(one) for one in data["screenings"]],
        "versions": [_version(one) for one in data["versions"]],
        "attachments": [_attachment(one) for one in data["attachments"]],
        "missing": data["missing"],
        "audit": [_audited(one) for one in data["audit"]["records"][-MOST_RECORDS:]],
        "audit_total": len(data["audit"]["records"]),
        "head": f"record {data['audit']['head']['sequence']:,}",
        "head_hash": data["audit"]["head"]["hash"],
        "set_with": ", ".join(f"{name} {mark}" for name, mark in data["set_with"].items()),
        "steps": STEPS,
    }
    made = [at.year, at.month, at.day, at.hour, at.minute, at.second]
    return {**all_legible(shown), "digest": evidence.digest, "made": made}


def _captions(results: Iterable[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(str(one["caption"]) for one in results))
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return "; ".join(names[:3]) + more


def _facts(data: Mapping[str, Any]) -> Iterator[list[str]]:
    case, search = data["case"], data["search"]
    if case:
        yield ["Case", case["case_id"]]
        yield ["About", f"{case['title']} ({case['subject_key']})"]
        yield ["State", case["state"]]
        yield ["Came from", case["origin"]]
        yield ["Priority", case["priority"]]
        yield ["Opened", instant(case["opened_at"])]
        if case["due_at"]:
            yield ["Due", instant(case["due_at"])]
        for label, key in (("Tags", "tags"), ("Related cases", "related")):
            if case[key]:
                yield [label, ", ".join(case[key])]
    else:
        yield ["Screening", search["screening_id"]]
        yield ["Subject", search["subject_id"] or "all that the screening kept an outcome of"]
    yield ["This file made", instant(data["made_at"])]


def _no_hits(results: Sequence[Mapping[str, Any]]) -> str:
    """What to say where no hit is shown: that nothing was found only of what was screened."""
    if not results:
        return "No screening belongs to this."
    if all(one["was_screened"] for one in results):
        return "No listed party stood at or above the cut-off."
    return "Not everything was screened: see the finding in front. This is no clearance."


def _subjects(results: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each subject once in each form in which it was screened."""
    found = {orjson.dumps([one["subject_id"], one["subject"]]): one for one in results}
    return list(found.values())


def _subject(result: Mapping[str, Any]) -> dict[str, Any]:
    rows = [["Screened as", result["subject_id"]]]
    rows += [[row.field, "\n".join(row.ours)] for row in sides(result["subject"], {})]
    if not result["was_screened"]:
        rows.append(["NOT SCREENED", result["problem"]])
    rows += [["Warning", one] for one in result["warnings"]]
    return {"caption": result["caption"], "rows": rows}


def _decisions(case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for decision in case["decisions"]:
        is_held = is_in_force(case, decision)
        held = "yes" if is_held else "no: a later decision or a reopening took its place"
        shown = _decision(decision)
        yield {**shown, "rows": [["In force", held], *shown["rows"]]}


def _decision(decision: Mapping[str, Any]) -> dict[str, Any]:
    made, reason = decision["recommendation"], ReasonCode(decision["recommendation"]["reason"])
    rows = [
        ["Verdict", f"{reason.verdict.value}: {reason.value}, {reason.label.lower()}"],
        ["Outcome", made["outcome"]],
        ["Listed parties", ", ".join(made["entity_ids"])],
        ["Reason given", made["text"]],
        ["Evidence named", "\n".join(made["evidence"])],
        ["Recommended by", f"{_who(made['by'])}, {instant(made['at'])}"],
        ["Approved by", f"{_who(decision['approved_by'])}, {instant(decision['approved_at'])}"],
        ["Approver’s words", decision["text"] or "none"],
    ]
    if made.get("until"):
        rows.append(["Holds until", str(made["until"])])
    if decision["supersedes"]:
        rows.append(["Supersedes", f"the decision recommended in record {decision['supersedes']}"])
    return {"title": f"{reason.verdict.value}: {made['outcome']}", "rows": rows}


def _who(actor: Mapping[str, Any]) -> str:
    stands_in = f", in the place of {actor['deputises_for']}" if actor["deputises_for"] else ""
    return f"{actor['name']} ({actor['person'] or 'a program'}{stands_in})"


def _person(one: Mapping[str, Any]) -> list[str]:
    did = dict.fromkeys(act["act"] for act in one["acts"])
    return [_who(one), one["user_id"], ", ".join(did)]


def _happened(one: Mapping[str, Any]) -> list[str]:
    record = orjson.loads(one["text"])
    return [
        str(one["sequence"]),
        moment(record["at"]),
        record["actor"]["name"],
        record["act"],
        _told(record["details"]),
        one["sha256"],
    ]


def _told(details: Mapping[str, Any]) -> str:
    parts = [
        _in_words(value) if name == "text" else f"{name.replace('_', ' ')}: {_in_words(value)}"
        for name, value in details.items()
        if name not in _NOT_TOLD and value not in (None, "", [])
    ]
    return "; ".join(parts)


def _in_words(value: Any) -> str:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return moment(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _screening(run: Mapping[str, Any]) -> list[list[str]]:
    tally = run["tally"]
    counts = [f"{tally[name]:,} {words}" for name, words in _TALLY.items() if tally.get(name)]
    policy = run["policy"]
    lists = ", ".join(policy.get("lists") or ()) or "every list in the store"
    proof = (
        "All outcomes are in this file: their SHA-256 is the result hash"
        if run["hashed"] is not None
        else f"The result hash is over all outcomes, {run['outcomes_inside']:,} of which are in "
        "this file; “tumen replay” repeats the screening where the store is"
    )
    return [
        ["Screening", run["screening_id"]],
        ["Screened", f"{instant(run['screened_at'])}, by {run['actor']} ({run['trigger']})"],
        ["Input", run["input_ref"] or "given in the request"],
        ["Policy", f"{policy.get('name')} {policy.get('version')}: threshold "
                   f"{policy.get('threshold')}, cut-off {policy.get('cutoff')}, {lists}"],
        ["Engine", run["engine"]],
        ["Word statistics", run["basis_hash"]],
        ["Result", f"{counted(tally.get('subjects', 0), 'subject')}: {', '.join(counts)}"],
        ["Result hash", run["result_hash"]],
        ["Proof", proof],
        *(["Warning", one] for one in run["warnings"]),
    ]  # fmt: skip


def _version(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cells": [
            one["version_id"],
            one["published_on"] or "not stated",
            moment(one["retrieved_at"]),
            f"{one['entries']:,}",
            ", ".join(one["files"]),
        ],
        "hash": one["content_hash"],
    }


def _attachment(one: Mapping[str, Any]) -> dict[str, Any]:
    size = one["size_bytes"]
    return {
        "cells": [
            one["name"] or "no name",
            one["media_type"],
            f"{size:,}" if isinstance(size, int) else "",
            f"{one['by']}, {instant(one['attached_at'])}",
        ],
        "hash": one["sha256"],
    }


def _audited(one: Mapping[str, Any]) -> dict[str, Any]:
    entry = orjson.loads(one["text"])
    cells = [
        str(one["sequence"]),
        moment(entry["occurred_at"]),
        entry["actor"],
        entry["action"],
        entry["object"],
    ]
    return {"cells": cells, "hash": one["hash"]}
