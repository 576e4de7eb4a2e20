"""The Consolidated Screening List: thirteen lists of three departments in one table."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tumen.errors import SourceError
from tumen.lists.formats.ofac_common import OfacEntryBuilder
from tumen.lists.formats.ofac_labels import Detail, add_detail, find_label
from tumen.lists.formats.ofac_remarks import read_remarks
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.us_trade_csl.rows import Row, format_of, read_rows
from tumen.model.countries import read_country
from tumen.model.dates import read_date
from tumen.model.listing import Designation, ListEntry, NameKind

LIST_ID = "us_trade_csl"
_ABBREVIATION = re.compile(r"\(([A-Z-]{2,8})(?: List)?\)")
_ALSO = re.compile(r"and\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Source:
    """One of the lists in the list: its topic is FollowTheMoney's for what it means."""

    authority: str
    topic: str


_OFAC, _BIS = "Office of Foreign Assets Control", "Bureau of Industry and Security"
_STATE = "Department of State"
_SOURCES = {
    "SDN": _Source(_OFAC, "sanction"),
    "SSI": _Source(_OFAC, "sanction"),
    "FSE": _Source(_OFAC, "sanction"),
    "PLC": _Source(_OFAC, "sanction"),
    "CAP": _Source(_OFAC, "sanction"),
    "CMIC": _Source(_OFAC, "sanction"),
    "NS-MBS": _Source(_OFAC, "sanction"),
    "ISN": _Source(_STATE, "sanction"),
    "DTC": _Source(_STATE, "debarment"),
    "EL": _Source(_BIS, "export.control"),
    "DPL": _Source(_BIS, "export.control"),
    "UVL": _Source(_BIS, "export.control"),
    "MEU": _Source(_BIS, "export.control"),
}
# Where the field's own name and OFAC's label for the same thing differ.
_DETAILS = {
    "title": "Title",
    "call_sign": "Vessel Call Sign",
    "vessel_type": "Vessel Type",
    "gross_tonnage": "Vessel Gross Tonnage",
    "gross_registered_tonnage": "Vessel Gross Registered Tonnage",
    "vessel_flag": "Vessel Flag",
    "vessel_owner": "Vessel Owner",
    "dates_of_birth": "DOB",
    "places_of_birth": "POB",
    "nationalities": "nationality",
    "citizenships": "citizen",
}
_KNOWN = frozenset(_DETAILS) | {
    "_id", "id", "source", "entity_number", "type", "programs", "name", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order", "country",
    "license_requirement", "license_policy", "remarks", "source_list_url", "alt_names",
    "source_information_url", "ids",
}  # fmt: skip


def recognise(file: SourceFile) -> str | None:
    """`csv` or `json` where `file` is this list, else None."""
    return format_of(file.head)


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """Read one file of the list.

    Raises SourceError for several files, a damaged one, or a record without a name.
    """
    if len(files) != 1 or (name := recognise(files[0])) is None:
        where = ", ".join(file.name for file in files)
        problem = "A version of this list is one CSV or JSON file"
        raise SourceError(problem, where=where, mend="Give the file of one day")
    unknown: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    entries: list[ListEntry] = []
    for locator, row in read_rows(files[0]):
        key = _key(row)
        seen[key] += 1
        uid = key if seen[key] == 1 else f"{key}-{seen[key]}"
        entries.extend(_Reading(files[0], locator, uid, row, unknown).read())
    return ParsedList(LIST_ID, name, None, entries, unknown)


def abbreviation(source: str) -> str:
    """`SDN` for `Specially Designated Nationals (SDN) - Treasury Department` and for `SDN`."""
    found = _ABBREVIATION.search(source)
    return found.group(1) if found else source


def _one(row: Row, key: str) -> str:
    values = row.get(key, ())
    return "; ".join(values)


def _key(row: Row) -> str:
    """OFAC's uid where there is one; else a digest that outlives changes of the address.

    The publisher's own `_id` differs from one layout of the file to the next.
    """
    source = abbreviation(_one(row, "source")).lower()
    if number := _one(row, "entity_number"):
        return f"{source}-{number}"
    stated = "|".join((_one(row, "name").casefold(), _one(row, "start_date")))
    return f"{source}-{hashlib.sha256(stated.encode()).hexdigest()[:12]}"


class _Reading:
    """One record on its way into entries."""

    def __init__(
        self, file: SourceFile, locator: str, uid: str, row: Row, unknown: Counter[str]
    ) -> None:
        self.row = row
        self.where = f"{file.name}, {locator}"
        self.source = abbreviation(_one(row, "source"))
        self.builder = OfacEntryBuilder(
            LIST_ID, uid, _one(row, "type"), file=file.name, locator=locator, unknown=unknown
        )
        if not _one(row, "type"):
            # Neither BIS nor the State Department says what kind of party it is.
            self.builder.schema = "LegalEntity"

    def read(self) -> list[ListEntry]:
        builder, row = self.builder, self.row
        self._read_names()
        for address in row.get("addresses", ()):
            self._read_address(address)
        for key, label in _DETAILS.items():
            for value in row.get(key, ()):
                add_detail(builder, Detail(label, value))
        for text in row.get("ids", ()):
            self._read_id(text)
        remarks = _one(row, "remarks")
        if remarks and self.source in ("DPL", "UVL", "EL", "MEU", "DTC", "ISN"):
            builder.add_remark(remarks)
        elif remarks:
            read_remarks(builder, remarks)
        for key in row.keys() - _KNOWN:
            builder.add_unknown(key, _one(row, key))
        self._designate()
        return builder.build_all()

    def _read_names(self) -> None:
        name = _one(self.row, "name")
        if not name:
            raise SourceError("A record without a name", where=self.where, mend="Download it again")
        self.builder.add_published_name(name, "name")
        for alias in self.row.get("alt_names", ()):
            # The Entity List joins its aliases by `; and`.
            self.builder.add_published_name(
                _ALSO.sub("", alias, count=1) if alias.startswith("and ") else alias,
                "alt_names",
                kind=NameKind.ALIAS,
            )

    def _read_address(self, text: str) -> None:
        """The last part is a country's code, or the address has no country."""
        place, _, last = text.rpartition(", ")
        # A postal code, or a city alone, is no country; that is no fault of the list.
        if read_country(last) is None:
            self.builder.add("address", text, "addresses")
        elif place:
            self.builder.add_postal_address([place], last, "addresses")
        else:
            self.builder.add_country("country", last, "addresses")

    def _read_id(self, text: str) -> None:
        """`Type, number, CC` since 2023; before, `CC, number, Type` or `number, Type`."""
        detail = _read_id(text)
        if detail is None or not add_detail(self.builder, detail):
            self.builder.add_unknown("ids", text)

    def _designate(self) -> None:
        row, builder = self.row, self.builder
        source = _SOURCES.get(self.source)
        if source is None:
            builder.add_unknown("source", _one(row, "source"))
        for key in ("license_requirement", "license_policy"):
            builder.add_measure(_one(row, key))
        if _one(row, "standard_order").upper() == "Y":
            builder.add_measure("Standard order")
        for tag in row.get("programs", ()) or (self.source,):
            builder.add("programId", tag, "programs")
            builder.designate(
                Designation(
                    source.authority if source else _one(row, "source"),
                    tag,
                    listed_on=self._date("start_date"),
                    ends_on=self._date("end_date"),
                    reference=_one(row, "federal_register_notice"),
                    source_url=_one(row, "source_list_url"),
                )
            )
        builder.topic = source.topic if source else "sanction"

    def _date(self, key: str) -> str:
        text = _one(self.row, key)
        found = read_date(text, day_first=False) if text else ""
        if found is None:
            self.builder.add_unknown(key, text)
        return found or ""


def _read_id(text: str) -> Detail | None:
    first, *rest = text.split(", ")
    if find_label(first) and rest:
        has_country = len(rest) > 1 and len(rest[-1]) == 2 and read_country(rest[-1])
        country = rest.pop() if has_country else ""
        return Detail(first, ", ".join(rest), country, raw=text)
    *before, last = text.split(", ")
    if find_label(last) is None or not before:
        return None
    has_country = len(before) > 1 and len(before[0]) == 2 and read_country(before[0])
    country = before.pop(0) if has_country else ""
    return Detail(last, ", ".join(before), country, raw=text)
