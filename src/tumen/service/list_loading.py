"""Official files that somebody hands over or that are fetched, on their way into the store."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version as package_version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx
from fastapi import UploadFile

from tumen.lists.check import LoadOptions
from tumen.lists.fetch import fetch
from tumen.lists.ingest import ingest_all
from tumen.lists.recognise import recognise
from tumen.lists.registry import ListInfo, published_lists
from tumen.service.jobs import Report
from tumen.service.problems import ProblemError, not_found

if TYPE_CHECKING:
    from datetime import datetime

    from tumen.service.routes.v1.needs import Api


@contextmanager
def saved(files: Iterable[UploadFile]) -> Iterator[Path]:
    """The uploaded files in a folder of their own, under the names they were given."""
    with TemporaryDirectory(prefix="tumen-") as folder:
        for number, file in enumerate(files):
            name = Path((file.filename or "").replace("\\", "/")).name.lstrip(".")
            place = Path(folder, name or f"file-{number}")
            if place.exists():
                place = Path(folder, f"{number}-{place.name}")
            with place.open("wb") as target:
                shutil.copyfileobj(file.file, target, 1 << 20)
        yield Path(folder)


def load(
    api: Api, paths: list[Path], options: LoadOptions, hidden: str, now: datetime
) -> dict[str, Any]:
    """Load what lies at the paths; `hidden` is a folder that the answer does not name."""
    registry = published_lists()
    found = recognise(paths, registry)
    outcomes = [
        one.to_dict() for one in ingest_all(found.bundles, registry, api.store, options, now)
    ]
    for one in outcomes:
        one["place"] = one["place"].replace(f"{hidden}/", "")
    odd = [
        {name: text.replace(f"{hidden}/", "") for name, text in pair}
        for one in found.unrecognised
        for pair in [(("place", one.place), ("problem", one.problem))]
    ]
    return {"outcomes": outcomes, "unrecognised": odd}


def load_uploaded(
    api: Api, files: Iterable[UploadFile], options: LoadOptions, now: datetime
) -> dict[str, Any]:
    """Load uploaded files. Raises ProblemError where none of them is a list."""
    with saved(files) as folder:
        loaded = load(api, [folder], options, str(folder), now)
    if not loaded["outcomes"]:
        words = "; ".join(one["problem"] for one in loaded["unrecognised"])
        raise ProblemError("source-refused", f"Nothing here is a list that tumen reads. {words}")
    return loaded


def noted(loaded: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit record of a loading names."""
    outcomes = loaded["outcomes"]
    ids = [one["version"]["version_id"] for one in outcomes if one["version"]]
    return {
        "outcomes": [[one["status"], one["list_id"]] for one in outcomes],
        "object": " ".join(ids),
    }


def fetchable(list_id: str) -> ListInfo:
    """A list that has an address. Raises ProblemError for any other."""
    registry = published_lists()
    if list_id not in registry:
        raise not_found(f"list {list_id!r}")
    info = registry.get(list_id)
    if not info.has_address:
        raise ProblemError("conflict", f"{list_id} has no address: load its files yourself")
    return info


def fetch_and_load(api: Api, info: ListInfo, report: Report, now: datetime) -> Mapping[str, Any]:
    """Fetch a list from its publisher and load it, if it passes the checks."""
    into = api.settings.base.home / "published"
    agent = {"User-Agent": f"tumen/{package_version('tumen')}"}
    with httpx.Client(headers=agent) as client:
        fetch(info, into, client, progress=lambda _name, done, total: report(done, total or 0))
    return load(api, [into / info.id], LoadOptions(), str(into), now)
