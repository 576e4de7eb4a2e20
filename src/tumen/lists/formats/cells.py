"""Table cells that hold several values, or a document's number with words around it."""

from __future__ import annotations

import re

_MARK = r"\(?\b(?:\d{1,2}|[a-h])\)"
_MARKS = re.compile(
    rf"(?:^|(?<=[\s,;.)])|(?=\()){_MARK}(?:\s*(?:-|to|,)?\s*{_MARK})*\s*", re.IGNORECASE
)
_NOTHING = frozenset({"", "-", "na", "n/a", "not available", "unknown"})
_WORDS_BEFORE = re.compile(
    r"\b(?:passports?|number|nos?|nr|id|identification|identity|card|document)\b\s*[.:]*\s*"
    r"(?=[A-Z0-9])",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\([^()]*\)|\b(?:issued|expir\w+|valid|exp)\b.*?(?=\b\w+ passport\b|$)", re.IGNORECASE
)
_NUMBER = re.compile(r"\b(?:[A-Z]{1,9}|[A-Z]{1,4}[ .-]|[a-z])?\d[\dA-Z]*(?:[-/.][\dA-Z]+)*\b")
_PLAIN_NUMBER = re.compile(r"(?=.*\d)[A-Z0-9]+(?:[-/ .][A-Z0-9]+)*", re.IGNORECASE)
_SHORTEST_NUMBER = 4


def split_cell(text: str) -> list[str]:
    """The values of `(1) X (2) Y`, `a) X b) Y`, `X|Y` or several lines; a plain value alone."""
    found = []
    for piece in re.split(r"\||\n|;\s", text):
        piece = piece.strip()
        parts = _MARKS.split(piece) if _MARKS.match(piece) else [piece]
        found += [part.strip(" ,;") for part in parts]
    return list(dict.fromkeys(part for part in found if part.lower() not in _NOTHING))


def document_numbers(text: str) -> list[str]:
    """The numbers in words such as `Passport No: 592667 (Qatari, issued on 3 May 2007)`.

    Empty where no number can be told from a date or a phrase.
    """
    plain = text.strip(" .")
    if _PLAIN_NUMBER.fullmatch(plain) and len(plain.split()) <= 2:
        return [plain]
    bare = _WORDS_BEFORE.sub(" ", _ASIDE.sub(" ", plain))
    found = [number.group() for number in _NUMBER.finditer(bare)]
    long_enough = [n for n in found if sum(c.isdigit() for c in n) >= _SHORTEST_NUMBER]
    return list(dict.fromkeys(n for n in long_enough if not re.fullmatch(r"(?:19|20)\d\d", n)))
