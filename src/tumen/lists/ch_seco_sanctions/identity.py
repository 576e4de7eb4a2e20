"""One `<identity>` of a target in SECO's XML: names, birth, nationality, papers, addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tumen.lists.ch_seco_sanctions.names import part_values, read_name
from tumen.lists.entry import EntryBuilder
from tumen.lists.xml import Element, local_name, text_at

Places = Mapping[str, tuple[str, str]]

_DOCUMENTS = {
    "passport": "passportNumber",
    "diplomatic-passport": "passportNumber",
    "service-passport": "passportNumber",
    "id-card": "idNumber",
    "identity-card": "idNumber",
    "residence-permit": "idNumber",
    "driving-licence": "idNumber",
    "tax-number": "taxNumber",
    "registration-number": "registrationNumber",
}
_ADDRESS_LINES = ("c-o", "address-details", "p-o-box", "zip-code")


def add_identity(entry: EntryBuilder, identity: Element, places: Places) -> None:
    """Take over all that one identity states; an element we do not know is counted."""
    is_main = identity.get("main") == "true"
    for element in identity:
        name = local_name(element)
        if name == "name":
            _add_name(entry, element, is_main)
        elif name in _READERS:
            _READERS[name](entry, element, places)
        else:
            entry.add_unknown(name, " ".join("".join(map(str, element.itertext())).split()))


def _add_name(entry: EntryBuilder, element: Element, is_main: bool) -> None:
    for name in read_name(element, is_main=is_main, unknown=entry.unknown):
        entry.add_name(name, "name")
    for title in part_values(element, "title"):
        entry.add("title", title, "name-part title")
    if is_main and element.get("name-type") == "primary-name" and entry.schema == "Person":
        for value in part_values(element, "given-name"):
            entry.add("firstName", value, "name-part given-name")
        for value in part_values(element, "family-name"):
            entry.add("lastName", value, "name-part family-name")


def _add_day(entry: EntryBuilder, element: Element, _places: Places) -> None:
    """A day whose parts may be missing; other calendars are named, not converted."""
    parts = [element.get(name, "").zfill(2) for name in ("year", "month", "day")]
    text = "-".join(parts).replace("-00", "") if parts[0] != "00" else ""
    calendar = element.get("calendar", "Gregorian")
    if calendar != "Gregorian":
        entry.add_unknown("day-month-year", f"{text} ({calendar})")
    elif entry.schema == "Person":
        entry.add_date("birthDate", text, "day-month-year")
    else:
        prop = "buildDate" if entry.schema == "Vessel" else "incorporationDate"
        entry.add_date(prop, text, "day-month-year")


def _add_nationality(entry: EntryBuilder, element: Element, _places: Places) -> None:
    for country in element.findall("country"):
        code = country.get("iso-code", "")
        entry.add_country("nationality", code or text_at(country), "nationality")


def _add_birth_place(entry: EntryBuilder, element: Element, places: Places) -> None:
    place, code = _place(entry, element, places)
    entry.add("birthPlace", place, "place-of-birth")
    entry.add_country("birthCountry", code, "place-of-birth")


def _add_address(entry: EntryBuilder, element: Element, places: Places) -> None:
    place, code = _place(entry, element, places)
    lines = [text_at(element, name) for name in _ADDRESS_LINES]
    entry.add("address", ", ".join(line for line in (*lines, place) if line), "address")
    entry.add_country("country", code, "address")
    if remark := text_at(element, "remarks"):
        entry.add_remark(f"Address: {remark}")


def _place(entry: EntryBuilder, element: Element, places: Places) -> tuple[str, str]:
    place_id = element.get("place-id", "")
    if place_id and place_id not in places:
        entry.unknown["place-id: without place"] += 1
    return places.get(place_id, ("", ""))


def _add_document(entry: EntryBuilder, element: Element, _places: Places) -> None:
    kind = element.get("document-type", "")
    prop = _DOCUMENTS.get(kind, "idNumber")
    if kind not in _DOCUMENTS:
        entry.unknown[f"document-type: {kind}"] += 1
    number = text_at(element, "number")
    details = [
        f"{local_name(child)}: {text}"
        for child in element
        if local_name(child) != "number" and (text := text_at(child))
    ]
    entry.add(prop, number, f"identification-document {kind}", raw="; ".join([number, *details]))


_READERS: dict[str, Callable[[EntryBuilder, Element, Places], None]] = {
    "day-month-year": _add_day,
    "nationality": _add_nationality,
    "place-of-birth": _add_birth_place,
    "address": _add_address,
    "identification-document": _add_document,
}
