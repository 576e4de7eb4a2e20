"""The parts of a record: names, citizenships, births, addresses, identifications."""

from __future__ import annotations

import re

from tumen.lists.entry import EntryBuilder
from tumen.lists.eu_fsf.record import Detail
from tumen.lists.name_text import script_of, split_names
from tumen.lists.printed import read_dates
from tumen.model.listing import ListedName, NameKind, NameQuality

_QUALITIES = {"true": NameQuality.STRONG, "1": NameQuality.STRONG}
_QUALITIES |= {"false": NameQuality.WEAK, "0": NameQuality.WEAK}
_LOW = re.compile(r"\blow[- ]quality|\bweak\b", re.I)
_FORMER = re.compile(r"\bformerly|\bpreviously|\bf\.?k\.?a\b", re.I)
_GENDERS = {"m": "male", "f": "female", "?": "", "": ""}
_IDENTIFICATIONS = {
    "passport": "passportNumber",
    "diplpassport": "passportNumber",
    "traveldoc": "passportNumber",
    "id": "idNumber",
    "birthcert": "idNumber",
    "drivinglicence": "idNumber",
    "driverlic": "idNumber",
    "travelcardid": "idNumber",
    "electoral": "idNumber",
    "residentperm": "idNumber",
    "other": "idNumber",
    "ssn": "socialSecurityNumber",
    "fiscalcode": "taxNumber",
    "regnumber": "registrationNumber",
    "tradelic": "licenseNumber",
    "swiftbic": "swiftBic",
    "imo": "imoNumber",
}
_FLAGS = {
    "diplomatic": "diplomatic",
    "knownExpired": "known to be expired",
    "knownFalse": "known to be false",
    "reportedLost": "reported lost",
    "revokedByIssuer": "revoked by its issuer",
}
_CONTACTS = {"email": "email", "phone": "phone", "mobile": "phone", "web": "website"}
_CONTACTS |= {"website": "website", "url": "website", "fax": "notes"}
_NO_COUNTRY = frozenset({"", "00"})  # the code that the list gives to "UNKNOWN"


def name(builder: EntryBuilder, detail: Detail) -> None:
    """A name with its mark, and the title, function and gender that stand beside it."""
    field = detail.source
    given = {prop: detail.take(prop) for prop in ("firstName", "middleName", "lastName")}
    whole = detail.take("wholeName") or " ".join(text for text in given.values() if text)
    regulation_language = detail.take("regulationLanguage").casefold()
    language = detail.take("nameLanguage").casefold()
    is_strong = detail.take("strong").casefold()
    if is_strong and is_strong not in _QUALITIES:
        builder.add_unknown("nameAlias/@strong", is_strong)
    remark = " ".join(detail.remarks)
    quality = _QUALITIES.get(is_strong, NameQuality.UNSTATED)
    quality = NameQuality.WEAK if _LOW.search(remark) else quality
    for spelling in split_names(whole, is_person=builder.schema == "Person"):
        kind = _kind(builder, quality, spelling.is_former or bool(_FORMER.search(remark)))
        script = script_of(spelling.text)
        if any(spelling.text == listed.text for listed in builder.names):
            continue  # each act that states a name states it anew
        # A name in the act's own language is spelled for its readers, so in Latin letters.
        spoken = language or (regulation_language if script == "Latn" else "")
        builder.add_name(ListedName(spelling.text, kind, quality, script, spoken), field, raw=whole)
        if not spelling.text:
            builder.add_unknown("nameAlias/@wholeName", spelling.note)
    is_person = builder.schema == "Person"
    for prop, text in given.items():
        builder.add(prop if is_person else "alias", text if is_person else "", field)
    builder.add("title" if is_person else "notes", detail.take("title"), field)
    builder.add("position" if is_person else "notes", detail.take("function"), field)
    _add_gender(builder, detail.take("gender"), field)


def citizenship(builder: EntryBuilder, detail: Detail) -> None:
    """A nationality, also one that was lost: the raw text says so."""
    field = detail.source
    acquired, lost = detail.take("acquisitionDate"), detail.take("disenfranchisementDate")
    said = [f"since {acquired}"] if acquired else []
    said += [f"until {lost}"] if lost else []
    said += detail.take_all(("region",))
    _add_country(builder, "nationality", detail, field, said=said)


def birth(builder: EntryBuilder, detail: Detail) -> None:
    """A birth date, whole or in parts, and the place."""
    field = detail.source
    is_circa = detail.is_true("circa")
    calendar = detail.take("calendarType").casefold()
    text = _birth_text(detail)
    if calendar not in ("", "gregorian"):
        # A year of another calendar read as ours would be wrong by up to six centuries.
        builder.add_unknown(f"birthdate/{calendar}", text)
    elif text:
        read, unread = read_dates(text)
        for value in read:
            value = _circa(value) if is_circa else value
            builder.add("birthDate", value, field, raw=text)
        for part in unread:
            builder.add_unknown("birthdate/@birthdate", part)
    place = detail.take_all(("place", "city", "zipCode", "region"))
    country = detail.facts.get("countryDescription", "")
    known = country if country.casefold() != "unknown" else ""
    if place:
        builder.add("birthPlace", ", ".join([*place, known] if known else place), field)
    _add_country(builder, "birthCountry", detail, field)


def address(builder: EntryBuilder, detail: Detail) -> None:
    """An address with its country and the contacts given for it."""
    field = detail.source
    po_box = detail.take("poBox")
    lines = detail.take_all(("number", "street"))
    lines += [po_box if "box" in po_box.casefold() else f"P.O. Box {po_box}"] if po_box else []
    lines += detail.take_all(("zipCode", "city", "place", "region"))
    country = detail.facts.get("countryDescription", "")
    said = ["as at listing time"] if detail.is_true("asAtListingTime") else []
    text = ", ".join([*lines, country] if country.casefold() not in ("", "unknown") else lines)
    if lines:
        builder.add("address", text, field, raw=_with(text, said))
    _add_country(builder, "country", detail, field, said=said)
    kept = []
    for element, key, value in detail.pairs:
        prop = _CONTACTS.get(key.casefold()) if element == "contactInfo" else None
        if prop is None:
            kept.append((element, key, value))
        else:
            builder.add(prop, f"Fax: {value}" if prop == "notes" else value, field, raw=value)
    detail.pairs[:] = kept


def identification(builder: EntryBuilder, detail: Detail) -> None:
    """A document's number under the property of its type; its state is in the raw text."""
    field = detail.source
    code = detail.take("identificationTypeCode").casefold()
    kind = detail.take("identificationTypeDescription")
    number, latin = detail.take("number"), detail.take("latinNumber")
    issue = [
        f"{label} {text}"
        for label, name in (
            ("issued by", "issuedBy"),
            ("issued on", "issueDate"),
            ("valid from", "validFrom"),
            ("valid to", "validTo"),
            ("in", "region"),
            ("of", "countryDescription"),
            ("code", "countryIso2Code"),
        )
        if (text := detail.take(name))
    ]
    said = [label for flag, label in _FLAGS.items() if detail.is_true(flag)]
    prop = _IDENTIFICATIONS.get(code, "idNumber")
    if code not in _IDENTIFICATIONS and code:
        builder.unknown[f"identification/@identificationTypeCode: {code}"] += 1
    if prop == "socialSecurityNumber" and builder.schema != "Person":
        prop = "idNumber"
    for text in dict.fromkeys((number, latin)):
        builder.add(prop, text, field, raw=_with(text, [kind or code, *issue, *said]))
    if holder := detail.take("nameOnDocument"):
        builder.add_name(ListedName(holder, NameKind.ALIAS, script=script_of(holder)), field)


def _kind(builder: EntryBuilder, quality: NameQuality, is_former: bool) -> NameKind:
    """The list marks no main name; it puts it first among those that are not weak."""
    if is_former:
        return NameKind.FORMER
    has_main = any(listed.kind is NameKind.PRIMARY for listed in builder.names)
    return NameKind.ALIAS if has_main or quality is NameQuality.WEAK else NameKind.PRIMARY


def _add_gender(builder: EntryBuilder, text: str, field: str) -> None:
    if text.casefold() not in _GENDERS:
        builder.add_unknown("nameAlias/@gender", text)
    elif builder.schema == "Person":
        builder.add("gender", _GENDERS[text.casefold()], field, raw=text)


def _add_country(
    builder: EntryBuilder, prop: str, detail: Detail, field: str, *, said: list[str] | None = None
) -> None:
    code, described = detail.take("countryIso2Code"), detail.take("countryDescription")
    stated = described if code in _NO_COUNTRY else code
    builder.add_country(prop, stated, f"{detail.kind}/@countryIso2Code")
    if said and stated:
        builder.add("notes", _with(f"{prop} {described or code}", said), field)


def _birth_text(detail: Detail) -> str:
    whole = detail.take("birthdate")
    day, month, year = (detail.take(name) for name in ("dayOfMonth", "monthOfYear", "year"))
    start, end = detail.take("yearRangeFrom"), detail.take("yearRangeTo")
    if whole:
        return whole
    if year:
        parts = [year, month.zfill(2), day.zfill(2)] if month and day else [year, month.zfill(2)]
        return "-".join(parts) if month else year
    return f"{start} to {end}" if start and end else start or end


def _circa(value: str) -> str:
    return "/".join(part.rstrip("~") + "~" for part in value.split("/"))


def _with(text: str, said: list[str]) -> str:
    known = [part for part in said if part]
    return f"{text} [{'; '.join(known)}]" if known and text else text
