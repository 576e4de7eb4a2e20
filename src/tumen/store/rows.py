"""Between the vocabulary and table rows: list versions and entries, there and back."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import Row

from tumen.model.listing import (
    Check,
    CheckStatus,
    ListEntry,
    ListVersion,
    entry_from_dict,
    entry_to_dict,
)
from tumen.store.instants import instant_text, json_text, plain_text


def version_row(version: ListVersion, sequence: int) -> dict[str, Any]:
    """The row of one list version, the `sequence`-th to be stored."""
    return {
        "sequence": sequence,
        "version_id": version.version_id,
        "list_id": version.list_id,
        "content_hash": version.content_hash,
        "format": version.format,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "retrieved_at": instant_text(version.retrieved_at),
        "entries": version.entries,
        "names": version.names,
        "files": json_text(list(version.files)),
        "checks": json_text([[c.name, c.status.value, c.message] for c in version.checks]),
        "unknown": json_text(dict(version.unknown)),
        "is_starter": int(version.is_starter),
    }


def version_of(row: Row[Any]) -> ListVersion:
    """The list version in one row."""
    checks = orjson.loads(row.checks)
    return ListVersion(
        list_id=row.list_id,
        content_hash=row.content_hash,
        format=row.format,
        published_on=date.fromisoformat(row.published_on) if row.published_on else None,
        retrieved_at=datetime.fromisoformat(row.retrieved_at),
        entries=row.entries,
        names=row.names,
        files=tuple(orjson.loads(row.files)),
        checks=tuple(Check(name, CheckStatus(status), text) for name, status, text in checks),
        unknown=orjson.loads(row.unknown),
        is_starter=bool(row.is_starter),
    )


def content_row(entry: ListEntry) -> dict[str, Any]:
    """What the entry says, with its hash; where in the file it stood is no part of that."""
    data = entry_to_dict(entry)
    del data["file"], data["locator"]
    text = json_text(data)
    return {
        "content_hash": blake2b(text.encode(), digest_size=16).hexdigest(),
        "schema": entry.entity.schema,
        "caption": plain_text(entry.entity.caption),
        "json": text,
    }


def entry_of(json: str, file: str, locator: str) -> ListEntry:
    """The list entry in one row of content and one of its place."""
    return entry_from_dict({**orjson.loads(json), "file": file, "locator": locator})
