"""From an example of a party, as the peers' clients send it, to a subject that can be screened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from typing import Any, NamedTuple

from tumen.errors import RequestError
from tumen.model.countries import read_country
from tumen.model.dates import read_date
from tumen.model.dialling import country_of_phone
from tumen.model.entity import Entity, Schema, schemata, suggest
from tumen.model.vocabulary import topic_label
from tumen.service.schemas import BASE

_GENDERS = {
    **dict.fromkeys(("male", "m", "man", "masculin", "männlich", "мужской", "男"), "male"),
    **dict.fromkeys(("female", "f", "woman", "féminin", "weiblich", "женский", "女"), "female"),
    **dict.fromkeys(("other", "o", "d", "divers"), "other"),
}
_NAME_PARTS = ("firstName", "secondName", "middleName", "fatherName", "motherName", "lastName")


class Example(NamedTuple):
    """A subject, and what of the query could not be used."""

    entity: Entity
    warnings: tuple[str, ...]


def read_example(given: Mapping[str, Any], *, is_strict: bool = False) -> Example:
    """The subject of one query.

    Unknown properties and values that cannot be read are left out and named in the warnings.
    Raises RequestError for a schema that cannot be asked for; with `is_strict` for anything
    that would be left out.
    """
    schema = _schema(str(given.get("schema") or ""))
    warnings: list[str] = []
    properties = _properties(schema, given.get("properties") or {}, warnings)
    if is_strict and warnings:
        raise RequestError("; ".join(warnings))
    _combine_names(schema, properties)
    _infer_countries(schema, properties)
    subject = Entity(
        _identity(schema.name, properties),
        schema.name,
        {name: tuple(values) for name, values in properties.items()},
    )
    return Example(subject, tuple(warnings))


def _schema(name: str) -> Schema:
    schema = schemata().get(name)
    if schema is None:
        raise RequestError(f"Unknown schema: {name!r}")
    if not schema.is_matchable and name != BASE:
        raise RequestError(f"Non-matchable schema for query: {name}")
    return schema


def _properties(
    schema: Schema, given: Mapping[str, Any], warnings: list[str]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, values in given.items():
        known = schema.properties.get(name)
        if known is None:
            warnings.append(f"{schema.name} has no property {name!r}. {suggest(name, schema)}")
            continue
        cleaned: dict[str, None] = {}
        for value in texts_of(values):
            read = read_value(known.type, value)
            if not read:
                warnings.append(f"{name} {value!r} is no {known.type} that can be read")
            cleaned.update(dict.fromkeys(read))
        if cleaned:
            found[name] = list(cleaned)
    return found


def texts_of(values: Any) -> list[str]:
    """The values given for a property as texts: one or a list, text or number."""
    many = values if isinstance(values, list | tuple | set) else [values]
    return [text for value in many if (text := _text(value))]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value).strip()


@lru_cache(maxsize=10_000)
def read_value(type_name: str, text: str) -> tuple[str, ...]:
    """A value as its type is written; empty where it cannot be read as one."""
    if type_name == "date":
        read = read_date(text)
        return (read,) if read else ()
    if type_name == "country":
        code = read_country(text)
        return (code,) if code else ()
    if type_name == "gender":
        gender = _GENDERS.get(text.lower())
        return (gender,) if gender else ()
    if type_name == "topic":
        return (text,) if topic_label(text) != text else ()
    if type_name == "email":
        return (text,) if "@" in text.strip("@") else ()
    return (" ".join(text.split()),)


def _combine_names(schema: Schema, properties: dict[str, list[str]]) -> None:
    """A person without a name is called by the parts of its name."""
    if not schema.is_a("Person") or any(properties.get(one) for one in ("name", "alias")):
        return
    parts: list[Iterable[str]] = [values for one in _NAME_PARTS if (values := properties.get(one))]
    if parts:
        properties["alias"] = list(dict.fromkeys(" ".join(chosen) for chosen in product(*parts)))


def _infer_countries(schema: Schema, properties: dict[str, list[str]]) -> None:
    """Telephone numbers tell a country."""
    if "country" not in schema.properties:
        return
    known = {
        value
        for name, values in properties.items()
        if schema.properties[name].type == "country"
        for value in values
    }
    for name in [name for name in properties if schema.properties[name].type == "phone"]:
        for number in properties[name]:
            code = country_of_phone(number)
            if code and code not in known:
                known.add(code)
                properties.setdefault("country", []).append(code)


def _identity(schema: str, properties: Mapping[str, list[str]]) -> str:
    """An id from what is asked, so that a caller's own id never meets a listed one."""
    text = repr((schema, sorted(properties.items())))
    return blake2b(text.encode(), digest_size=20).hexdigest()
