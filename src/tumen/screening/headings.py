"""The headings that a book's columns may have, and the property that each one gives.

Case, spaces, underscores, hyphens, a trailing number (`alias_2`) and a remark in brackets
(`Date of birth (dd/mm/yyyy)`) do not count. The names of FollowTheMoney properties
themselves are accepted besides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from tumen.model.entity import Schema, schemata

ID = "id"
SCHEMA = "schema"
# The user's own divisions of a book: a branch, a product.
GROUP = "group"
ADDRESS_PART = "address part"

HEADINGS: Mapping[str, str] = {
    ID: "id, subject id, customer id, client id, party id, supplier id, vendor id, entity id, "
    "record id, customer number, client number, supplier number, vendor number, customer "
    "no, reference, ref, ref no, reference number, internal id, external id, key, uid, "
    "unique id, nr",
    SCHEMA: "schema, type, kind, entity type, party type, customer type, client type, subject "
    "type, record type, legal entity type, person or entity, party kind",
    "name": "name, full name, fullname, names, legal name, entity name, company name, company, "
    "business name, organisation name, organization name, organisation, organization, "
    "customer name, client name, customer, client, party name, party, counterparty, "
    "counterparty name, supplier, supplier name, vendor, vendor name, account name, "
    "account holder, registered name, person name, subject name, primary name, display "
    "name, vessel name, ship name, primary name full, primary name org, name full, name "
    "org, vessel, ship, beneficiary, beneficiary name, trading partner, name original "
    "script, native name, name in original script, local name, native name full",
    "firstName": "first name, given name, given names, forename, forenames, primary name first, "
    "name first, christian name, fname",
    "secondName": "second name",
    "middleName": "middle name, middle names, other names, primary name middle, name middle",
    "fatherName": "father name, fathers name, patronymic",
    "motherName": "mother name, mothers name",
    "lastName": "last name, surname, family name, lname, primary name last, name last, second "
    "surname, maternal surname",
    "alias": "alias, aliases, secondary name org, secondary name full, aka, also known as, "
    "alternative name, alternative names, alt name, trading name, trade name, trading "
    "as, dba, doing business as, nickname, known as, other name",
    "weakAlias": "weak alias, weak aliases, low quality aka",
    "previousName": "previous name, previous names, former name, former names, fka, maiden "
    "name, birth name, formerly known as, ex name, old name",
    "abbreviation": "abbreviation, acronym, short name",
    "title": "title, salutation, honorific",
    "gender": "gender, sex",
    "birthDate": "dob, date of birth, birth date, birthday, born, born on, d o b, birth day, "
    "birth year, year of birth, yob",
    "birthPlace": "birth place, place of birth, pob, birth city, city of birth, town of birth",
    "birthCountry": "birth country, country of birth",
    "deathDate": "date of death, death date, died",
    "nationality": "nationality, nationalities",
    "citizenship": "citizenship, citizenships",
    "country": "country, countries, country code, residence, country of residence, residence "
    "country, domicile, country iso, iso country, location country, country name, "
    "addr country",
    "jurisdiction": "jurisdiction, country of incorporation, incorporation country, country of "
    "registration, registration country, place of incorporation",
    "flag": "flag, flag state, vessel flag, ship flag",
    "pastFlags": "past flag, past flags, former flag",
    "incorporationDate": "incorporation date, date of incorporation, founded, founded on, date "
    "of registration, established",
    "legalForm": "legal form, company form, form of company",
    "address": "address, addresses, full address, registered address, home address, business "
    "address, postal address, residential address, mailing address, addr full",
    ADDRESS_PART: "street, street address, address line, addr, city, town, state, province, "
    "region, county, postal code, postcode, zip, zip code, post code, po box, "
    "district, addr city, addr state, addr line, addr postal code",
    "passportNumber": "passport, passport no, passport number, passport nr, passports",
    "idNumber": "national id, national id number, id number, identity number, identity card, id "
    "card, identification number, id no, national identification number, id card "
    "number, personal number, document number",
    "socialSecurityNumber": "ssn, ssn number, social security number",
    "taxNumber": "tax id, tax number, tin, tax no, tax identification number, ein, fiscal code",
    "vatCode": "vat, vat number, vat code, vat no, vat id",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "okpoCode": "okpo",
    "uscCode": "usc code, uscc, unified social credit code",
    "registrationNumber": "registration number, registration no, reg no, company number, "
    "company registration number, registry number, crn, tail number, "
    "business number",
    "leiCode": "lei, lei code, legal entity identifier",
    "swiftBic": "bic, swift, swift code, swift bic, bic code, bic swift",
    "dunsCode": "duns, duns number, d u n s",
    "imoNumber": "imo, imo number, imo no",
    "mmsi": "mmsi, mmsi number",
    "callSign": "call sign, callsign",
    "icaoCode": "icao, icao code",
    "serialNumber": "serial number, msn, manufacturer serial number",
    "isin": "isin, isin code",
    "ticker": "ticker, symbol",
    "publicKey": "public key, wallet, wallet address, crypto wallet, wallets, crypto wallet "
    "address, digital currency address, btc address, eth address, bitcoin address",
    "phone": "phone, phones, telephone, phone number, mobile, tel",
    "email": "email, emails, e mail, email address",
    "website": "website, web, web site, homepage, internet",
    "position": "position, job title, role, function",
    "profession": "profession, occupation",
    "sector": "sector, industry, line of business, business type",
    "notes": "notes, note, remarks, remark, comment, comments, additional information",
    "description": "description",
    "type": "vessel type, ship type, aircraft type",
    "buildDate": "build date, year built, year of build, built",
    "tonnage": "tonnage",
}

SCHEMA_WORDS: Mapping[str, str] = {
    "Person": "person, individual, natural person, human, people, p, private person, private, man, "
    "woman, np",
    "Company": "company, corporation, corporate, business, firm, bank, enterprise, c, supplier, "
    "vendor",
    "Organization": "organization, organisation, org, ngo, association, group, foundation",
    "LegalEntity": "legal entity, legal person, entity, legal, e, le, non individual, juridical "
    "person, party, counterparty, unknown",
    "PublicBody": "public body, government, ministry, agency, authority, state body",
    "Vessel": "vessel, ship, v, boat, tanker",
    "Airplane": "airplane, aircraft, plane, aeroplane",
    "CryptoWallet": "crypto wallet, wallet, crypto, digital currency address",
    "Security": "security, securities, instrument",
}

_NO_PARTY = frozenset({"Address", "Position", "Territory"})
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")


def plain(text: str) -> str:
    """Letters and digits only, in lower case: what counts of a heading."""
    return "".join(char for char in text.casefold() if char.isalnum())


def find_property(heading: str) -> str | None:
    """The property that a heading gives, `ID`, `SCHEMA` or `ADDRESS_PART`; None if unknown."""
    known = _by_heading()
    shorter = _BRACKETS.sub("", heading)
    for form in (plain(heading), plain(shorter), plain(shorter).rstrip("0123456789")):
        if form and form in known:
            return known[form]
    return None


def find_schema(text: str) -> str | None:
    """The schema that a cell of the type column means; None where it means none."""
    return _by_schema_word().get(plain(text))


def known_headings() -> tuple[str, ...]:
    """Every heading of the table above, as written there."""
    return tuple(word.strip() for words in HEADINGS.values() for word in words.split(","))


@cache
def _by_heading() -> Mapping[str, str]:
    return {plain(prop): prop for prop in sorted(party_properties())} | _spread(HEADINGS)


@cache
def party_properties() -> frozenset[str]:
    """The properties of all schemata that can be screened.

    Those of documents, events and links are no headings: FollowTheMoney's `category` or
    `date` would quietly take in a column that says nothing of a party.
    """
    return frozenset(
        prop
        for schema in schemata().values()
        if is_party(schema)
        for prop, spec in schema.properties.items()
        if spec.type != "entity"
    )


def is_party(schema: Schema) -> bool:
    """Whether a schema can be screened: a person, an organisation, a vessel, a wallet …"""
    return schema.is_matchable and schema.name not in _NO_PARTY


@cache
def _by_schema_word() -> Mapping[str, str]:
    return {plain(name): name for name in schemata()} | _spread(SCHEMA_WORDS)


def _spread(table: Mapping[str, str]) -> dict[str, str]:
    """Heading → property; a heading under two properties is a fault of the table."""
    found: dict[str, str] = {}
    for prop, words in table.items():
        for word in words.split(","):
            if found.setdefault(plain(word), prop) != prop:
                raise ValueError(f"{word.strip()!r} stands for {found[plain(word)]} and {prop}")
    return found
