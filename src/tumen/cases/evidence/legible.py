"""Text of strangers made fit for paper: nothing hidden, nothing turned round, no empty boxes.

Names and remarks come from books and lists. They may hold characters that no font here has,
that have no form, or that turn the text around them; each is said in words instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from anyascii import anyascii

from tumen.cases.evidence.fonts import has_glyph
from tumen.cases.evidence.shape import DOCUMENT

# More than this of one text goes on paper only in part; the data has it whole.
MOST_LETTERS = 4_000
# A word as long as this gets places where a line may end.
# A hash is left whole: it is there to be copied.
_LONG_WORD = re.compile(r"\b[0-9a-f]{64}\b|(\S{28})(?=\S)")
_MAY_END = "\u200b"
_WORD = re.compile(r"[^\W\d_]{2,}")
# Scripts with letters that look like those of another.
_ALIKE = {"LATIN", "CYRILLIC", "GREEK"}
_BLANKS = {"\n", "\t", "\r"}
# Joiners that scripts of India and Persia are spelt with.
_SPELT_WITH = {"\u200c", "\u200d"}
_FIRST_SPELT_SO = "\u0600"
_HIDDEN_KINDS = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def legible(text: str, most: int = MOST_LETTERS, whole_in: str = DOCUMENT) -> str:
    """The text as it goes on paper; what cannot be set is romanised and named by code point.

    `whole_in` names the file that has a text whole where the paper has a part of it.
    """
    left = len(text) - most
    if left > 0:
        text = f"{text[:most]} … (and {left:,} letters more, see {whole_in})"
    if not _is_plain(text):
        text = _WORD.sub(_told_apart, _worded(text))
    return _LONG_WORD.sub(lambda found: found[0] + _MAY_END * bool(found[1]), text)


def all_legible(data: Any, whole_in: str = DOCUMENT) -> Any:
    """The same data with every text in it as it goes on paper."""
    if isinstance(data, str):
        return legible(data, whole_in=whole_in)
    if isinstance(data, Mapping):
        return {key: all_legible(value, whole_in) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [all_legible(value, whole_in) for value in data]
    return data


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _worded(text: str) -> str:
    """Runs of hidden characters, and of such as no font has, each in words."""
    parts: list[str] = []
    run = ""
    kind: Callable[[str], str] = str
    for char in text:
        said = _kind(char, run[-1:])
        if said is not kind and run:
            parts.append(kind(run))
            run = ""
        kind, run = said, run + char
    return "".join([*parts, kind(run)])


def _kind(char: str, before: str) -> Callable[[str], str]:
    if char in _BLANKS:
        return _BLANK
    if char in _SPELT_WITH and before >= _FIRST_SPELT_SO:
        return str
    if unicodedata.category(char) in _HIDDEN_KINDS:
        return _HIDDEN
    return str if has_glyph(char) or char == " " else _MISSING


def _told_apart(found: re.Match[str]) -> str:
    """A word that mixes scripts whose letters look alike, with those of the rarer one named."""
    word = found[0]
    if word.isascii():
        return word
    scripts = [unicodedata.name(char, "").partition(" ")[0] for char in word]
    counts = Counter(one for one in scripts if one in _ALIKE)
    if len(counts) < 2:
        return word
    usual = counts.most_common(1)[0][0]
    strange = [
        f"{char} is {script.capitalize()}"
        for char, script in dict.fromkeys(zip(word, scripts, strict=True))
        if script in _ALIKE and script != usual
    ]
    return f"{word} [letters of two scripts: {', '.join(strange[:8])}]"


def _named(words: str, run: str) -> str:
    points = " ".join(f"U+{ord(char):04X}" for char in run[:40])
    more = f" and {len(run) - 40:,} more" if len(run) > 40 else ""
    return f"[{words} {points}{more}]"


def _missing(run: str) -> str:
    romanised = "".join(one for one in anyascii(run[:40]) if one.isprintable()).strip()
    said = f"“{romanised}”, " if romanised else ""
    return _named(f"no font has this: {said}code points", run)


def _blank(run: str) -> str:
    return "\n" if "\n" in run else " "


_HIDDEN, _MISSING, _BLANK = partial(_named, "hidden"), _missing, _blank
