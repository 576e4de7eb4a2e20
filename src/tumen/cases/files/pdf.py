"""PDF: taken where nothing in it runs, starts a program, or carries another file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import pairwise

from tumen.cases.files.refusal import FileRefusedError, check_alone

_ACTIVE = {
    b"JavaScript": "a script",
    b"Launch": "a start of another program",
    b"EmbeddedFile": "another file inside",
    b"EmbeddedFiles": "another file inside",
    b"RichMedia": "a film or program",
    b"XFA": "a form with scripts",
    b"Encrypt": "a lock, and cannot be looked into",
}
_WANTED = re.compile(
    rb"/(" + rb"|".join(sorted(_ACTIVE, reverse=True)) + rb")(?=[\x00\s()<>\[\]{}/%])"
)
# `/J#61vaScript` is the same name to a reader.
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_FILTER = re.compile(rb"/(?:\w+Decode|Crypt|Predictor)\b")
_MOST_UNPACKED = 64 << 20
# Of a scan of 25 MiB every two hundredth byte is a `#`; the most detailed plans have some ten
# thousand streams, each told by two words.
_MOST_ESCAPES = 500_000
_MOST_STREAMS = 400_000


def check_pdf(content: bytes) -> None:
    """Refuse what is no whole PDF, what does something when it is opened, and what is locked."""
    if not content.startswith(b"%PDF-"):
        raise FileRefusedError("This is no PDF, whatever its name says")
    if b"%%EOF" not in content[-2048:]:
        raise FileRefusedError("This PDF ends too early, or goes on behind its end. Print it anew")
    if content.count(b"#") > _MOST_ESCAPES or content.count(b"stream") > _MOST_STREAMS:
        raise FileRefusedError("This PDF is made in an odd way. Print it to a new PDF")
    _check_names(content)
    left = _MOST_UNPACKED
    for packed in _packed_objects(content):
        unpacked = _unpacked(packed, left)
        left -= len(unpacked)
        _check_names(unpacked)
    check_alone(content, "PDF")


def _check_names(text: bytes) -> None:
    if found := _WANTED.search(_named(text)):
        raise FileRefusedError(f"This PDF has {_ACTIVE[found[1]]}. Print it to a new PDF")


def _named(text: bytes) -> bytes:
    """The text with the names in it written plainly."""
    if b"#" not in text:
        return text
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """The packed streams that hold objects: only there could one of the names above hide.

    The file is cut at each word `stream` and not read as a reader would: where the cut falls
    wrongly the part does not unpack, and the file is refused.
    """
    cuts = [(found.start(), found.end()) for found in _STREAM.finditer(content)]
    before = 0
    for (start, end), (following, _) in pairwise([*cuts, (len(content), 0)]):
        facts, before = _named(content[before:start]), end
        if b"/ObjStm" not in facts:
            continue
        filters = _FILTER.findall(facts)
        if not filters and b"/Filter" not in facts:
            continue
        if filters != [b"/FlateDecode"]:
            raise FileRefusedError("This PDF is packed in an odd way. Print it to a new PDF")
        yield content[end:following]


def _unpacked(packed: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(packed, max(1, most))
    except zlib.error as error:
        raise FileRefusedError("This PDF cannot be unpacked. Print it to a new PDF") from error
    if not unpacking.eof:
        raise FileRefusedError("This PDF does not unpack as it should. Print it to a new PDF")
    return text
