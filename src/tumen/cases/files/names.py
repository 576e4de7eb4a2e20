"""Names of files as people give them, made safe to show, to keep and to download under."""

from __future__ import annotations

import re
import unicodedata

from tumen.cases.files.refusal import FileRefusedError

MOST_LETTERS = 120
# Control and format characters (among them those that turn the direction of writing, which make
# `fdp.exe` look like `exe.pdf`), halves of characters, private ones, and breaks of lines.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Names of devices on Windows: a file that is called so cannot be saved there.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """The name without path, hidden characters and whatever a file system trips over.

    Raises FileRefusedError where nothing is left.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(
        "" if unicodedata.category(one) in _HIDDEN else one
        for one in unicodedata.normalize("NFC", re.sub(r"\s", " ", last))
    )
    cleaned = " ".join(_FORBIDDEN.sub("_", seen).split()).strip(". ")
    stem, dot, ending = cleaned.rpartition(".")
    if not dot:
        stem, ending = cleaned, ""
    if not stem.strip(". "):
        raise FileRefusedError("The file has no name. Give it one, such as 'extract.pdf'")
    if _DEVICES.match(cleaned):
        stem = f"_{stem}"
    return f"{stem[: MOST_LETTERS - len(ending) - 1].rstrip()}{dot}{ending[:20]}"


def ending_of(name: str) -> str:
    """The ending of a cleaned name in small letters, empty where it has none."""
    stem, _, ending = name.rpartition(".")
    return ending.casefold() if stem else ""
