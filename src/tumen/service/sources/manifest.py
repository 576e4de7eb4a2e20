"""The datasets of a manifest as a plan: what can be renewed is, what cannot stays as it was."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog

from tumen.errors import SourceError
from tumen.model.entity import schemata
from tumen.model.links import links_of
from tumen.service.building import Plan
from tumen.service.scopes import Dataset
from tumen.service.sources.held import Held
from tumen.service.sources.specs import Spec, read_specs, within
from tumen.service.sources.wire import iso_seconds, wire_entity
from tumen.service.wire import INSTANTS, Wire

log = structlog.get_logger("tumen.service")


def plan_of_manifest(
    manifest: str, folder: Path, now: datetime, *, is_forced: bool = False
) -> Plan | None:
    """What a generation of the manifest's datasets holds; None where none could be loaded yet.

    With `is_forced` every dataset is loaded anew. Raises SourceError where the manifest itself
    cannot be read.
    """
    specs = {spec.name: spec for spec in read_specs(manifest)}
    held = Held(folder)
    problems = {
        name: problem
        for name, spec in specs.items()
        if spec.is_loaded and (problem := _renew(held, spec, now, is_forced=is_forced))
    }
    loaded = [spec for spec in specs.values() if spec.is_loaded and held.version(spec.name)]
    if not loaded:
        return None
    datasets = [_dataset(spec, held, specs) for spec in specs.values()]
    versions = [
        {"list_id": spec.name, "version_id": f"{spec.name}@{held.version(spec.name)}"}
        for spec in loaded
    ]
    return Plan(
        _generation(specs.values(), held, problems),
        datasets,
        _records(loaded, specs, held),
        {"versions": versions},
        problems,
    )


def _renew(held: Held, spec: Spec, now: datetime, *, is_forced: bool) -> str:
    """What kept a dataset from being renewed; empty where nothing did."""
    try:
        held.renew(spec, now.isoformat(), is_forced=is_forced)
    except SourceError as error:
        log.warning("dataset not renewed", dataset=spec.name, error=str(error))
        return str(error)
    return ""


def _generation(specs: Iterable[Spec], held: Held, problems: Mapping[str, str]) -> str:
    marks = [repr((spec.name, spec, held.mark(spec.name))) for spec in specs]
    marks += [repr(one) for one in sorted(problems.items())]
    return sha256("\n".join(marks).encode()).hexdigest()[:16]


def _dataset(spec: Spec, held: Held, specs: Mapping[str, Spec]) -> Dataset:
    facts = dict(spec.facts)
    if at := held.loaded_at(spec.name):
        facts["retrieved_at"] = at
        facts.setdefault("updated_at", iso_seconds(datetime.fromisoformat(at)))
    if spec.delta_url:
        facts["delta_url"] = spec.delta_url
    index_version = held.version(spec.name) or None
    version = spec.version or index_version
    # A collection that is not loaded by itself is as new as the newest that it holds.
    if not spec.is_loaded and spec.children:
        inside = within(spec.name, specs) - {spec.name}
        version = version or max((held.version(one) for one in inside), default="") or None
    children = tuple(child for child in spec.children if child in specs)
    return Dataset(spec.name, spec.title, version, index_version, children, spec.is_loaded, facts)


def _records(loaded: Iterable[Spec], specs: Mapping[str, Spec], held: Held) -> Iterator[Wire]:
    for spec in loaded:
        names = within(spec.name, specs)
        refused = 0
        for line in held.lines(spec.name):
            wire = wire_of(line, spec, names)
            if wire is None:
                refused += 1
            else:
                yield wire
        if refused:
            log.error("entities of unknown schemata left out", dataset=spec.name, count=refused)


def wire_of(line: Mapping[str, Any], spec: Spec, names: frozenset[str]) -> Wire | None:
    """An entity of a dataset as it is answered; None where its schema is unknown.

    `names` are the datasets that may be named as its origin.
    """
    schema = schemata().get(str(line.get("schema")))
    if schema is None:
        return None
    given = line.get("properties") or {}
    properties = {
        name: kept
        for name, values in given.items()
        if name in schema.properties and (kept := _texts(values))
    }
    entity_id = str(line["id"])
    if spec.is_namespaced:
        entity_id = signed(entity_id, spec.name)
        for name in links_of(schema.name).keys() & properties.keys():
            properties[name] = [signed(value, spec.name) for value in properties[name]]
    datasets = [name for name in line.get("datasets") or () if name in names] or [spec.name]
    first, last, change = (_instant(line.get(name)) for name in INSTANTS)
    return wire_entity(
        entity_id,
        schema.name,
        properties,
        datasets,
        caption=str(line.get("caption") or ""),
        referents=[str(one) for one in line.get("referents") or ()],
        seen=(first, last, change),
    )


def signed(entity_id: str, dataset: str) -> str:
    """An id that only this dataset can have: the id with its HMAC under the dataset's name."""
    plain = entity_id.rpartition(".")[0] or entity_id
    digest = hmac.new(dataset.encode(), plain.encode(), "sha1").hexdigest()
    return f"{plain}.{digest}"


def _texts(values: Any) -> list[str]:
    many = values if isinstance(values, list) else [values]
    texts = (one.get("id") if isinstance(one, Mapping) else one for one in many)
    return list(dict.fromkeys(str(text) for text in texts if text not in (None, "")))


def _instant(text: Any) -> str | None:
    """An instant to the second and without a zone; as it is where it cannot be read as one."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return str(text)
    return iso_seconds(at.astimezone(UTC) if at.tzinfo else at)
