"""PNG and JPEG: read as far as to know that they are that, and nothing besides."""

from __future__ import annotations

import struct

from tumen.cases.files.refusal import FileRefusedError, check_alone

_PNG = b"\x89PNG\r\n\x1a\n"
# A scan of A3 at 600 dots an inch has 70 million; a bomb has billions in a few kilobytes.
_MOST_PIXELS = 200_000_000
_CHUNK = struct.Struct(">I4s")


def check_png(content: bytes) -> None:
    """Refuse what is no whole PNG, has something behind its end, or unpacks beyond measure."""
    if not content.startswith(_PNG):
        raise FileRefusedError("This is no PNG, whatever its name says")
    place, kind = len(_PNG), b""
    while kind != b"IEND":
        if place + 12 > len(content):
            raise FileRefusedError("This PNG ends too early. Save it again")
        size, kind = _CHUNK.unpack_from(content, place)
        if place == len(_PNG):
            _check_head(content, kind)
        place += 12 + size
    if place != len(content):
        raise FileRefusedError("There is something behind the end of this PNG. Save it again")
    check_alone(content, "picture")


def _check_head(content: bytes, kind: bytes) -> None:
    if kind != b"IHDR" or len(content) < len(_PNG) + 16:
        raise FileRefusedError("This PNG does not begin as one does. Save it again")
    width, height = struct.unpack_from(">II", content, len(_PNG) + 8)
    if not 0 < width * height <= _MOST_PIXELS:
        raise FileRefusedError(f"A picture of {width:,} × {height:,} dots is not taken")


def check_jpeg(content: bytes) -> None:
    """Refuse what is no JPEG. Telephones write more behind its end: that alone is no reason."""
    if not content.startswith(b"\xff\xd8\xff"):
        raise FileRefusedError("This is no JPEG, whatever its name says")
    if b"\xff\xd9" not in content[3:]:
        raise FileRefusedError("This JPEG ends too early. Save it again")
    check_alone(content, "picture")
