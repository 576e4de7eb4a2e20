"""Dates, nationalities and document numbers as official journals print them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from tumen.model.countries import read_country
from tumen.model.dates import read_date

_ITEM = re.compile(
    r"\s*(?:\([a-z]\)|\b[a-z]\)|\((?:i{1,3}|iv|v)\))\s*|\s*;\s*|\s+\(?or\s+|,\s+(?=\d)"
)
_APPROXIMATE = re.compile(r"\(?\b(?:approximat(?:ely|ive)|approx\.?|around|circa)\s*\)?", re.I)
_ASIDE = re.compile(
    r"\b(?:possibly|probably|in the)\b:?|\(?\b(?:gregorian calendar|presumed)\)?"
    r"|\s(?:pob|gender|nationality)\s*:.*$",
    re.I,
)
_GAP = re.compile(r"(?<=\d\.)\s+(?=\d)")
_SPAN = re.compile(r"(?<=\d{4})\s*[-–/]\s*(?=\d{4}\b)")
_GLUED = re.compile(r"(?<=[A-Za-z])\.(?=\d{4})")
_HEDGE = re.compile(
    r"\b(?:possibly|presumably|presumed|allegedly|assumed|believed|former|by birth|nationality"
    r"|nationals?|citizen|citizenship|of the|also)\b|\([^()]*\)|\.$",
    re.I,
)
_NUMBER = re.compile(
    r"(?:\bnumber|\bno\b\.?|\bn°)\s*[:.]?\s*(?:n°\s*)?([A-Z]{0,4}[\s-]?\d[\w/-]*)", re.I
)
_LONG_NUMBER = re.compile(r"(?<![\w.])([A-Z]{0,4}-?\d{5,}[\w/-]*)")
_PLAIN_NUMBER = re.compile(r"(?=.*\d)[A-ZА-Я0-9№/ .:-]+")
_BRACKET = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")
_OTHERS = re.compile(r"\s*(?:\(?\b[a-z]\)|;)\s*")
_BETWEEN = re.compile(r"\s*(?:[,/]|\band/or\b|\band\b|\bor\b)\s*")


def read_dates(text: str) -> tuple[list[str], list[str]]:
    """The dates in a printed cell as EDTF, and the parts that could not be read.

    Reads alternatives ("1960 or 1961", "(a) 1.2.1960, (b) 3.4.1961"), approximations and
    spans of years. A span that is called approximate is circa at both ends.
    """
    text = " ".join(text.split())
    whole = _read_one(text)
    if whole:
        return [whole], []
    read: list[str] = []
    unread: list[str] = []
    for part in _ITEM.split(text):
        part = part.strip(" ,;()")
        if part:
            value = _read_one(part)
            (read if value else unread).append(value or part)
    return list(dict.fromkeys(read)), unread


def _read_one(text: str) -> str | None:
    bare = _APPROXIMATE.sub("", _ASIDE.sub("", text)).strip(" .,;()")
    bare = _GLUED.sub(". ", _SPAN.sub(" to ", _GAP.sub("", bare)))
    value = read_date(bare)
    if value is None or not _APPROXIMATE.search(text):
        return value
    return "/".join(part.rstrip("~") + "~" for part in value.split("/"))


def read_nationality(text: str) -> str | None:
    """The country code of "Russian", "Russia" or "possibly Russian"; None where unknown."""
    text = " ".join(text.split())
    for form in (text, _HEDGE.sub("", text).strip(" ,.;")):
        code = read_country(form) or _demonyms().get(form.casefold().removeprefix("the "))
        if code:
            return code
    return None


def read_nationalities(text: str) -> tuple[list[str], list[str]]:
    """All country codes in "Russian, Ukrainian" or "(a) French (b) Tunisian", and what is left."""
    whole = read_nationality(text)
    if whole:
        return [whole], []
    read: list[str] = []
    unread: list[str] = []
    for item in _OTHERS.split(text):
        code = read_nationality(item)
        for part in [item] if code else _BETWEEN.split(_HEDGE.sub("", item)):
            part = part.strip(" ,.;()")
            code = read_nationality(part) if part else None
            if part:
                (read if code else unread).append(code or part)
    return list(dict.fromkeys(read)), unread


def read_number(text: str) -> str:
    """The number itself, out of "Russian foreign travel passport number 620169661 (expired)"."""
    bare = _BRACKET.sub("", text).strip(" .,;")
    if _PLAIN_NUMBER.fullmatch(bare):
        return bare
    return number_in(bare) or bare


def number_in(text: str) -> str:
    """The number that a sentence gives; empty where there is none."""
    found = _NUMBER.search(text) or _LONG_NUMBER.search(text)
    return found.group(1).strip() if found else ""


@cache
def _demonyms() -> dict[str, str]:
    document = files("tumen.lists").joinpath("demonyms.yml").read_text(encoding="utf-8")
    # BaseLoader: `no` is a country code here, not a boolean.
    table: dict[str, list[str]] = yaml.load(document, Loader=yaml.BaseLoader)
    return {word.casefold(): code for code, words in table.items() for word in words}
