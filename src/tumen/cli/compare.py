"""`tumen compare`: two parties, their score, and what each feature added or took."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.errors import RecordError, RequestError

if TYPE_CHECKING:
    from tumen.model.entity import Entity
    from tumen.model.screening import Comparison
    from tumen.screening.subject import Subject

_SIDES = ("left", "right")


_Command = Callable[..., None]


def _facts(side: str) -> Callable[[_Command], _Command]:
    """The options that describe one side beyond its name."""
    options = [
        click.option(
            f"--birth-date-{side}", multiple=True, metavar="DATE", help=f"Of the {side} one."
        ),
        click.option(f"--country-{side}", multiple=True, metavar="COUNTRY"),
        click.option(f"--gender-{side}", multiple=True, metavar="GENDER"),
        click.option(
            f"--{side}",
            multiple=True,
            metavar="PROPERTY=VALUE",
            help="Anything else, such as imo=9074729 (repeat).",
        ),
        click.option(
            f"--{side}-json",
            default="",
            metavar="ENTITY",
            help="The whole entity instead of a name, or @file.",
        ),
    ]

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.command()
@click.argument("names", nargs=-1, metavar="NAME NAME")
@click.option("--schema", default="", help="What both are: Person, Company, Vessel …")
@_facts("left")
@_facts("right")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(names: tuple[str, ...], **given: Any) -> None:
    """Compare two parties and say what each feature adds or takes.

    \b
    tumen compare "Ri Won Ho" "LEE, Won-ho" --schema person --birth-date-left 1964-07-17
    tumen compare "MV Angara" "Sea Dream 7" --schema vessel --left imo=9179842
    """
    import tumen

    wanted = sum(not given[f"{side}_json"] for side in _SIDES)
    if len(names) != wanted:
        raise click.UsageError(f"Give {wanted} names, not {len(names)}")
    rest = list(names)
    left, right = (_subject(side, rest, given) for side in _SIDES)
    comparison = tumen.compare(left.entity, right.entity)
    if given["as_json"]:
        from tumen.cli.output import print_json

        parties = {"left": left.entity.to_dict(), "right": right.entity.to_dict()}
        warnings = {"warnings": [*left.warnings, *right.warnings]}
        print_json({**comparison.to_dict(), **parties, **warnings})
    else:
        _print(left, right, comparison)


def _subject(side: str, names: list[str], given: Mapping[str, Any]) -> Subject:
    """One side, read as a row of a book is: countries, dates and types in the same forms."""
    from tumen.screening.json_lines import entity_pairs
    from tumen.screening.rows import RowReader
    from tumen.screening.subject import RecordProblem, Subject

    if given[f"{side}_json"]:
        pairs = entity_pairs(_read_json(given[f"{side}_json"], side))
    else:
        pairs = [("schema", given["schema"]), ("name", names.pop(0))]
    pairs += [(_property(text, side), text.partition("=")[2]) for text in given[side]]
    for prop, option in (("birthDate", "birth_date"), ("country", "country"), ("gender", "gender")):
        pairs += [(prop, text) for text in given[f"{option}_{side}"]]
    found, *others = RowReader(side).read(pairs, 1, separator="")
    if isinstance(found, RecordProblem):
        raise RecordError(found.problem, where=side, mend=found.mend)
    unused = [
        f"{'; '.join(values)!r} is of a {one.entity.schema}, not of the party: it played no part"
        for one in others
        if isinstance(one, Subject)
        for values in one.entity.properties.values()
    ]
    return replace(found, warnings=(*found.warnings, *unused))


def _property(text: str, side: str) -> str:
    from tumen.screening.headings import find_property

    heading, equals, _ = text.partition("=")
    prop = find_property(heading)
    if not equals or prop is None:
        raise RequestError(f"--{side} {text!r}: write it as property=value, such as imo=9074729")
    return prop


def _read_json(text: str, side: str) -> dict[str, Any]:
    try:
        found = json.loads(Path(text[1:]).read_text("utf-8") if text.startswith("@") else text)
    except (OSError, ValueError) as error:
        raise RequestError(f"--{side}-json cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise RequestError(f"--{side}-json holds no entity")
    return found


def _print(left: Subject, right: Subject, comparison: Comparison) -> None:
    from tumen.cli.output import console, table

    word = "a hit" if comparison.is_hit else "no hit"
    out = console()
    out.print(f"{comparison.score:.2f}: {word}. {comparison.sentence}")
    columns = ("Feature", _title(left.entity), _title(right.entity), "Effect", "Why")
    rows = [
        (r.feature.replace("_", " "), r.left, r.right, f"{r.effect:+.2f}", r.text)
        for r in comparison.reasons
    ]
    out.print(table("", columns, rows))
    for subject in (left, right):
        for warning in subject.warnings:
            click.secho(f"! {subject.entity.caption}: {warning}", fg="yellow", err=True)


def _title(entity: Entity) -> str:
    return f"{entity.caption} ({entity.schema})"
