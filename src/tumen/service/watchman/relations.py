"""What binds an entity to others, and what was imposed on it."""

from __future__ import annotations

from typing import Any

from tumen.model.entity import schemata
from tumen.service.watchman.wire import Wire, nested, texts

# Nested entities that are told elsewhere.
_ELSEWHERE = frozenset({"Sanction", "Address", "Identification", "Passport", "CryptoWallet"})


def affiliations_of(wire: Wire) -> list[dict[str, str]] | None:
    """Owners, relatives, officers and whom else an entity is bound to, as far as nested in it."""
    found = [
        one
        for name in wire["properties"]
        for relation in nested(wire, name)
        if relation["schema"] not in _ELSEWHERE
        for one in _affiliations(relation, wire["id"])
    ]
    return [dict(pairs) for pairs in dict.fromkeys(tuple(one.items()) for one in found)] or None


def _affiliations(relation: Wire, own_id: str) -> list[dict[str, str]]:
    """The other ends of a relation; where the list only names one, what it calls it."""
    known = schemata().get(relation["schema"])
    kind = known.label if known is not None else relation["schema"]
    details = " ".join([*texts(relation, "role", "relationship", "summary")])
    others = [
        end["caption"]
        for name in relation["properties"]
        for end in nested(relation, name)
        if end["id"] != own_id
    ]
    names = others or texts(relation, "description")
    if known is not None and known.is_a("Thing"):
        names = [relation["caption"]]
    return [{"entityName": name, "type": kind, "details": details} for name in names]


def sanctions_of(wire: Wire) -> dict[str, Any] | None:
    """The programmes that an entity is designated under; null where it is under none."""
    acts = nested(wire, "sanctions")
    programmes = [text for act in acts for text in texts(act, "programId", "program")[:1]]
    programmes += texts(wire, "programId")
    if not programmes and "sanction" not in texts(wire, "topics"):
        return None
    remarks = [text for act in acts for text in texts(act, "reason")] or texts(wire, "notes")
    provisions = [text for act in acts for text in texts(act, "provisions")]
    return {
        "programs": list(dict.fromkeys(programmes)),
        "secondary": any("secondary" in text.lower() for text in (*provisions, *remarks)),
        "description": " ".join(dict.fromkeys(remarks)),
    }
