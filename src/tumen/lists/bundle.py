"""Files as they lie on disk (plain, gzip, in a zip) and bundles of those that belong together.

A file is known by where it lies; its bytes are read when they are needed, so that a folder
with hundreds of versions is recognised by heads alone. What unpacks to more than the limits
allow is refused while it unpacks, not after.
"""

from __future__ import annotations

import gzip
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO, cast

from tumen.errors import SourceError
from tumen.lists.reader import SourceFile

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
# Office documents are zip archives too, and are read whole by their list's reader.
_DOCUMENT_MEMBERS = {"[Content_Types].xml", "mimetype"}
_HEAD = 8192
_STEP = 1 << 20
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may unpack to. The ratio counts only above `small_bytes`.

    Published lists pack to a fifteenth of their size; a bomb packs to a thousandth.
    """

    unpacked_bytes: int = 1 << 30
    ratio: int = 200
    small_bytes: int = 10 << 20


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file on disk, or one member of a zip archive. Its `name` is without `.gz`."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """The bare file name, as the publisher may have called it."""
        bare = (self.member or str(self.path)).replace("\\", "/").rsplit("/", 1)[-1]
        return bare[:-3] if bare.lower().endswith(".gz") else bare

    @property
    def place(self) -> str:
        """Where it lies, for messages."""
        return f"{self.path}/{self.member}" if self.member else str(self.path)

    @property
    def folder(self) -> str:
        """The folder or archive it lies in; files of one version lie in one."""
        return self.place.replace("\\", "/").rpartition("/")[0]

    @property
    def named_date(self) -> date | None:
        """The day in its name (`sdn_2024-05-03.csv`, `20171012-FULL.xml`); None without one."""
        for year, _, month, day in _DATE.findall(self.name):
            try:
                return date(int(year), int(month), int(day))
            except ValueError:
                continue
        return None

    def head(self, limits: Limits) -> SourceFile:
        """Its first bytes, enough to recognise it. Raises SourceError where it is damaged."""
        with _opened(self) as (stream, packed):
            return SourceFile(self.name, _read(self, stream, packed, limits, _HEAD))

    def read(self, limits: Limits) -> SourceFile:
        """All its bytes. Raises SourceError where it is damaged, cut, or above the limits."""
        with _opened(self) as (stream, packed):
            return SourceFile(self.name, _read(self, stream, packed, limits))


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one version of one list, in one format."""

    list_id: str
    format: str
    files: tuple[PackedFile, ...]
    limits: Limits = field(default_factory=Limits, repr=False)

    @property
    def place(self) -> str:
        """Where the files lie, for messages."""
        if len(self.files) == 1:
            return self.files[0].place
        return f"{self.files[0].folder} ({', '.join(file.name for file in self.files)})"

    @property
    def named_date(self) -> date | None:
        """The day in the files' names; None where none has one."""
        return next((day for file in self.files if (day := file.named_date)), None)

    def read(self) -> list[SourceFile]:
        """All files, unpacked. Raises SourceError where one cannot be read whole."""
        found: list[SourceFile] = []
        left = self.limits.unpacked_bytes
        for file in self.files:
            found.append(file.read(replace(self.limits, unpacked_bytes=left)))
            left -= len(found[-1].data)
        return found


def content_hash(files: list[SourceFile]) -> str:
    """SHA-256 over the published bytes: of the one file, or of the sorted hashes of several.

    File names play no part: the same bytes under another name are the same version.
    """
    digests = sorted(sha256(file.data).digest() for file in files)
    return digests[0].hex() if len(digests) == 1 else sha256(b"".join(digests)).hexdigest()


def members(path: Path) -> list[PackedFile]:
    """The file at `path`, or the members of the zip archive there.

    Raises SourceError where the archive cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            if stream.read(4) != _ZIP:
                return [PackedFile(path)]
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    except _DAMAGED as error:
        raise _damaged(str(path), error) from error
    if _DOCUMENT_MEMBERS & set(names):
        return [PackedFile(path)]
    return [PackedFile(path, name) for name in names if not name.startswith("__MACOSX/")]


@contextmanager
def _opened(file: PackedFile) -> Iterator[tuple[IO[bytes], int]]:
    """The unpacked stream of a file, and how many bytes it takes packed."""
    try:
        if file.member:
            with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as stream:
                yield _gunzipped(stream), archive.getinfo(file.member).compress_size
        else:
            with file.path.open("rb") as stream:
                yield _gunzipped(stream), file.path.stat().st_size
    except _DAMAGED as error:
        raise _damaged(file.place, error) from error


def _gunzipped(stream: IO[bytes]) -> IO[bytes]:
    is_gzip = stream.read(2) == _GZIP
    stream.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if is_gzip else stream


def _read(
    file: PackedFile, stream: IO[bytes], packed: int, limits: Limits, wanted: int = sys.maxsize
) -> bytes:
    most = min(limits.unpacked_bytes, max(limits.small_bytes, limits.ratio * packed))
    parts, total = [], 0
    while total < wanted and (part := stream.read(min(_STEP, wanted - total))):
        parts.append(part)
        total += len(part)
        if total > most:
            raise SourceError(
                f"It unpacks to more than {most:,} bytes (it is {packed:,} packed)",
                where=file.place,
                mend="Unpack it yourself if you trust it, and load what is inside",
            )
    return b"".join(parts)


def _damaged(place: str, error: Exception) -> SourceError:
    detail = str(error) or type(error).__name__
    return SourceError(f"It cannot be read: {detail}", where=place, mend="Fetch it again")
