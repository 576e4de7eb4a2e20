"""From a bundle to a stored list version, or a refusal that leaves the good version in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from tumen.errors import RecordError, RequestError, SourceError
from tumen.lists.bundle import Bundle, content_hash
from tumen.lists.check import Baseline, LoadOptions, check_version
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.registry import ListInfo, Registry
from tumen.model.listing import Check, CheckStatus, ListEntry, ListVersion
from tumen.store import Store

Checkpoint = Callable[[str], None]


class OutcomeStatus(StrEnum):
    """What became of a bundle."""

    LOADED = "loaded"
    STORED = "stored"
    ALREADY_LOADED = "already loaded"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one bundle: loaded (current now), stored (a past version), or refused.

    `version` is what is stored, None where the bundle was refused. `message` says why.
    """

    status: OutcomeStatus
    list_id: str
    format: str
    place: str
    message: str
    version: ListVersion | None = None
    checks: tuple[Check, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the bundle changed nothing because it must not be used."""
        return self.status is OutcomeStatus.REFUSED

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "status": self.status.value,
            "list_id": self.list_id,
            "format": self.format,
            "place": self.place,
            "message": self.message,
            "version": version_to_dict(self.version) if self.version else None,
            "checks": [check_to_dict(check) for check in self.checks],
        }


def check_to_dict(check: Check) -> dict[str, str]:
    """A check as JSON-ready data."""
    return {"name": check.name, "status": check.status.value, "message": check.message}


def version_to_dict(version: ListVersion) -> dict[str, Any]:
    """A list version as JSON-ready data, without its entries."""
    return {
        "version_id": version.version_id,
        "list_id": version.list_id,
        "content_hash": version.content_hash,
        "format": version.format,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "retrieved_at": version.retrieved_at.isoformat(),
        "entries": version.entries,
        "names": version.names,
        "files": list(version.files),
        "checks": [check_to_dict(check) for check in version.checks],
        "unknown": dict(version.unknown),
        "is_starter": version.is_starter,
    }


def ingest_all(
    bundles: Iterable[Bundle], registry: Registry, store: Store, options: LoadOptions, now: datetime
) -> Iterator[Outcome]:
    """Ingest bundles one after the other; a refused one stops none of the others.

    Raises RequestError where `published_on` is given for more than one bundle.
    """
    bundles = list(bundles)
    if options.published_on is not None and len(bundles) > 1:
        places = "; ".join(bundle.place for bundle in bundles)
        raise RequestError(
            f"--published-on dates one list version, {len(bundles)} were found: {places}"
        )
    return (ingest(bundle, registry, store, options, now) for bundle in bundles)


def ingest(
    bundle: Bundle,
    registry: Registry,
    store: Store,
    options: LoadOptions,
    now: datetime,
    *,
    checkpoint: Checkpoint = lambda _point: None,
) -> Outcome:
    """Read, check and store one bundle; `now` becomes its retrieval time.

    A bundle that cannot be read whole or fails a check is refused and changes nothing.
    `checkpoint` is told each point that is passed.
    """
    info = registry.get(bundle.list_id)
    try:
        files = bundle.read()
        checkpoint("ingest: read")
        if known := _find_known(bundle, files, store, options):
            return known
        parsed = _parse(bundle, registry, files)
        checkpoint("ingest: parsed")
    except (SourceError, RecordError) as error:
        return _outcome(bundle, OutcomeStatus.REFUSED, str(error))
    if parsed.list_id != bundle.list_id:
        bundle = replace(bundle, list_id=parsed.list_id)
        if known := _find_known(bundle, files, store, options):
            return known
    version = replace(
        version_of_files(files, parsed, now),
        published_on=parsed.published_on or options.published_on or bundle.named_date,
        is_starter=options.is_starter,
    )
    return _accept(bundle, version, _Arrival(parsed, info, options, checkpoint), store)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What was read, and by which rules it is judged."""

    parsed: ParsedList
    info: ListInfo
    options: LoadOptions
    checkpoint: Checkpoint

    def entries(self) -> Iterator[ListEntry]:
        """All entries, with a point passed when half of them are taken."""
        half = len(self.parsed.entries) // 2
        for number, entry in enumerate(self.parsed.entries):
            if number == half:
                self.checkpoint("ingest: half stored")
            yield entry


def _accept(bundle: Bundle, version: ListVersion, arrival: _Arrival, store: Store) -> Outcome:
    """Check a version against the current one, and store it or refuse it."""
    parsed, info, options = arrival.parsed, arrival.info, arrival.options
    current = None if options.is_history else store.current_version(version.list_id)
    if options.is_starter and current is not None and not current.is_starter:
        text = f"{current.version_id} is loaded; the starter pack never replaces a published list"
        return _outcome(bundle, OutcomeStatus.REFUSED, text)
    baseline = _baseline(current, store, options)
    day, now = version.published_on, version.retrieved_at
    checks = check_version(parsed, day, info, baseline, options, now.date())
    failed = [check.message for check in checks if check.status is CheckStatus.FAILED]
    if failed:
        return _outcome(bundle, OutcomeStatus.REFUSED, "; ".join(failed), checks=checks)
    if stored := store.version(version.version_id):
        store.set_current(stored.version_id, now)
        text = f"{stored.version_id} was a past version and is current again"
        return _outcome(bundle, OutcomeStatus.LOADED, text, stored, checks)
    version = replace(version, checks=checks)
    arrival.checkpoint("ingest: checked")
    store.add_version(version, arrival.entries(), is_current=not options.is_history)
    arrival.checkpoint("ingest: stored")
    status = OutcomeStatus.STORED if options.is_history else OutcomeStatus.LOADED
    text = f"{version.entries:,} entries, published {day or 'on an unknown day'}"
    return _outcome(bundle, status, text, version, checks)


def _find_known(
    bundle: Bundle, files: list[SourceFile], store: Store, options: LoadOptions
) -> Outcome | None:
    """The outcome for bytes that are loaded already; None for new ones."""
    stored = store.version(f"{bundle.list_id}@{content_hash(files)[:12]}")
    if stored is None:
        return None
    current = store.current_version(stored.list_id)
    if not options.is_history and (current is None or current.version_id != stored.version_id):
        return None
    day = stored.published_on or "on an unknown day"
    text = f"these bytes are {stored.version_id}, published {day}; a version never changes"
    return _outcome(bundle, OutcomeStatus.ALREADY_LOADED, text, stored)


def _parse(bundle: Bundle, registry: Registry, files: list[SourceFile]) -> ParsedList:
    """Read the files; they are the list they were recognised as, or one that has no reader."""
    parsed = registry.reader(bundle.list_id).parse(files)
    if parsed.list_id == bundle.list_id:
        return parsed
    if not registry.get(bundle.list_id).holds_any_list:
        raise SourceError(
            f"It was recognised as {bundle.list_id} and read as {parsed.list_id}",
            where=bundle.place,
        )
    if parsed.list_id in registry:
        # Its entity ids are others than the publisher's: decisions taken on those would be lost.
        raise SourceError(
            f"It is {parsed.list_id} at second hand",
            where=bundle.place,
            mend="Load the publisher's own files of that list",
        )
    return parsed


def version_of_files(files: list[SourceFile], parsed: ParsedList, now: datetime) -> ListVersion:
    """The version that these files are, unchecked; `now` is when they were retrieved."""
    return ListVersion(
        list_id=parsed.list_id,
        content_hash=content_hash(files),
        format=parsed.format,
        published_on=parsed.published_on,
        retrieved_at=now,
        entries=len(parsed.entries),
        names=sum(len(entry.names) for entry in parsed.entries),
        files=tuple(file.name for file in files),
        unknown=dict(parsed.unknown),
    )


def _baseline(current: ListVersion | None, store: Store, options: LoadOptions) -> Baseline | None:
    # The starter pack is a sample: a published list may be older or shorter and still replace it.
    if current is None or (current.is_starter and not options.is_starter):
        return None
    return Baseline(current, frozenset(store.entry_hashes(current.version_id)))


def _outcome(
    bundle: Bundle,
    status: OutcomeStatus,
    message: str,
    version: ListVersion | None = None,
    checks: tuple[Check, ...] = (),
) -> Outcome:
    return Outcome(status, bundle.list_id, bundle.format, bundle.place, message, version, checks)
