"""Subjects as requests give them: read as a row of a book is, with a word for each slip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from tumen.errors import RecordError
from tumen.model.entity import Schema, get_schema, suggest
from tumen.screening.json_lines import entity_pairs
from tumen.screening.rows import RowReader
from tumen.screening.subject import RecordProblem, Subject
from tumen.service.problems import Fault, ProblemError
from tumen.service.routes.v1.needs import Strict

Value = str | int | float
Item = Subject | RecordProblem


class SubjectBody(Strict):
    """Whom to screen: a FollowTheMoney mapping. A value may stand for a list of one."""

    id: Annotated[str, Field(max_length=500, description="Your own id; comes back.")] = ""
    schema_: Annotated[
        str, Field(alias="schema", max_length=100, examples=["Person"], description="Its kind.")
    ]
    properties: Annotated[
        dict[str, list[Value] | Value],
        Field(examples=[{"name": ["Ri Won Ho"], "birthDate": "1964-07-17", "nationality": "kp"}]),
    ]


def read_subject(body: SubjectBody, place: str, *, is_strict: bool) -> list[Item]:
    """The subject, and behind it what it holds (a wallet, a vessel), each to be screened.

    What cannot be read comes back as a warning, or where `is_strict` as a ProblemError that
    names every fault.
    """
    schema = _schema(body, place)
    unknown = [name for name in body.properties if name not in schema.properties]
    if unknown and is_strict:
        raise ProblemError(
            "invalid",
            f"{schema.name} has no property {unknown[0]!r}",
            [_unknown(schema, name, place) for name in unknown],
        )
    warnings = tuple(
        f"{schema.name} has no property {name!r}: it played no part. {suggest(name, schema)}"
        for name in unknown
    )
    return [_warned(item, warnings) for item in _read(body, schema, place, is_strict=is_strict)]


def _schema(body: SubjectBody, place: str) -> Schema:
    try:
        return get_schema(body.schema_)
    except RecordError as error:
        fault = Fault(f"{place}.schema", error.problem, error.mend)
        raise ProblemError("invalid", str(error), [fault]) from error


def _unknown(schema: Schema, name: str, place: str) -> Fault:
    problem = f"{schema.name} has no property {name!r}"
    return Fault(f"{place}.properties.{name}", problem, suggest(name, schema))


def _read(body: SubjectBody, schema: Schema, place: str, *, is_strict: bool) -> Iterator[Item]:
    known = {name: value for name, value in body.properties.items() if name in schema.properties}
    record: dict[str, Any] = {"id": body.id or place, "schema": schema.name, "properties": known}
    try:
        items = RowReader(place, is_strict=is_strict).read(entity_pairs(record), 1, separator="")
    except RecordError as error:
        items = [RecordProblem.from_error(error, subject_id=body.id or place)]
    for item in items:
        if is_strict and isinstance(item, RecordProblem):
            fault = Fault(place, item.problem, item.mend)
            raise ProblemError("invalid", item.problem, [fault])
        yield item


def _warned(item: Item, warnings: tuple[str, ...]) -> Item:
    return replace(item, where="", warnings=(*item.warnings, *warnings))
