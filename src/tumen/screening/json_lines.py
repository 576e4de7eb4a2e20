"""JSON lines: flat records whose keys are headings, or FollowTheMoney entities."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tumen.errors import RecordError, SourceError
from tumen.model.entity import Entity, get_schema, schemata, suggest
from tumen.screening.columns import IGNORED, ColumnChoice, unknown_key
from tumen.screening.headings import ID, SCHEMA
from tumen.screening.rows import RowReader
from tumen.screening.subject import RecordProblem, Subject

_NO_PARTIES = ("Interval", "Address", "Position", "Document", "Mention", "Identification")


def read_json_lines(
    lines: Iterable[tuple[int, str | None]], choice: ColumnChoice, reader: RowReader, notice: str
) -> Iterator[Subject | RecordProblem]:
    """The subject of each line.

    An unknown key in the first readable record is a SourceError, as an unknown column is; in a
    later one it is a problem of that record.
    """
    is_first = True
    for number, line in lines:
        if line is not None and not line.strip():
            continue
        try:
            record = _record(line)
            if kind := left_out_as(record):
                reader.left_out[kind] += 1
                continue
            pairs, separator = _pairs(record, choice)
        except RecordError as error:
            if is_first and isinstance(error, _UnknownKeyError):
                where = f"{reader.file} row {number}"
                raise SourceError(error.problem, where=where, mend=error.mend) from error
            yield reader.problem(error, number)
            continue
        is_first = False
        yield from reader.read(pairs, number, notice, separator)


class _UnknownKeyError(RecordError):
    """A key that is no heading."""


def entity_pairs(
    record: Mapping[str, Any], choice: ColumnChoice | None = None
) -> list[tuple[str, Any]]:
    """(Property, values) of a FollowTheMoney mapping, properties renamed or left out by choice.

    Raises RecordError for an unknown schema or property, or a value that is no text.
    """
    if not record.get("schema"):
        raise RecordError("The entity has no schema", mend="Give one such as Person or Company")
    schema = get_schema(str(record["schema"]))
    given: dict[str, Any] = {}
    for name, values in record["properties"].items():
        stated = choice.stated(name) if choice else None
        if stated is None and name not in schema.properties and values:
            hint = suggest(name, schema)
            mend = f"{hint}; or leave it out: --ignore-column '{name}'"
            raise RecordError(f"{schema.name} has no property {name!r}", mend=mend)
        if stated != IGNORED and values:
            given[stated or name] = values
    entity = Entity.from_mapping({**record, "properties": given})
    own: list[tuple[str, Any]] = [(SCHEMA, entity.schema), (ID, entity.entity_id)]
    return own + [(prop, list(values)) for prop, values in entity.properties.items()]


def left_out_as(record: Mapping[str, Any]) -> str:
    """The schema of an entity that is no party: a link, an address, a document. Else empty.

    An export of FollowTheMoney entities holds them between the parties.
    """
    schema = schemata().get(str(record.get("schema")))
    if schema is None or not isinstance(record.get("properties"), Mapping):
        return ""
    return schema.name if any(schema.is_a(kind) for kind in _NO_PARTIES) else ""


def _record(line: str | None) -> dict[str, Any]:
    if line is None:
        raise RecordError("The line is longer than a million characters", mend="Shorten it")
    try:
        found = json.loads(line.lstrip("\ufeff"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        detail = f"This line is not whole JSON ({error})"
        raise RecordError(detail, mend="Give one whole record a line") from error
    if not isinstance(found, dict):
        kind = type(found).__name__
        raise RecordError(f"The line holds {kind}, no record", mend='Give {"name": …}')
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RecordError("A key stands twice in the record", mend="Give its values as a list")
    return found


def _pairs(record: dict[str, Any], choice: ColumnChoice) -> tuple[list[tuple[str, Any]], str]:
    """Pairs of property and value, and what parts several values in one text."""
    if isinstance(record.get("properties"), dict):
        return entity_pairs(record, choice), ""
    found = []
    for key, value in record.items():
        prop = choice.find(key)
        if prop is None:
            problem, mend = unknown_key(key)
            raise _UnknownKeyError(problem, mend=mend)
        if prop != IGNORED:
            found.append((prop, value))
    return found, ";"
