"""Countries as publishers write them, read into lower-case ISO 3166-1 alpha-2 codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import yaml

_NOISE = re.compile(r"[^a-z0-9]+")
# Codes in older use whose letters ISO has not given to anybody else.
_OTHER_CODES = {"uk": "gb", "su": "suhh", "yu": "yucs", "dd": "ddde", "xkx": "xk", "zr": "zrcd"}


@lru_cache(maxsize=20_000)
def read_country(text: str) -> str | None:
    """The code (`kp`, `suhh` for the Soviet Union) of a country's name or ISO code.

    None where `text` is no country that we know; the caller counts it as unknown.
    """
    plain = _plain(text)
    stripped = text.strip()
    if stripped.isascii() and stripped.isalpha() and len(stripped) in (2, 3):
        code = _codes().get(plain)
        if code is not None:
            return code
    return _names().get(plain)


def country_name(code: str) -> str:
    """The usual English name of a country's code; the code in capitals where it is none."""
    entry = _table().get(code.lower())
    return entry[1] if entry and len(entry) > 1 else code.upper()


@cache
def country_codes() -> frozenset[str]:
    """Every code that `read_country` can give."""
    return frozenset(_table())


def _plain(text: str) -> str:
    """Lower-case words without accents or punctuation, articles dropped, `st` for `saint`."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    ascii_only = "".join(char for char in folded if not unicodedata.combining(char))
    ascii_only = ascii_only.replace("’", "").replace("'", "").replace(".", "")
    words = _NOISE.sub(" ", ascii_only).split()
    return " ".join("st" if word == "saint" else word for word in words if word != "the")


@cache
def _table() -> Mapping[str, list[str]]:
    text = files("tumen.model").joinpath("countries.yml").read_text("utf-8")
    # Unquoted `no` is a boolean to YAML, and Norway a country: read every scalar as text.
    table: dict[str, list[str]] = yaml.load(text, Loader=yaml.BaseLoader)
    return table


@cache
def _codes() -> Mapping[str, str]:
    found = dict(_OTHER_CODES)
    for code, (alpha_3, *_) in _table().items():
        found[code] = found[alpha_3.casefold()] = code
    return found


@cache
def _names() -> Mapping[str, str]:
    """Every plain name and code; a name that two countries claim is a fault of the table."""
    found: dict[str, str] = {code: code for code in _table() if len(code) == 4}
    for code, (_, *names) in _table().items():
        for name in names:
            owner = found.setdefault(_plain(name), code)
            if owner != code:
                raise ValueError(f"countries.yml: {name!r} stands for both {owner} and {code}")
    return found
