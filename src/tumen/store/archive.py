"""The file of a backup: a zip of one JSON-lines file a table, and what must come out of it.

The same file is written from and read into either database. `manifest.json` holds the schema
number, and for each table its columns, its number of rows and the SHA-256 of its lines.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, cast

import orjson

from tumen.errors import SourceError
from tumen.store.bulk import in_chunks
from tumen.store.codec import Codec

FORMAT = 1
_MANIFEST = "manifest.json"
_MEND = "Use another backup: this one cannot be relied on"
Rows = Iterable[Sequence[Any]]
# What reading raises where bytes were changed or cut off.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class TableBackup:
    """One table in a backup. `blobs` are the columns whose bytes stand as base64."""

    name: str
    columns: tuple[str, ...]
    blobs: tuple[str, ...]
    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. The audit head is where the chain of the log ended.

    `audit_problems` are those that the log had when it was backed up; there should be none.
    """

    format: int
    schema: int
    made_at: datetime
    audit_sequence: int
    audit_hash: str
    tables: tuple[TableBackup, ...]
    audit_problems: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables)


_CODEC = Codec(Manifest)


class ArchiveWriter:
    """Writes tables into an open zip, one after the other."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._tables: list[TableBackup] = []

    def add(self, name: str, columns: Sequence[str], blobs: Sequence[str], rows: Rows) -> None:
        """Write all rows of one table; each has its values in the order of `columns`."""
        places = [columns.index(one) for one in blobs]
        digest, count = hashlib.sha256(), 0
        with self._archive.open(f"{name}.jsonl", "w", force_zip64=True) as file:
            for chunk in in_chunks(rows):
                data = b"".join(_line(row, places) for row in chunk)
                digest.update(data)
                file.write(data)
                count += len(chunk)
        self._tables.append(
            TableBackup(name, tuple(columns), tuple(blobs), count, digest.hexdigest())
        )

    def close(
        self, schema: int, at: datetime, audit_head: tuple[int, str], problems: Iterable[str]
    ) -> Manifest:
        """Write the manifest. Without it a backup is none."""
        tables = tuple(self._tables)
        manifest = Manifest(FORMAT, schema, at, *audit_head, tables, tuple(problems))
        self._archive.writestr(_MANIFEST, _CODEC.json(manifest))
        return manifest


@contextmanager
def writing_archive(path: Path) -> Iterator[ArchiveWriter]:
    """A new backup file at a path; it is there only once it is whole. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    try:
        # It holds secrets: nobody else may read it, not even while it is being written.
        with open(part, "wb", opener=_private) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Archive:
    """An open backup file, for reading."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        self.name = str(path)
        with _naming(path):
            self.manifest = _CODEC.of_json(archive.read(_MANIFEST).decode())
        if self.manifest.format != FORMAT:
            raise SourceError(
                f"This is a backup of form {self.manifest.format}, this tumen reads {FORMAT}",
                where=str(path),
                mend="Use the tumen that made it, or a newer one",
            )

    def rows(self, table: TableBackup) -> Iterator[list[dict[str, Any]]]:
        """The rows of a table in chunks. Raises SourceError where they are not as written.

        What is wrong with the end of a table shows only when the last row was taken.
        """
        digest, count = hashlib.sha256(), 0
        with _naming(self._path), self._archive.open(f"{table.name}.jsonl") as file:
            for chunk in in_chunks(BufferedReader(cast("RawIOBase", file))):
                digest.update(b"".join(chunk))
                count += len(chunk)
                yield [_row(table, line) for line in chunk]
        if (count, digest.hexdigest()) != (table.rows, table.hash):
            raise SourceError(
                f"The table {table.name} is not as it was written: {count} rows, not "
                f"{table.rows}, or others",
                where=str(self._path),
                mend=_MEND,
            )

    def check(self) -> None:
        """Read everything once. Raises SourceError where anything is not as it was written."""
        for table in self.manifest.tables:
            for _ in self.rows(table):
                pass


@contextmanager
def reading_archive(path: Path) -> Iterator[Archive]:
    """The backup file at a path. Raises SourceError where it is none, or damaged."""
    with _naming(path):
        archive = zipfile.ZipFile(path)
    with archive:
        yield Archive(path, archive)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn what reading a damaged file raises into an error that names it."""
    try:
        yield
    except FileNotFoundError as error:
        raise SourceError("There is no such file", where=str(path)) from error
    except OSError as error:
        raise SourceError(f"It cannot be read: {error}", where=str(path)) from error
    except _DAMAGE as error:
        raise SourceError(
            f"This is no backup of tumen, or it is damaged ({error})", where=str(path), mend=_MEND
        ) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _line(row: Sequence[Any], blobs: Iterable[int]) -> bytes:
    values = list(row)
    for place in blobs:
        values[place] = b64encode(values[place]).decode()
    return orjson.dumps(values) + b"\n"


def _row(table: TableBackup, line: bytes) -> dict[str, Any]:
    row = dict(zip(table.columns, orjson.loads(line), strict=True))
    for name in table.blobs:
        row[name] = b64decode(row[name], validate=True)
    return row
