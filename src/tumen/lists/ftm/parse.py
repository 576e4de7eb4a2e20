"""Reads entities.ftm.json, targets.nested.json and targets.simple.csv of any dataset.

The list is what the content says: the dataset that all entities name. Lists with a folder of
their own (`ua_war_sanctions`) use these functions through `reader_for`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tumen.errors import SourceError
from tumen.lists.entry import EntryBuilder
from tumen.lists.ftm import json_lines, simple_csv
from tumen.lists.ftm.folding import Fold, is_folded, unplaced_addresses
from tumen.lists.ftm.node import Node
from tumen.lists.name_text import script_of
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.entity import schemata
from tumen.model.listing import Designation, ListedName, NameKind, NameQuality

LIST_ID = "ftm"
# The simple CSV names a dataset by its title; these have folders of their own.
_TITLES = {
    "Ukraine War and Sanctions": "ua_war_sanctions",
    "INTERPOL Red Notices": "interpol_red_notices",
}
_NAMES = {
    "name": (NameKind.PRIMARY, NameQuality.UNSTATED),
    "alias": (NameKind.ALIAS, NameQuality.UNSTATED),
    "weakAlias": (NameKind.ALIAS, NameQuality.WEAK),
    "previousName": (NameKind.FORMER, NameQuality.UNSTATED),
}
_CSV = re.compile(rb'^(?:\xef\xbb\xbf)?"?id"?,"?schema"?,"?name"?,"?aliases"?,')
_DELTA = re.compile(rb'^\s*\{\s*"op"\s*:\s*"(?:ADD|MOD|DEL)"')
_SCHEMA = re.compile(rb'"schema"\s*:\s*"([A-Za-z]+)"')
_PROPERTIES = re.compile(rb'"properties"\s*:\s*\{')
_NESTED = re.compile(rb'"properties"\s*:\s*\{.*?"\w+"\s*:\s*\[\s*\{', re.S)
_DATASETS = re.compile(rb'"datasets"\s*:\s*\[\s*"([^\]]*)"\s*\]')
_PREFIX = re.compile(r"([a-z]{2,}(?:_[a-z0-9]+)+?)[_.-](?:targets|entities|statements)\b")

Recognise = Callable[[SourceFile], str | None]
Parse = Callable[[Sequence[SourceFile]], ParsedList]


def recognise(file: SourceFile) -> str | None:
    """The format, unless the dataset has a folder of its own."""
    return None if _dataset_of_head(file) in _TITLES.values() else _format(file)


def reader_for(list_id: str) -> tuple[Recognise, Parse]:
    """`recognise` and `parse` for one dataset alone."""

    def recognise_one(file: SourceFile) -> str | None:
        return _format(file) if _dataset_of_head(file) == list_id else None

    def parse_one(files: Sequence[SourceFile]) -> ParsedList:
        parsed = parse(files)
        if parsed.list_id != list_id:
            raise SourceError(
                f"The entities name the dataset {parsed.list_id}, not {list_id} alone",
                where=", ".join(file.name for file in files),
                mend=f"Give a file of {list_id}",
            )
        return parsed

    return recognise_one, parse_one


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """All entities; records that only speak of others are folded into them."""
    if len(files) != 1:
        raise SourceError(
            f"{len(files)} files where a dataset is one",
            where=", ".join(file.name for file in files),
            mend="Give one file at a time",
        )
    file = files[0]
    found = _format(file)
    gathered = json_lines.Gathered(Counter())
    if found == "simple_csv":
        simple_csv.gather(file, gathered)
    elif found:
        json_lines.gather(file, gathered)
    else:
        raise SourceError(
            "Not FollowTheMoney entities", where=file.name, mend="Give entities.ftm.json"
        )
    list_id = _list_id(file, gathered.nodes.values())
    builders = {
        node.node_id: _build(list_id, file, node, gathered.unknown)
        for node in gathered.nodes.values()
        if node.is_top and not is_folded(node)
    }
    _fold(list_id, gathered, builders)
    entries = [builder.build() for builder in builders.values()]
    return ParsedList(list_id, found, gathered.published_on(), entries, gathered.unknown)


def _fold(list_id: str, gathered: json_lines.Gathered, builders: dict[str, EntryBuilder]) -> None:
    fold = Fold(list_id, gathered.nodes, builders)
    for node in gathered.nodes.values():
        if is_folded(node):
            fold.record(node, gathered.unknown)
        elif node.node_id in builders:
            fold.pointers(node, builders[node.node_id], gathered.unknown)
    for node_id, builder in builders.items():
        if not builder.designations:
            # Without a Sanction record the programme is all that is said of it.
            for programme in gathered.nodes[node_id].get("programId"):
                builder.designate(Designation("", programme))
    if count := unplaced_addresses(gathered.nodes.values()):
        gathered.unknown["Address: no entity points to it"] += count


def _build(list_id: str, file: SourceFile, node: Node, unknown: Counter[str]) -> EntryBuilder:
    is_known = node.schema in schemata()
    schema = node.schema if is_known else "LegalEntity"
    builder = EntryBuilder(
        f"{list_id}:{node.node_id}", schema, file=file.name, locator=node.locator, unknown=unknown
    )
    if not is_known:
        builder.add_unknown("schema", node.schema)
    known = schemata()[schema].properties
    for name, values in node.properties.items():
        kind = known[name].type if name in known else ""
        for value in _caption_first(node, values) if name == "name" else values:
            if name in _NAMES and name in known:
                builder.add_name(ListedName(value, *_NAMES[name], script_of(value)), name)
            elif not kind:
                builder.add_unknown(f"{schema}.{name}", value)
            elif kind == "date":
                builder.add_date(name, value, name)
            elif kind == "country":
                builder.add_country(name, value, name)
            elif kind != "entity":
                builder.add(name, value, name)
    for designation in node.designations:
        builder.designate(designation)
    return builder


def _caption_first(node: Node, names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: name != node.caption)


def _format(file: SourceFile) -> str | None:
    head = file.head
    if _CSV.match(head):
        return "simple_csv"
    if _DELTA.match(head):
        return "delta_json"
    first = head.lstrip(b"\xef\xbb\xbf \r\n").partition(b"\n")[0]
    schema = _SCHEMA.search(first)
    if not first.startswith(b"{") or not schema or not _PROPERTIES.search(first):
        return None
    return "nested_json" if _NESTED.search(first) else "entities_json"


def _dataset_of_head(file: SourceFile) -> str:
    if _CSV.match(file.head):
        for title, list_id in _TITLES.items():
            if f',"{title}",'.encode() in file.head or f",{title},".encode() in file.head:
                return list_id
        return ""
    found = _DATASETS.search(file.head)
    if found:
        return found.group(1).decode("utf-8", "replace")
    prefix = _PREFIX.match(file.name)
    return prefix.group(1) if prefix else ""


def _list_id(file: SourceFile, nodes: Iterable[Node]) -> str:
    stated = {_TITLES.get(name, name) for node in nodes for name in node.datasets}
    if len(stated) > 1:
        return LIST_ID
    for name in stated:
        if re.fullmatch(r"[a-z][a-z0-9_]*", name):
            return name
    prefix = _PREFIX.match(file.name)
    return prefix.group(1) if prefix else LIST_ID
