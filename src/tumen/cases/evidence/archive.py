"""The evidence as a ZIP with a manifest of hashes; and such a file read without trusting it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from tumen.cases.evidence.instructions import instructions
from tumen.cases.evidence.pdf import to_pdf
from tumen.cases.evidence.shape import (
    DOCUMENT,
    FORMAT,
    INSTRUCTIONS,
    MANIFEST,
    PAGES,
    Evidence,
    canonical,
)
from tumen.errors import RequestError

MOST_MEMBERS = 2_000
MOST_BYTES = 1 << 30
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)
_READ = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The members of an archive by name; `damaged` are those whose checksum is not theirs."""

    files: Mapping[str, bytes]
    damaged: tuple[str, ...] = ()


def to_zip(evidence: Evidence) -> bytes:
    """The archive. The same evidence gives the same bytes, under the same `set_with`.

    Members are stored as they are: what packs them smaller differs from machine to machine.
    """
    files = {
        DOCUMENT: evidence.document,
        PAGES: to_pdf(evidence),
        INSTRUCTIONS: instructions(evidence.digest).encode(),
        **evidence.attachments,
    }
    return packed(files, datetime.fromisoformat(evidence.data["made_at"]))


def packed(files: Mapping[str, bytes], made_at: datetime, form: str = FORMAT) -> bytes:
    """An archive of these files with their manifest; equal files are equal bytes."""
    every = {**files, MANIFEST: manifest(files, form)}
    stamp = made_at.astimezone(UTC).timetuple()[:6]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(every):
            member = zipfile.ZipInfo(name, stamp)
            # The same on every system that writes it.
            member.create_system, member.external_attr = 3, _PLAIN_FILE
            archive.writestr(member, every[name])
    return buffer.getvalue()


def manifest(files: Mapping[str, bytes], form: str = FORMAT) -> bytes:
    """Size and SHA-256 of each file, by name."""
    rows = [
        {"name": name, "size_bytes": len(files[name]), "sha256": sha256(files[name]).hexdigest()}
        for name in sorted(files)
    ]
    return canonical({"format": form, "files": rows})


def from_zip(content: bytes) -> Unpacked:
    """The members of an archive of ours.

    Raises RequestError for what no evidence file is: no archive at all, names that lead out of
    a folder or stand twice, locked or oddly packed members, or more than fits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members)
            files, damaged = dict[str, bytes](), []
            for member in members:
                try:
                    files[member.filename] = _read(archive, member)
                except (zipfile.BadZipFile, zipfile.zlib.error, EOFError):  # type: ignore[attr-defined]
                    damaged.append(member.filename)
            return Unpacked(files, tuple(damaged))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise RequestError(f"The archive cannot be opened: {error}") from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    for problem in _problems(members):
        raise RequestError(f"This is no evidence file: {problem}")


def _problems(members: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(members) > MOST_MEMBERS:
        yield f"it has {len(members):,} members, {MOST_MEMBERS:,} at most are read"
    seen = set[str]()
    for member in members:
        name = member.filename
        if not _SAFE.fullmatch(name) or name != member.orig_filename:
            yield f"the name {member.orig_filename!r} of a member is not one that we give"
        # Two names that one folder of some systems cannot hold apart are one name.
        if name.lower() in seen:
            yield f"the member {name!r} stands in it twice"
        seen.add(name.lower())
        if member.flag_bits & _ENCRYPTED:
            yield f"the member {name!r} is locked"
        if member.compress_type not in _READ:
            yield f"the member {name!r} is packed in a way that we do not use"
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        yield f"it unpacks to {total:,} bytes, {MOST_BYTES:,} at most are read"


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, never more than it says of itself."""
    with archive.open(member) as stream:
        found = stream.read(member.file_size)
        if stream.read(1) or len(found) != member.file_size:
            raise zipfile.BadZipFile("another size than stated")
        return found
