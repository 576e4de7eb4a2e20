"""A manifest as yente has it: which datasets there are, and where the entities of each lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os.path import expandvars
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from tumen.errors import SourceError
from tumen.service.sources.fetching import local_path, read_document

_NAME = re.compile(r"[a-z0-9_]+")
# What the catalogue does not show.
_PRIVATE = frozenset({"entities_checksum", "path", "auth_token", "resource_name", "resource_type"})
_OURS = frozenset({"name", "title", "version", "children", "datasets", "scopes", "load"})


class _Catalog(BaseModel):
    """A catalogue that a manifest names, and what of it is to be loaded."""

    model_config = ConfigDict(extra="allow")

    url: str
    auth_token: str | None = None
    scope: str | None = None
    scopes: list[str] = []
    namespace: bool | None = None
    resource_name: str | None = None
    resource_type: str | None = None


class _Manifest(BaseModel):
    catalogs: list[_Catalog] = []
    datasets: list[dict[str, Any]] = []


@dataclass(frozen=True, slots=True)
class Spec:
    """One dataset of a manifest. `version` is the newest that the source states, "" for none."""

    name: str
    title: str
    children: tuple[str, ...] = ()
    is_loaded: bool = True
    version: str = ""
    entities_url: str = ""
    checksum: str = ""
    delta_url: str = ""
    token: str = ""
    is_namespaced: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


def read_specs(manifest: str) -> list[Spec]:
    """All datasets of a manifest, at a path or an address, and of the catalogues it names.

    Raises SourceError where any of them cannot be read or makes no sense.
    """
    document = read_document(manifest)
    try:
        read = _Manifest.model_validate(document if document is not None else {})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SourceError(f"This is no manifest: {faults}", where=manifest) from error
    given = [*read.datasets]
    for catalog in read.catalogs:
        given += _of_catalog(catalog)
    specs = [_spec(one, manifest) for one in given]
    _check_names(specs, manifest)
    return specs


def within(name: str, specs: Mapping[str, Spec]) -> frozenset[str]:
    """The names of a dataset and of all that it holds, and they hold."""
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one in specs and one not in found:
            found.add(one)
            waiting += specs[one].children
    return frozenset(found)


def _of_catalog(catalog: _Catalog) -> Iterable[dict[str, Any]]:
    token = expandvars(catalog.auth_token or "")
    document = read_document(catalog.url, token)
    datasets = document.get("datasets") if isinstance(document, Mapping) else None
    if not isinstance(datasets, list):
        raise SourceError("It has no list of datasets", where=catalog.url)
    wanted = {*catalog.scopes, *([catalog.scope] if catalog.scope else [])}
    known = {one.get("name") for one in datasets if isinstance(one, Mapping)}
    if missing := wanted - known:
        raise SourceError(f"Scopes {sorted(missing)} not found in catalog", where=catalog.url)
    added = {
        "namespace": catalog.namespace,
        "resource_name": catalog.resource_name,
        "resource_type": catalog.resource_type,
        "auth_token": catalog.auth_token,
    }
    kept = {key: value for key, value in added.items() if value is not None}
    for one in datasets:
        load = {"load": one.get("name") in wanted} if wanted else {}
        yield {**one, **load, **kept}


def _spec(given: Mapping[str, Any], where: str) -> Spec:
    name = str(given.get("name") or "")
    if not _NAME.fullmatch(name):
        raise SourceError(
            f"{name!r} is no name of a dataset", where=where, mend="Use a-z, 0-9 and _"
        )
    held = (given.get(key) or [] for key in ("children", "datasets", "scopes"))
    children = tuple(dict.fromkeys(str(child) for names in held for child in names))
    load = given.get("load")
    url, checksum = _entities(given)
    return Spec(
        name,
        str(given.get("title") or name),
        children,
        bool(load) if load is not None else not children,
        str(given.get("version") or "") or _version_of(given, url),
        url,
        checksum,
        str(given.get("delta_url") or ""),
        expandvars(str(given.get("auth_token") or "")),
        bool(given.get("namespace")),
        _facts(given, url),
    )


def _entities(given: Mapping[str, Any]) -> tuple[str, str]:
    """Where the entities lie, and the SHA-1 that they should have."""
    if given.get("entities_url"):
        return str(given["entities_url"]), str(given.get("entities_checksum") or "")
    if given.get("path"):
        return str(given["path"]), ""
    name, kind = given.get("resource_name"), given.get("resource_type")
    for resource in given.get("resources") or ():
        is_named = name is not None and resource.get("name") == name
        is_typed = kind is not None and resource.get("mime_type") == kind
        if resource.get("url") and (is_named or is_typed):
            return str(resource["url"]), str(resource.get("checksum") or "")
    return "", ""


def _version_of(given: Mapping[str, Any], url: str) -> str:
    """A version from the time of a local file, or of the last export."""
    path = local_path(url) if url else None
    if path is not None and path.exists():
        return f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y%m%d%H%M%S}"
    digits = re.sub(r"\D", "", str(given.get("last_export") or ""))
    return digits[:14].ljust(14, "0") if len(digits) >= 8 else ""


def _facts(given: Mapping[str, Any], url: str) -> dict[str, Any]:
    """What the catalogue shows of a dataset beside what every dataset has."""
    facts = {key: value for key, value in given.items() if key not in _PRIVATE | _OURS}
    path = local_path(url) if url else None
    facts["entities_url"] = (path.resolve().as_uri() if path is not None else url) or None
    facts["namespace"] = bool(given.get("namespace"))
    return facts


def _check_names(specs: Iterable[Spec], where: str) -> None:
    seen = set()
    for spec in specs:
        if spec.name in seen:
            raise SourceError(f"Duplicate dataset name: {spec.name!r}", where=where)
        seen.add(spec.name)
