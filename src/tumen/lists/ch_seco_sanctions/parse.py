"""Reads SECO's XML: programmes, places and targets with their identities and history.

A target's `<modification>` elements hold its history and repeat old identities, so only its
direct children are current. A target whose last modification is `de-listed` is not listed any
more: it is counted, not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tumen.errors import SourceError
from tumen.lists.ch_seco_sanctions.identity import add_identity
from tumen.lists.entry import EntryBuilder
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.xml import Element, iter_xml, local_name, text_at
from tumen.model.dates import parse_date
from tumen.model.listing import Designation, Link, ListEntry

LIST_ID = "ch_seco_sanctions"
AUTHORITY = "State Secretariat for Economic Affairs"

_OBJECTS = {"vessel": "Vessel", "aircraft": "Airplane"}
_SEXES = {"male": "male", "female": "female"}
# Each with the FollowTheMoney schema of the link, and whether the other party is its subject.
_RELATIONS = {
    "owned-by": ("Ownership", True),
    "owner-of": ("Ownership", False),
    "owns": ("Ownership", False),
    "subsidiary-of": ("Ownership", True),
    "parent-company": ("Ownership", True),
    "controlled-by": ("Ownership", True),
    "acts-on-behalf": ("Representation", False),
    "acting-on-behalf-of": ("Representation", False),
    "acts-on-behalf-of": ("Representation", False),
    "leader-of": ("Directorship", False),
    "member-of": ("Membership", False),
    "family-member-of": ("Family", False),
    "associated-with": ("Associate", False),
    "related-to": ("UnknownLink", False),
}
_KNOWN = frozenset(
    {"identity", "justification", "other-information", "relation", "sanctions-set-id"}
    | {"foreign-identifier", "individual", "entity", "object", "modification"}
    | {"generic-attribute"}
)
_IMO = re.compile(r"\bIMO(?: Number| No\.?)?:?\s*(\d{7})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Programme:
    """One set of measures of one ordinance."""

    key: str
    ordinance: str
    measure: str


def recognise(file: SourceFile) -> str | None:
    """`xml` where the file is SECO's list, whole or not, else None."""
    return "xml" if b"<swiss-sanctions-list" in file.head else None


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """The whole list in the last of `files`. Raises SourceError for an amendment list."""
    file = files[-1]
    unknown: Counter[str] = Counter()
    programmes: dict[str, _Programme] = {}
    places: dict[str, tuple[str, str]] = {}
    date = _require_whole(file)
    for element in iter_xml(file, "sanctions-program", "place"):
        if local_name(element) == "place":
            places[element.get("ssid", "")] = _read_place(element)
        else:
            programmes |= _read_programme(element)
    entries = []
    for target in iter_xml(file, "target"):
        if _last_modification(target) == "de-listed":
            unknown["de-listed"] += 1
        else:
            entries.append(_entry(target, file, programmes, places, unknown))
    day = parse_date(date)
    return ParsedList(LIST_ID, "xml", day.first if day else None, entries, unknown)


def _require_whole(file: SourceFile) -> str:
    """The list's date; the attributes of the root are in the first bytes."""
    root = re.search(rb"<swiss-sanctions-list\b[^>]*>", file.head)
    text = root[0].decode() if root else ""
    attributes: dict[str, str] = dict(re.findall(r'([\w-]+)="([^"]*)"', text))
    kind, date = attributes.get("list-type", ""), attributes.get("date", "")
    if "whole" not in kind:
        raise SourceError(
            f"Its list-type is {kind!r} ({date}): it holds what changed, not the whole list",
            where=file.name,
            mend="Download the whole list (Gesamtliste) instead",
        )
    return date


def _read_place(place: Element) -> tuple[str, str]:
    """The place as one line, and its country's code."""
    country = place.find("country")
    code = country.get("iso-code", "") if country is not None else ""
    parts = [text_at(place, path) for path in ("location", "area", "country")]
    return ", ".join(part for part in parts if part), code


def _read_programme(element: Element) -> dict[str, _Programme]:
    key, ordinance = _english(element, "program-key"), _english(element, "program-name")
    sets = element.findall("sanctions-set")
    ids = dict.fromkeys(one.get("ssid", "") for one in sets)
    return {
        ssid: _Programme(key, ordinance, _english(element, f"sanctions-set[@ssid='{ssid}']"))
        for ssid in ids
    }


def _english(element: Element, path: str) -> str:
    return text_at(element, f"{path}[@lang='eng']") or text_at(element, path)


def _last_modification(target: Element) -> str:
    """The type of the latest modification; of several on one day the first in the file."""
    found = target.findall("modification")
    latest = max(found, key=_modified_on, default=None)
    return "" if latest is None else str(latest.get("modification-type", ""))


def _modified_on(modification: Element) -> str:
    names = ("effective-date", "publication-date", "enactment-date")
    return next((str(date) for name in names if (date := modification.get(name))), "")


def _entry(
    target: Element,
    file: SourceFile,
    programmes: Mapping[str, _Programme],
    places: Mapping[str, tuple[str, str]],
    unknown: Counter[str],
) -> ListEntry:
    ssid = target.get("ssid", "")
    if not ssid:
        where = f"{file.name}, line {target.sourceline}"
        raise SourceError("A target without ssid", where=where, mend="Download it again")
    entry = EntryBuilder(
        f"{LIST_ID}:{ssid}",
        "LegalEntity",
        file=file.name,
        locator=f"target[@ssid={ssid}]",
        unknown=unknown,
    )
    reasons: list[str] = []
    for party in target.findall("individual") + target.findall("entity") + target.findall("object"):
        reasons += _add_party(entry, party, places)
    for element in target:
        if local_name(element) not in _KNOWN:
            unknown[f"target/{local_name(element)}"] += 1
    for identifier in target.findall("foreign-identifier"):
        text = text_at(identifier)
        entry.add("notes", f"Foreign identifier: {text}", "foreign-identifier", raw=text)
    for relation in [*target.iterfind("relation"), *target.iterfind("*/relation")]:
        _add_relation(entry, relation)
    _designate(entry, target, programmes, "\n".join(reasons))
    entry.add("topics", "sanction", "list")
    return entry.build()


def _add_party(
    entry: EntryBuilder, party: Element, places: Mapping[str, tuple[str, str]]
) -> list[str]:
    """Takes over a party; gives the reasons stated for its listing."""
    entry.schema = _schema(entry, party)
    sex = party.get("sex", "")
    if sex in _SEXES:
        entry.add("gender", _SEXES[sex], "sex")
    elif sex:
        entry.add_unknown("sex", sex)
    reasons = []
    for element in party:
        name = local_name(element)
        if name == "identity":
            add_identity(entry, element, places)
        elif name == "justification":
            reasons.append(text_at(element))
        elif name in ("other-information", "generic-attribute"):
            _add_information(entry, text_at(element))
        elif name not in _KNOWN:
            entry.add_unknown(name, text_at(element))
    return reasons


def _schema(entry: EntryBuilder, party: Element) -> str:
    kind = local_name(party)
    if kind != "object":
        return "Person" if kind == "individual" else "Organization"
    object_type = party.get("object-type", "")
    if object_type not in _OBJECTS:
        entry.unknown[f"object-type: {object_type}"] += 1
    return _OBJECTS.get(object_type, "Asset")


def _add_information(entry: EntryBuilder, text: str) -> None:
    entry.add_remark(text)
    if entry.schema == "Vessel":
        for number in _IMO.findall(text):
            entry.add("imoNumber", number, "other-information", raw=text)


def _add_relation(entry: EntryBuilder, relation: Element) -> None:
    kind = relation.get("relation-type", "")
    if kind not in _RELATIONS:
        entry.unknown[f"relation-type: {kind}"] += 1
    schema, is_inverse = _RELATIONS.get(kind, ("UnknownLink", False))
    target = relation.get("target-id", "")
    role = ": ".join(part for part in (kind, text_at(relation, "remark")) if part)
    entry.link(
        Link(schema, f"{LIST_ID}:{target}" if target else "", text_at(relation), role, is_inverse)
    )


def _designate(
    entry: EntryBuilder, target: Element, programmes: Mapping[str, _Programme], reason: str
) -> None:
    dates: dict[str, list[str]] = {"listed": [], "amended": []}
    for modification in target.findall("modification"):
        dates.setdefault(modification.get("modification-type", ""), []).append(
            _modified_on(modification)
        )
    measures: dict[tuple[str, str], list[str]] = {}
    for set_id in (text_at(element) for element in target.findall("sanctions-set-id")):
        programme = programmes.get(set_id)
        if programme is None:
            entry.add_unknown("sanctions-set-id", set_id)
            programme = _Programme("", "", "")
        measures.setdefault((programme.key, programme.ordinance), []).append(programme.measure)
    for (key, ordinance), texts in measures.items():
        entry.designate(
            Designation(
                AUTHORITY,
                key,
                ordinance,
                listed_on=min(dates["listed"], default=""),
                amended_on=max(dates["amended"], default=""),
                reason=reason,
                measures=tuple(text for text in texts if text),
                reference=entry.entity_id.partition(":")[2],
            )
        )
