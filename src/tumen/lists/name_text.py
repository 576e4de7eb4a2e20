"""Takes apart the text of one published name field that holds more than one name.

UN and EU lists put several names into one field ("A; B", "a) … b) …", "Latin (original
script)", "Name (ACRONYM)") and notes beside them ("previously listed as", "born 1.5.1960").
A bracket that is neither stays in the name: "Foundation (Somalia)" is another party than
"Foundation".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "HANGUL": "Kore",
    "CJK": "Hani",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "HEBREW": "Hebr",
    "GREEK": "Grek",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "ETHIOPIC": "Ethi",
    "MYANMAR": "Mymr",
    "THAI": "Thai",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "KHMER": "Khmr",
}
_OPEN, _CLOSE = "([（", ")]）"
_MARKER = re.compile(r"(?:(?<=[\s,;])|^)(?:\([a-z]{1,2}\)|\([ivx]{1,4}\)|[a-z]\)(?=\s))")
_FORMER = re.compile(r"(?:as )?(?:previously|formerly) (?:listed|known)(?: as)?[\s,.;:]*", re.I)
_LABEL = re.compile(
    r"^(?:[\w’'-]+\s){0,3}?(?:script|spelling|arabic|russian|ukrainian|belarusian|chinese|korean"
    r"|persian|farsi|japanese|hebrew|original)(?:\s(?:script|spelling|language))?\s*:\s*",
    re.I,
)
_REMARK = re.compile(
    r"\b(?:born|birth|dob|dpob|identity|identification|passport|listed|combat name|nom de guerre"
    r"|initials|nickname|call sign)\b|\d{4}",
    re.I,
)
_TAIL = re.compile(r"[,.]?\s+(?:born|date of birth|dob)\b.*$", re.I)
_NO_NAME = frozenset({"", "na", "n/a", "n/d", "none", "unknown", "text of image"})
_BORN = re.compile(r"\b(?:born|birth|dob|dpob)\b", re.I)
_NOT_BORN = re.compile(r"passport|identi|issue|expir|\bid\b", re.I)
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2} ?[A-Z][a-z]{2,8}\.? ?\d{4}|\b\d{4}\b")


class Spelling(NamedTuple):
    """One name out of a field; `note` is what stood beside it. `text` is empty for no name."""

    text: str
    is_former: bool = False
    note: str = ""


@lru_cache(maxsize=100_000)
def script_of(text: str) -> str:
    """The ISO 15924 code of the script most letters are in; empty where there is none."""
    counts: Counter[str] = Counter()
    for char in text:
        if char.isalpha():
            first = unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
            counts[_SCRIPTS.get(first, "Zyyy")] += 1
    return counts.most_common(1)[0][0] if counts else ""


def split_names(text: str, note: str = "", *, is_person: bool = False) -> list[Spelling]:
    """Every name in `text`; `note` is the publisher's remark on it, read as a bracket would be.

    A person has no acronym: what looks like one stays in the name.
    """
    found: list[Spelling] = []
    for piece in split_list(text):
        found += _read_piece(piece, is_person)
    if not note or not found:
        return found
    last = found.pop()
    is_former, names = _read_bracket(last.text, " ".join(note.split()).strip("() "), is_person)
    found.append(Spelling(last.text, last.is_former or is_former, note))
    return found + [Spelling(name, is_former) for name in names]


def split_list(text: str) -> list[str]:
    """The items of "A; B" or "a) A b) B", not looking inside brackets."""
    text = " ".join(text.split())
    pieces, start, depth, at = [], 0, 0, 0
    while at < len(text):
        marker = _MARKER.match(text, at) if depth == 0 else None
        if marker:
            pieces.append(text[start:at])
            start = at = marker.end()
            continue
        if text[at] == ";" and depth == 0:
            pieces.append(text[start:at])
            start = at + 1
        depth = max(0, depth + (text[at] in _OPEN) - (text[at] in _CLOSE))
        at += 1
    pieces.append(text[start:])
    cleaned = (piece.strip(" ,;") for piece in pieces)
    return [piece for piece in cleaned if piece]


def birth_dates_in(note: str) -> list[str]:
    """The dates of a remark that speaks of a birth, as printed."""
    born = _BORN.search(note)
    if born is None:
        return []
    about = _NOT_BORN.split(note[born.end() :], maxsplit=1)[0]
    return _DATE.findall(about)


def _read_piece(piece: str, is_person: bool) -> list[Spelling]:
    text, note = piece, ""
    tail = _TAIL.search(text)
    if tail:
        text, note = text[: tail.start()], tail.group().strip(" ,.")
    is_former = False
    extra: list[str] = []
    while (bracket := _last_bracket(text)) is not None:
        outer, inner = bracket
        former, names = _read_bracket(outer, inner, is_person)
        if not (former or names or _REMARK.search(inner)):
            break
        text, is_former, extra = outer, is_former or former, names + extra
        note = note if names else inner
    name = _bare(text)
    if name.casefold() in _NO_NAME or name.endswith(":"):
        return [Spelling("", note=piece)]
    return [Spelling(name, is_former, note), *(Spelling(other, is_former) for other in extra)]


def _last_bracket(text: str) -> tuple[str, str] | None:
    """What stands before a closing bracket group and what is inside it."""
    text = text.rstrip(" .,")
    if not text or text[-1] not in _CLOSE:
        return None
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in _CLOSE) - (text[at] in _OPEN)
        if depth == 0:
            outer, inner = text[:at].strip(), text[at + 1 : -1].strip()
            return (outer, inner) if outer and inner else None
    return None


def _read_bracket(outer: str, inner: str, is_person: bool) -> tuple[bool, list[str]]:
    """Whether the bracket calls the name former, and the names that it holds."""
    former = _FORMER.match(inner)
    rest = inner[former.end() :] if former else inner
    label = _LABEL.match(rest)
    rest = rest[label.end() :] if label else rest
    if not rest:
        return bool(former), []
    inner_script, outer_script = script_of(rest), script_of(outer)
    if inner_script != outer_script and inner_script and outer_script:
        if inner_script == "Latn" and _REMARK.search(rest):
            return bool(former), []
        parts = re.split(r"[;,،]" if inner_script == "Latn" else r"[;،]", rest)
        pieces = [
            spelling for part in parts if _bare(part) for spelling in _read_piece(part, is_person)
        ]
        return bool(former), [spelling.text for spelling in pieces if spelling.text]
    if not is_person and _is_acronym(rest, outer):
        return bool(former), [rest]
    return bool(former), []


def _is_acronym(short: str, full: str) -> bool:
    """Whether the letters of `short` are first letters of the words of `full`, in order.

    Being written in capitals is not enough: "FOUNDATION (SOMALIA)" has no acronym.
    """
    letters = [char for char in short.casefold() if char.isalnum()]
    if not 2 <= len(letters) <= 12 or " " in short or sum(map(str.isupper, short)) < 2:
        return False
    initials = iter([word[0] for word in re.split(r"[\s\-–—/’'.&]+", full.casefold()) if word])
    return all(any(letter == initial for initial in initials) for letter in letters)


def _bare(text: str) -> str:
    text = text.strip(" ,;")
    while text and text[0] in ") ,.":
        text = text[1:]
    for left, right in ('""', "“”", "«»"):
        if len(text) > 1 and text[0] == left and text[-1] == right:
            text = text[1:-1]
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    return text.strip()
