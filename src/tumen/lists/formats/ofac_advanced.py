"""OFAC's advanced XML: the UN's `Sanctions` schema, whose records point at one another by id.

Names, documents, places, sanctions and relations of a party stand in different parts of the
file; they are gathered in one pass, since the whole SDN list has more than 100 megabytes.
Both namespaces in use (the UN's and that of OFAC's Sanctions List Service) are read alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from tumen.errors import SourceError
from tumen.lists.formats.ofac_advanced_parts import (
    References,
    SanctionsRecord,
    read_day,
    read_document,
    read_location,
    read_sanctions,
)
from tumen.lists.formats.ofac_advanced_party import read_party
from tumen.lists.formats.ofac_common import OfacEntryBuilder
from tumen.lists.formats.ofac_parts import (
    SDN_LIST,
    UMBRELLA_LIST,
    add_designations,
    add_relation,
)
from tumen.lists.formats.ofac_remarks import read_remarks
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.xml import Element, iter_xml, strip_namespaces, text_at
from tumen.model.listing import ListEntry

NAME = "advanced_xml"
_ROOT = re.compile(rb"<(?:\w+:)?Sanctions[\s>]")
_MEND = "Download the file again"


def recognise(file: SourceFile) -> str | None:
    """`us_ofac_sdn` or `us_ofac_cons` for an advanced XML file, else None.

    Its first bytes do not tell the two lists apart, so the file's name decides; `parse`
    refuses a file whose entries are of the other list.
    """
    if not _ROOT.search(file.head) or b"<DateOfIssue" not in file.head:
        return None
    return "us_ofac_cons" if "cons" in file.name.lower() else "us_ofac_sdn"


def parse(files: Sequence[SourceFile], list_id: str) -> ParsedList:
    """Read one advanced XML file.

    Raises SourceError for several files, damaged XML, a party without id or name, a cut part,
    or entries of the other list.
    """
    if len(files) != 1:
        names = ", ".join(file.name for file in files)
        raise SourceError("This format is one file", where=names, mend="Give one of them")
    reading = _Reading(files[0], list_id)
    for element in iter_xml(files[0], *reading.readers):
        strip_namespaces(element)
        reading.readers[str(element.tag)](element)
    reading.require_list()
    entries: list[ListEntry] = []
    for profile_id, builder in reading.builders.items():
        reading.add_sanctions(builder, reading.sanctions.get(profile_id, []))
        entries += builder.build_all()
    return ParsedList(list_id, NAME, reading.published_on, entries, reading.unknown)


class _Reading:
    """What one pass over a file has gathered so far; parties by their profile's id."""

    def __init__(self, file: SourceFile, list_id: str) -> None:
        self.file, self.list_id = file, list_id
        self.unknown: Counter[str] = Counter()
        self.published_on: date | None = None
        self.references = References(self.unknown)
        self.builders: dict[str, OfacEntryBuilder] = {}
        self.sanctions: dict[str, list[SanctionsRecord]] = {}
        self.readers: dict[str, Callable[[Element], None]] = {
            "DateOfIssue": self._read_date,
            "ReferenceValueSets": self.references.read,
            "Location": lambda element: read_location(element, self.references),
            "IDRegDocument": lambda element: read_document(element, self.references),
            "DistinctParty": self._read_party,
            "ProfileRelationship": self._read_relationship,
            "SanctionsEntry": self._read_sanctions,
        }

    def require_list(self) -> None:
        """Refuse a file whose parties are, most of them, on the other list.

        A few are on both: a bank under sectoral sanctions may be an SDN as well.
        """
        wanted = SDN_LIST if self.list_id == "us_ofac_sdn" else UMBRELLA_LIST
        found = [
            wanted in {one.list_name for one in records} for records in self.sanctions.values()
        ]
        if found and sum(found) * 2 < len(found):
            other = "cons_advanced.xml" if wanted == SDN_LIST else "sdn_advanced.xml"
            raise SourceError(
                f"Only {sum(found)} of its {len(found)} parties are on the {wanted}",
                where=self.file.name,
                mend=f"Name the file as its authority does, {other}",
            )

    def add_sanctions(self, builder: OfacEntryBuilder, records: Sequence[SanctionsRecord]) -> None:
        """Add what the file's sanctions entries say of one party."""
        if not records:
            self.unknown["party without SanctionsEntry"] += 1
        for record in records:
            for measure in record.measures:
                builder.add_measure(measure)
        for tag in dict.fromkeys(tag for record in records for tag in record.programmes):
            under = [record for record in records if tag in record.programmes]
            comments = dict.fromkeys(record.comment for record in under if record.comment)
            add_designations(
                builder,
                [tag],
                authorities=[name for record in under for name in record.authorities],
                listed=[(record.list_name, record.listed_on) for record in under],
                reason="\n".join(comments),
            )

    def _read_date(self, element: Element) -> None:
        text = read_day(element)
        self.published_on = date.fromisoformat(text) if text else None

    def _read_party(self, element: Element) -> None:
        uid = element.get("FixedRef", "")
        profile = element.find("Profile")
        if not uid or profile is None or profile.find("Identity/Alias") is None:
            where = f"{self.file.name}, line {element.sourceline}"
            raise SourceError("A DistinctParty without id or name", where=where, mend=_MEND)
        builder = OfacEntryBuilder(
            self.list_id,
            uid,
            self.references.party_type(profile.get("PartySubTypeID", "")),
            file=self.file.name,
            locator=f"DistinctParty FixedRef={uid}",
            unknown=self.unknown,
        )
        read_remarks(builder, text_at(element, "Comment"))
        for one in element.findall("Profile"):
            read_party(builder, one, self.references)
            self.builders[one.get("ID", uid)] = builder

    def _read_relationship(self, element: Element) -> None:
        source = self.builders.get(element.get("From-ProfileID", ""))
        target = element.get("To-ProfileID", "")
        if source is None:
            self.unknown["relationship of a party that is not in the file"] += 1
            return
        other = self.builders.get(target)
        relation = self.references.text("RelationType", element.get("RelationTypeID", ""))
        notes = ("former" if element.get("Former") == "true" else "", text_at(element, "Comment"))
        add_relation(
            source,
            relation,
            other.entity_id if other else "",
            other.published_name if other else f"profile {target}, not in this file",
            ", ".join(note for note in notes if note),
        )

    def _read_sanctions(self, element: Element) -> None:
        profile_id = element.get("ProfileID", "")
        if profile_id not in self.builders:
            self.unknown["SanctionsEntry of a party that is not in the file"] += 1
            return
        record = read_sanctions(element, self.references)
        self.sanctions.setdefault(profile_id, []).append(record)
