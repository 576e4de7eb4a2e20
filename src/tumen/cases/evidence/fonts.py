"""The fonts that evidence is set in, which characters they have, and what set the pages."""

from __future__ import annotations

import mmap
import struct
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
# A font collection starts with this, a single font does not.
_COLLECTION = b"ttcf"


def font_folders() -> list[Path]:
    """Where the fonts are: Noto Sans for many scripts, and for Chinese, Japanese and Korean."""
    return [Path(str(files(one))) for one in _PACKAGES]


@cache
def set_with() -> dict[str, str]:
    """What decides the bytes of the pages: the same on two machines gives the same pages."""
    programs = ("tumen", "typst", "manimgx-fonts", "manimgx-fonts-cjk")
    return {**{name: version(name) for name in programs}, "layout": _layout()}


def _layout() -> str:
    """A mark of the code that lays the pages out."""
    digest = sha256()
    for part in sorted(files(__package__).iterdir(), key=lambda one: one.name):
        if part.name.endswith((".py", ".typ")):
            digest.update(part.read_bytes())
    return digest.hexdigest()[:16]


def has_glyph(char: str) -> bool:
    """Whether one of the fonts has the character."""
    firsts, lasts = _covered()
    place = bisect_right(firsts, ord(char)) - 1
    return place >= 0 and ord(char) <= lasts[place]


@cache
def _covered() -> tuple[list[int], list[int]]:
    """All characters of all fonts, as the first and last of each stretch."""
    stretches = sorted(
        stretch
        for folder in font_folders()
        for path in sorted(folder.iterdir())
        if path.suffix in (".ttf", ".ttc", ".otf")
        for stretch in _stretches(path)
    )
    merged: list[list[int]] = []
    for first, last in stretches:
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return [one[0] for one in merged], [one[1] for one in merged]


def _stretches(path: Path) -> Iterator[tuple[int, int]]:
    """The stretches of characters that the (first) font of a file has a glyph for."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = struct.unpack_from(">I", data, 12)[0] if data[:4] == _COLLECTION else 0
        (tables,) = struct.unpack_from(">H", data, start + 4)
        for number in range(tables):
            tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
            if tag == b"cmap":
                yield from _mapped(data, offset)


def _mapped(data: mmap.mmap, offset: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", data, offset + 2)
    for number in range(count):
        _, _, place = struct.unpack_from(">HHI", data, offset + 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", data, offset + place)
        # Format 12 lists all of Unicode; format 4, its first plane alone.
        if kind == 12:
            (groups,) = struct.unpack_from(">I", data, offset + place + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", data, offset + place + 16 + 12 * group)
                yield first, last
        elif kind == 4:
            yield from _segments(data, offset + place)


def _segments(data: mmap.mmap, at: int) -> Iterator[tuple[int, int]]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    lasts = struct.unpack_from(f">{doubled // 2}H", data, at + 14)
    firsts = struct.unpack_from(f">{doubled // 2}H", data, at + 16 + doubled)
    # The last segment is a mark of the end.
    yield from zip(firsts[:-1], lasts[:-1], strict=True)
