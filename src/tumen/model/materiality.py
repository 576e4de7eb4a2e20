"""Which statements of an entry are material, and the fingerprints made of those alone.

Material is what can alter whom an entry means or what it forbids; the rest is cosmetic.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import orjson

from tumen.model.delta import Materiality
from tumen.model.entity import Entity
from tumen.model.listing import ListEntry
from tumen.model.statements import Statements, statements_of, statements_of_entity

_MATERIAL, _COSMETIC = Materiality.MATERIAL, Materiality.COSMETIC


class Rule(NamedTuple):
    """One row of the table: fields of one kind, what a change of them means, and why."""

    kind: str
    materiality: Materiality
    reason: str
    fields: str


# One kind a row; of every field that stands in none of them OTHER holds.
RULES = (
    Rule(
        "type",
        _MATERIAL,
        "a person and a company of one name are two parties",
        "schema, type, legalForm",
    ),
    Rule(
        "names",
        _MATERIAL,
        "by them the party is found; a weak alias alone makes no hit",
        "name, alias, previousName, weakAlias, abbreviation, firstName, secondName, "
        "middleName, fatherName, motherName, lastName, nameSuffix, title",
    ),
    Rule(
        "identifiers",
        _MATERIAL,
        "one that agrees or differs decides whether two are the same",
        "leiCode, imoNumber, mmsi, callSign, swiftBic, publicKey, cryptoAddress, isin, "
        "isinCode, innCode, ogrnCode, kppCode, okpoCode, uniqueEntityId, dunsCode, uscCode, "
        "bikCode, passportNumber, idNumber, socialSecurityNumber, taxNumber, vatCode, "
        "registrationNumber, serialNumber, email, phone, website, wikidataId",
    ),
    Rule(
        "dates of life",
        _MATERIAL,
        "they part namesakes",
        "birthDate, deathDate, incorporationDate, dissolutionDate, buildDate",
    ),
    Rule(
        "places and countries",
        _MATERIAL,
        "they part namesakes, and say which rules may apply",
        "country, nationality, citizenship, jurisdiction, mainCountry, flag, pastFlags, "
        "birthCountry, birthPlace, address, addressEntity",
    ),
    Rule(
        "person and post",
        _MATERIAL,
        "they part namesakes, and say whom a party may act for",
        "gender, position, political, topics, status",
    ),
    Rule(
        "what is forbidden",
        _MATERIAL,
        "by whom, under which act, from when and until when",
        "programme, measure, authority, legal basis, listed on, ends on, reference, keywords",
    ),
    Rule(
        "links",
        _MATERIAL,
        "an owner or principal who is listed extends measures to others",
        "link, holder, owner, parent",
    ),
    Rule(
        "values not read",
        _MATERIAL,
        "what no property took stands here; it may be an identifier",
        "notes",
    ),
    Rule(
        "free text",
        _COSMETIC,
        "what can be compared in it was read into fields, which count by themselves",
        "remarks, reason, summary, description, biography",
    ),
    Rule(
        "about the record",
        _COSMETIC,
        "when and where it was written, not what it says",
        "amended on, modifiedAt, createdAt, retrievedAt, recordId, publisher, source, "
        "sourceUrl, publisherUrl, programUrl, alephUrl, wikipediaUrl, name marks, "
        "published text, order",
    ),
)
# Every field of the table, in its order.
FIELDS = tuple(field for rule in RULES for field in rule.fields.split(", "))
OTHER = Rule("any other", _MATERIAL, "a field that we do not know may matter", "")


def rule_of(field: str) -> Rule:
    """The row of the table that holds for a field."""
    return _by_field().get(field, OTHER)


def materiality_of(field: str) -> Materiality:
    """What a change of a field's compared form means."""
    return rule_of(field).materiality


def entry_fingerprint(entry: ListEntry) -> str:
    """A hash of the material statements of an entry, whatever their order, blanks and capitals.

    The entity's id is no part of it: the same party listed under another id has the same one.
    """
    return _fingerprint(statements_of(entry))


def party_fingerprint(entity: Entity) -> str:
    """The same of an entity that is no list entry: a party of a book."""
    return _fingerprint(statements_of_entity(entity))


def _fingerprint(statements: Statements) -> str:
    material = [
        (field, sorted(set(values.values())))
        for field, values in sorted(statements.items())
        if materiality_of(field) is _MATERIAL
    ]
    return blake2b(orjson.dumps(material), digest_size=16).hexdigest()


@cache
def _by_field() -> dict[str, Rule]:
    return {field: rule for rule in RULES for field in rule.fields.split(", ")}
