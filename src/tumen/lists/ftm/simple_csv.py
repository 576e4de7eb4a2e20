"""targets.simple.csv: one row a listed entity, several values in a cell by ";"."""

from __future__ import annotations

import csv
import re

from tumen.errors import SourceError
from tumen.lists.csv_table import damaged, read_table
from tumen.lists.ftm.json_lines import Gathered
from tumen.lists.ftm.node import Node
from tumen.lists.reader import SourceFile
from tumen.model.listing import Designation

_NEEDED = ("id", "schema", "name", "dataset")
_PROPERTIES = {
    "name": "name",
    "aliases": "alias",
    "birth_date": "birthDate",
    "countries": "country",
    "addresses": "address",
    "phones": "phone",
    "emails": "email",
}
_OTHER = frozenset(
    {
        "id",
        "schema",
        "dataset",
        "identifiers",
        "sanctions",
        "program_ids",
        "first_seen",
        "last_seen",
        "last_change",
    }
)
_IMO = re.compile(r"(?:IMO)?(\d{7})")
_WIKIDATA = re.compile(r"Q\d+")
_MMSI = re.compile(r"\d{9}")


def gather(file: SourceFile, gathered: Gathered) -> None:
    """Adds all rows of the file. Raises SourceError with the line where it is damaged."""
    header, rows = read_table(file)
    if missing := [name for name in _NEEDED if name not in header]:
        raise damaged(file, 1, f"no column {', '.join(missing)}")
    for name in header:
        if name not in _PROPERTIES and name not in _OTHER:
            gathered.unknown[f"column: {name}"] += len(rows)
    for line, values in rows:
        row = dict(zip(header, values, strict=True))
        if not row["id"] or row["id"] in gathered.nodes:
            problem = f"The id {row['id']} occurs twice" if row["id"] else "A row without an id"
            raise SourceError(problem, where=f"{file.name}, line {line}", mend="Download it again")
        gathered.last_seen = max(gathered.last_seen, row.get("last_seen", ""))
        gathered.nodes[row["id"]] = _node(row, line)


def _node(row: dict[str, str], line: int) -> Node:
    schema = row["schema"]
    # The name is one value, whatever it holds; all other cells are lists.
    properties = {"name": [row["name"]]} if row["name"] else {}
    for column, prop in _PROPERTIES.items():
        if column != "name" and (values := _values(row.get(column, ""))):
            properties[prop] = values
    for value in _values(row.get("identifiers", "")):
        prop, text = _identifier(schema, value)
        properties.setdefault(prop, []).append(text)
    datasets = tuple(_values(row["dataset"]))
    return Node(
        row["id"],
        schema,
        properties,
        f"line {line}, id {row['id']}",
        datasets=datasets,
        designations=_designations(row, datasets),
    )


def _identifier(schema: str, value: str) -> tuple[str, str]:
    """The property of an identifier whose kind the format does not say."""
    imo = _IMO.fullmatch(value)
    if imo and (value.startswith("IMO") or schema == "Vessel"):
        return "imoNumber", imo.group(1)
    if _WIKIDATA.fullmatch(value):
        return "wikidataId", value
    if schema == "Vessel":
        return ("mmsi" if _MMSI.fullmatch(value) else "registrationNumber"), value
    return ("idNumber" if schema == "Person" else "registrationNumber"), value


def _designations(row: dict[str, str], datasets: tuple[str, ...]) -> list[Designation]:
    """One for each programme, or one for the sanction's text where no programme is named."""
    reason = "; ".join(_values(row.get("sanctions", "")))
    programmes = _values(row.get("program_ids", ""))
    if not reason and not programmes:
        return []
    authority = "; ".join(datasets)
    return [Designation(authority, name, reason=reason) for name in programmes or [""]]


def _values(cell: str) -> list[str]:
    """The values of a cell: separated by ";", one that holds ";" quoted as in CSV."""
    try:
        rows = list(csv.reader([cell.replace("\n", " ")], delimiter=";", skipinitialspace=True))
    except csv.Error:
        return [cell]
    return [value.strip() for row in rows for value in row if value.strip()]
