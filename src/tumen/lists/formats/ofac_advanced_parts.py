"""Parts of OFAC's advanced XML that its parties point at: values, places, documents, sanctions."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from tumen.lists.formats.ofac_common import clean
from tumen.lists.formats.ofac_labels import Detail
from tumen.lists.formats.ofac_parts import edtf_span
from tumen.lists.xml import Element, text_at

_LOCATION_PARTS = (
    "ADDRESS1",
    "ADDRESS2",
    "ADDRESS3",
    "CITY",
    "STATE/PROVINCE",
    "POSTAL CODE",
    "REGION",
)
_NO_TYPE = frozenset({"", "Unknown"})


class References:
    """The file's own tables: what an id means, and the places and documents read so far.

    An id that no table has is counted in `unknown`.
    """

    def __init__(self, unknown: Counter[str]) -> None:
        self._unknown = unknown
        self._texts: dict[tuple[str, str], str] = {}
        self._party_types: dict[str, str] = {}
        self.locations: dict[str, Location] = {}
        self.documents: defaultdict[str, list[Detail]] = defaultdict(list)

    def read(self, element: Element) -> None:
        """Take over `<ReferenceValueSets>`."""
        for table in element:
            for value in table:
                name, ref = str(value.tag), value.get("ID", "")
                # An area code's text is a code; its description is the country's name.
                self._texts[name, ref] = value.get("Description", "") or text_at(value)
                if name == "PartySubType":
                    self._party_types[ref] = value.get("PartyTypeID", "")

    def text(self, table: str, ref: str) -> str:
        """What `ref` means in a table such as `FeatureType`; empty for an empty one."""
        found = self._texts.get((table, ref))
        if found is None and ref:
            self._unknown[f"{table}ID without value: {ref}"] += 1
        return clean(found)

    def party_type(self, ref: str) -> str:
        """`Individual`, `Entity`, `Vessel` or `Aircraft`: the subtype, or the type above it."""
        text = self.text("PartySubType", ref)
        return self.text("PartyType", self._party_types.get(ref, "")) if text in _NO_TYPE else text


@dataclass(frozen=True, slots=True)
class Location:
    """One place: its address in parts, and its country's name."""

    parts: tuple[str, ...]
    country: str

    def __str__(self) -> str:
        return ", ".join(part for part in (*self.parts, self.country) if part)


@dataclass(frozen=True, slots=True)
class SanctionsRecord:
    """One entry of one list for one party; dates are ISO, empty where none is stated."""

    list_name: str
    listed_on: str
    programmes: tuple[str, ...]
    authorities: tuple[str, ...]
    measures: tuple[str, ...]
    comment: str


def read_location(element: Element, references: References) -> None:
    """Add a `<Location>` to the places; a part of a new type stands after the known ones."""
    parts: dict[str, str] = {}
    for part in element.findall("LocationPart"):
        kind = references.text("LocPartType", part.get("LocPartTypeID", ""))
        values = [text_at(one, "Value") for one in part.findall("LocationPartValue")]
        # OFAC's own type names differ between editions: `ADDRESS1`, `Address`, `City`.
        parts[kind] = ", ".join(value for value in (parts.get(kind, ""), *values) if value)
    order = {kind: place for place, kind in enumerate(_LOCATION_PARTS)}
    lines = sorted(parts.items(), key=lambda item: order.get(item[0].upper(), len(order)))
    references.locations[element.get("ID", "")] = Location(
        tuple(text for _kind, text in lines), _country(element, references)
    )


def _country(element: Element, references: References) -> str:
    country, area = element.find("LocationCountry"), element.find("LocationAreaCode")
    if country is not None:
        return references.text("Country", country.get("CountryID", ""))
    return references.text("AreaCode", area.get("AreaCodeID", "")) if area is not None else ""


def read_document(element: Element, references: References) -> None:
    """Add an `<IDRegDocument>` to the documents of its holder's identity."""
    label = references.text("IDRegDocType", element.get("IDRegDocTypeID", ""))
    value = text_at(element, "IDRegistrationNo")
    country = references.text("Country", element.get("IssuedBy-CountryID", ""))
    dates = {}
    for one in element.findall("DocumentDate"):
        kind = references.text("IDRegDocDateType", one.get("IDRegDocDateTypeID", ""))
        dates[kind.partition(" ")[0].lower()] = read_period(one.find("DatePeriod"))
    issued, expires = dates.get("issue", ""), dates.get("expiration", "")
    validity = references.text("Validity", element.get("ValidityID", ""))
    shown = (
        f"{label} {value}",
        f"({country})" if country else "",
        f"issued {issued}" if issued else "",
        f"expires {expires}" if expires else "",
        f"issued by {by}" if (by := text_at(element, "IssuingAuthority")) else "",
        text_at(element, "Comment"),
        validity.lower() if validity not in ("", "Valid") else "",
    )
    raw = " ".join(part for part in shown if part)
    references.documents[element.get("IdentityID", "")].append(
        Detail(label, value, country, issued, expires, raw)
    )


def read_sanctions(element: Element, references: References) -> SanctionsRecord:
    """A `<SanctionsEntry>`; a programme's tag is the comment of a measure of type `Program`."""
    programmes, measures, comments = [], [], []
    for measure in element.findall("SanctionsMeasure"):
        kind = references.text("SanctionsType", measure.get("SanctionsTypeID", ""))
        comment = text_at(measure, "Comment")
        if kind == "Program":
            programmes.append(comment)
        else:
            measures.append(f"{kind}: {comment}" if comment else kind)
    events = element.findall("EntryEvent")
    dates = [day for event in events if (day := read_day(event.find("Date")))]
    comments = [comment for event in events if (comment := text_at(event, "Comment"))]
    bases = [references.text("LegalBasis", event.get("LegalBasisID", "")) for event in events]
    return SanctionsRecord(
        references.text("List", element.get("ListID", "")),
        min(dates, default=""),
        tuple(tag for tag in programmes if tag),
        tuple(basis for basis in bases if basis),
        tuple(measures),
        "\n".join(comments),
    )


def read_day(element: Element | None) -> str:
    """The ISO date of `<Year>`, `<Month>` and `<Day>`; empty where there is none."""
    if element is None or not text_at(element, "Year"):
        return ""
    parts = [text_at(element, name) or "1" for name in ("Year", "Month", "Day")]
    return f"{parts[0].zfill(4)}-{parts[1].zfill(2)}-{parts[2].zfill(2)}"


def read_period(element: Element | None) -> str:
    """The EDTF of a `<DatePeriod>`: from its earliest start to its latest end."""
    if element is None:
        return ""
    first = read_day(element.find("Start/From"))
    ends = ("End/To", "End/From", "Start/To", "Start/From")
    last = next((day for path in ends if (day := read_day(element.find(path)))), "")
    approximate = [element.find(name) for name in ("Start", "End")]
    is_circa = any(one is not None and one.get("Approximate") == "true" for one in approximate)
    return edtf_span(first, last, is_circa=is_circa) if first else ""
