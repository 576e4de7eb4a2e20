"""A case as evidence shows it: its records letter by letter, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from tumen.cases.evidence.shape import ATTACHMENTS
from tumen.cases.history import alert_to_dict
from tumen.model.case import Alert, Case, CaseRecord
from tumen.model.casework import CaseAct
from tumen.store.cases import record_json
from tumen.store.codec import Codec

_CASE, _RECORD = Codec(Case), Codec(CaseRecord)


def history_section(records: Iterable[CaseRecord]) -> list[dict[str, Any]]:
    """Each record as it was hashed, with its hash: the `after` of its audit record."""
    texts = [(one.sequence, record_json(one)) for one in records]
    return [
        {"sequence": sequence, "text": text, "sha256": sha256(text.encode()).hexdigest()}
        for sequence, text in texts
    ]


def record_of(text: str) -> CaseRecord:
    """The record that a text of the history says."""
    return _RECORD.of_json(text)


def case_section(case: Case) -> dict[str, Any]:
    """How the case stands; its alerts are told among the results."""
    shown: dict[str, Any] = orjson.loads(_CASE.json(case))
    del shown["alerts"], shown["notes"]
    return shown


def people_section(records: Iterable[CaseRecord]) -> list[dict[str, Any]]:
    """Who took part, in the order of their first act, each with what they did."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for record in records:
        actor = record.actor
        key = (actor.user_id, actor.person, actor.deputises_for)
        shown = {
            "user_id": actor.user_id,
            "person": actor.person,
            "name": actor.name,
            "deputises_for": actor.deputises_for,
            "acts": [],
        }
        did = {"sequence": record.sequence, "act": record.act.value, "at": record.at.isoformat()}
        found.setdefault(key, shown)["acts"].append(did)
    return list(found.values())


def attached_section(records: Iterable[CaseRecord]) -> list[dict[str, Any]]:
    """The files that were attached, with the name of each in the archive."""
    return [
        {
            "sha256": record.details["sha256"],
            "name": str(record.details.get("name", "")),
            "media_type": str(record.details.get("media_type", "")),
            "size_bytes": record.details.get("size_bytes"),
            "member": _member(record.details),
            "attached_at": record.at.isoformat(),
            "by": record.actor.name,
        }
        for record in records
        if record.act is CaseAct.ATTACHED
    ]


def alert_section(alert: Alert) -> dict[str, Any]:
    """An alert as a result of its screening, without what the lists published."""
    shown: dict[str, Any] = orjson.loads(orjson.dumps(alert_to_dict(alert)))
    return {
        **shown,
        "subject_id": alert.party_id,
        "caption": caption_of(alert.subject) or alert.party_id,
        "was_screened": True,
        "problem": "",
        "warnings": [],
    }


def caption_of(subject: Mapping[str, Any]) -> str:
    """The name of a subject as it was seen; empty where it has none."""
    properties = subject.get("properties")
    names: Sequence[Any] = properties.get("name", ()) if isinstance(properties, Mapping) else ()
    return str(names[0]) if names else str(subject.get("caption") or "")


def _member(details: Mapping[str, Any]) -> str:
    """The place in the archive: the hash, and an ending of a few plain letters or none."""
    _, _, ending = str(details.get("name", "")).rpartition(".")
    is_plain = ending.isascii() and ending.isalnum() and len(ending) <= 8
    return f"{ATTACHMENTS}{details['sha256']}.{ending.lower() if is_plain else 'bin'}"
