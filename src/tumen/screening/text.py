"""Text files as they come: packed or not, in some encoding, with damaged lines."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from tumen.errors import RequestError, SourceError
from tumen.screening.values import MAX_CHARS

SAMPLE_BYTES = 1_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)
# Fewer lines than this are no evidence of an encoding, only of a damaged line.
_MIN_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Encoding:
    """A text encoding; `is_guess` where the file does not prove it."""

    name: str
    is_guess: bool = False


class OpenFiles(ExitStack):
    """The open files of one book; `share` says how much of them has been read, from 0 to 1."""

    share: Callable[[], float] | None = None


def open_bytes(path: Path, files: OpenFiles, *, is_packed: bool) -> IO[bytes]:
    """The bytes of a file, unpacked from gzip as they are read."""
    raw = files.enter_context(path.open("rb"))
    size = max(path.stat().st_size, 1)
    files.share = lambda: 1.0 if raw.closed else raw.tell() / size
    if not is_packed:
        return raw
    return cast(IO[bytes], files.enter_context(gzip.GzipFile(fileobj=raw)))


def read_sample(stream: IO[bytes]) -> bytes:
    """The first bytes, up to where a packed file breaks off; the stream is rewound."""
    parts: list[bytes] = []
    size = 0
    buffered = cast(io.BufferedReader, stream)
    try:
        while size < SAMPLE_BYTES and (part := buffered.read1(65_536)):
            parts.append(part)
            size += len(part)
    except _BROKEN:
        if not parts:
            raise
    stream.seek(0)
    return b"".join(parts)


def find_encoding(sample: bytes, wanted: str, file: str) -> Encoding:
    """The encoding of a file by its first bytes: `wanted`, a mark, UTF-16 by its zeros, or UTF-8.

    Windows-1251 and 1252 are guessed only where many lines are no UTF-8 and next to none
    that has letters beyond ASCII is. Raises SourceError where this is no text.
    """
    if wanted:
        try:
            return Encoding(codecs.lookup(wanted).name)
        except LookupError as error:
            raise RequestError(f"Unknown encoding {wanted!r}; use utf-8, cp1251 …") from error
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return Encoding(name)
    if b"\0" in sample:
        return Encoding(_zeros(sample, file))
    good, bad = _count_lines(sample)
    if bad < _MIN_EVIDENCE or bad < 10 * good:
        return Encoding("utf-8")
    return Encoding(_guess(sample), is_guess=True)


def _zeros(sample: bytes, file: str) -> str:
    """UTF-16 without a mark shows as zeros in every second byte of Latin text."""
    head = sample[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and even * 10 < odd:
        return "utf-16-le"
    if even > len(head) // 8 and odd * 10 < even:
        return "utf-16-be"
    raise SourceError(
        "This is neither text nor a format that tumen reads",
        where=file,
        mend="Give CSV, XLSX, Parquet or JSON lines, or name the text's encoding with --encoding",
    )


def _count_lines(sample: bytes) -> tuple[int, int]:
    """Lines with letters beyond ASCII that are UTF-8, and those that are not."""
    lines = sample.split(b"\n")
    # The sample's own end may cut a letter in half.
    whole = lines[:-1] if len(lines) > 1 and len(sample) >= SAMPLE_BYTES else lines
    good = bad = 0
    for line in whole:
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            bad += 1
        else:
            good += 1
    return good, bad


def _guess(sample: bytes) -> str:
    """Cyrillic words are runs of high bytes; in western text they stand alone."""
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    return "cp1251" if sum(size for size in runs if size > 2) * 2 > sum(runs) else "cp1252"


def decode_stream(stream: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """Text, with what cannot be decoded marked so that `check_whole` finds it in its row."""
    # UTF-16 and -32 have no bytes to escape one by one: they mark with U+FFFD.
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


def numbered_lines(text: io.TextIOBase, file: str) -> Iterator[tuple[int, str | None]]:
    """Each line with its number; None for one that is too long, which is skipped over.

    Raises SourceError where a packed file breaks off.
    """
    number = 0
    try:
        while line := text.readline(MAX_CHARS + 1):
            number += 1
            if len(line) > MAX_CHARS:
                while line and not line.endswith(("\n", "\r")):
                    line = text.readline(MAX_CHARS)
                yield number, None
            else:
                yield number, line
    except _BROKEN as error:
        raise SourceError(
            f"The packed file breaks off after row {number} ({error})",
            where=file,
            mend="Fetch or export it again",
        ) from error
