"""What OFAC's two newer XML formats share: names in parts, date spans, relations, designations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tumen.lists.formats.ofac_common import AUTHORITY, OfacEntryBuilder, legal_basis
from tumen.lists.name_text import script_of
from tumen.model.dates import parse_date
from tumen.model.listing import Designation, Link, NameKind, NameQuality

# OFAC's umbrella over its smaller lists: an entry has a more telling list beside it.
UMBRELLA_LIST = "Consolidated List"
SDN_LIST = "SDN List"
_SURNAMES = ("last name", "matronymic", "maiden name")
_GIVEN = ("first name", "middle name", "patronymic")
_SCRIPTS = {
    "latin": "Latn",
    "cyrillic": "Cyrl",
    "arabic": "Arab",
    "armenian": "Armn",
    "georgian": "Geor",
    "greek": "Grek",
    "hebrew": "Hebr",
    "japanese": "Jpan",
    "korean": "Kore",
    "hangul": "Kore",
    "chinese simplified": "Hans",
    "chinese traditional": "Hant",
    "burmese": "Mymr",
}
# Surname first and no blank between: a comma would turn the name around.
_SURNAME_FIRST = frozenset({"Hans", "Hant", "Jpan", "Kore"})
_KINDS = {
    "": NameKind.PRIMARY,
    "name": NameKind.ALIAS,
    "a.k.a.": NameKind.ALIAS,
    "n.k.a.": NameKind.ALIAS,
    "f.k.a.": NameKind.FORMER,
}
# The FollowTheMoney kind of a relation, and whether the related party is its subject.
_RELATIONS = {
    "owned or controlled by": ("Ownership", True),
    "owns, controls, or operates": ("Ownership", False),
    "acting for or on behalf of": ("Representation", False),
    "leader or official of": ("Directorship", False),
    "family member of": ("Family", False),
    "associate of": ("Associate", False),
    "providing support to": ("UnknownLink", False),
    "playing a significant role in": ("UnknownLink", False),
    "property in the interest of": ("UnknownLink", False),
    "principal executive officer": ("UnknownLink", False),
}


class PartedName(NamedTuple):
    """One spelling of a name: its (type, value) parts in whatever order they stand.

    `published` is the name as OFAC prints it in Latin letters, where a format states it.
    """

    parts: Sequence[tuple[str, str]]
    alias_type: str
    is_primary: bool
    is_weak: bool
    script: str
    published: str = ""


def add_parted_name(builder: OfacEntryBuilder, name: PartedName) -> None:
    """Add one name.

    Only a primary name in Latin letters is the party's primary name, as in OFAC's other
    formats; the same name in another script is an alias.
    """
    code = _script_code(builder, name)
    kind = _KINDS.get(name.alias_type.lower())
    if kind is None:
        builder.unknown[f"alias type: {name.alias_type}"] += 1
        kind = NameKind.ALIAS
    if name.is_primary and code == "Latn":
        kind, quality = NameKind.PRIMARY, NameQuality.UNSTATED
    else:
        kind = NameKind.ALIAS if kind is NameKind.PRIMARY else kind
        quality = NameQuality.WEAK if name.is_weak else NameQuality.STRONG
    published = name.published if code == "Latn" else ""
    builder.add_published_name(
        published or published_name(name.parts, code),
        "name",
        kind=kind,
        quality=quality,
        script=code,
    )


def published_name(parts: Sequence[tuple[str, str]], script: str = "Latn") -> str:
    """The name as OFAC writes it: `SURNAME, Given Middle` for people, else all parts in order."""
    surname = _join(parts, _SURNAMES)
    given = _join(parts, _GIVEN)
    if not surname or not given:
        return " ".join(value for _type, value in parts)
    return f"{surname}{given}" if script in _SURNAME_FIRST else f"{surname}, {given}"


def _join(parts: Sequence[tuple[str, str]], types: Sequence[str]) -> str:
    return " ".join(value for wanted in types for kind, value in parts if kind.lower() == wanted)


def _script_code(builder: OfacEntryBuilder, name: PartedName) -> str:
    code = _SCRIPTS.get(name.script.lower())
    if code is None:
        builder.unknown[f"script: {name.script}"] += 1
    return code or script_of(" ".join(value for _type, value in name.parts))


def edtf_span(first: str, last: str, *, is_circa: bool = False) -> str:
    """EDTF for all days from `first` to `last`: a day, a month, a year, or an interval.

    Empty where one of them is no day. `1962-01-01` to `1962-12-31` is the year `1962`.
    """
    start, end = parse_date(first), parse_date(last)
    if start is None or end is None or end.last < start.first:
        return ""
    circa = "~" if is_circa else ""
    one = _single(start.first, end.last)
    if one:
        return one + circa
    left, right = start.first, end.last
    if (left.month, left.day) == (1, 1) and (right.month, right.day) == (12, 31):
        return f"{left.year:04d}{circa}/{right.year:04d}{circa}"
    return f"{left.isoformat()}{circa}/{right.isoformat()}{circa}"


def _single(first: date, last: date) -> str:
    for text in (first.isoformat(), first.isoformat()[:7], first.isoformat()[:4]):
        found = parse_date(text)
        if found and (found.first, found.last) == (first, last):
            return text
    return ""


def add_relation(
    builder: OfacEntryBuilder, relation: str, target_id: str, target_name: str, note: str = ""
) -> None:
    """Add a relation to another entry; one of a new type is counted and kept as it is called."""
    known = _RELATIONS.get(relation.lower())
    if known is None:
        builder.unknown[f"relation: {relation}"] += 1
    kind, is_inverse = known or ("UnknownLink", False)
    role = f"{relation} ({note})" if note else relation
    builder.link(Link(kind, target_id, target_name, role, is_inverse))


def forget_absent_targets(builders: Sequence[OfacEntryBuilder]) -> None:
    """Leave only the name of a related party that is not in the file.

    A party of the consolidated list may be tied to an SDN, whose entry is of another list.
    """
    present = {builder.entity_id for builder in builders}
    for builder in builders:
        builder.links = [
            link if link.target_id in present else replace(link, target_id="")
            for link in builder.links
        ]


def add_designations(
    builder: OfacEntryBuilder,
    programmes: Iterable[str],
    *,
    authorities: Iterable[str],
    listed: Iterable[tuple[str, str]],
    reason: str = "",
) -> None:
    """One designation for each programme tag, with the entry's legal authorities and date.

    OFAC dates the entry's place on each of its lists (`listed`: name and ISO date), not its
    programmes; the earliest date on a list that is no umbrella goes with all of them.
    """
    dates = dict(sorted(listed, key=lambda pair: pair[1], reverse=True))  # earliest wins
    telling = [day for name, day in dates.items() if name != UMBRELLA_LIST]
    basis = "; ".join(name for name in dict.fromkeys(authorities) if name != "Unknown")
    for name in dates:
        builder.add("keywords", name, "list")
    for tag in dict.fromkeys(programmes):
        builder.add("programId", tag, "program")
        builder.designate(
            Designation(
                AUTHORITY,
                tag,
                basis or legal_basis(tag),
                min([day for day in telling or dates.values() if day], default=""),
                reason=reason,
            )
        )
