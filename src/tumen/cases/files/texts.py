"""Plain text, CSV and JSON: letters and nothing else, and no page or script under their name."""

from __future__ import annotations

import re

import orjson

from tumen.cases.files.refusal import FileRefusedError

# What a browser, a shell or Windows would take the text for, by its beginning.
_ACTIVE = re.compile(
    r"\s*(<!doctype|<html|<head|<body|<script|<svg|<iframe|<img|<\?xml|<\?php|<!--|#!|@echo\b"
    r"|mime-version:|%PDF-|\{\\rtf)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<script\b|<svg\b|<html\b|<iframe\b|javascript:", re.IGNORECASE)
# A spreadsheet starts a program for a cell such as =cmd|'/C calc'!A0.
_CELL = re.compile(r"(?:^|[,;\t\n\r\"'])[ ]{0,9}[=+\-@][ ]{0,9}[A-Za-z.]{2,40}[ ]{0,9}\|")
_BYTE_ORDER = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def check_text(content: bytes) -> None:
    """Refuse what holds more than letters, or is a page or a script."""
    text = _read(content)
    if _ACTIVE.match(text) or _MARKUP.search(text):
        raise FileRefusedError("This text is a web page or a script. Print it to a PDF")


def check_csv(content: bytes) -> None:
    """As a text; nor may a cell start a program."""
    check_text(content)
    if _CELL.search(_read(content)):
        raise FileRefusedError("A cell of this table starts a program. Take the formula out")


def check_json(content: bytes) -> None:
    """Refuse what is no JSON."""
    try:
        orjson.loads(_read(content))
    except orjson.JSONDecodeError as error:
        raise FileRefusedError(f"This is no JSON: {error.msg}") from error


def _read(content: bytes) -> str:
    """The letters of a text: UTF-8 or UTF-16 as it says, else those of a code page, which one
    being of no matter here.
    """
    for mark, encoding in _BYTE_ORDER.items():
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, "replace")
            break
    else:
        text = _guessed(content)
    if _CONTROLS.search(text):
        raise FileRefusedError("This is no text: it holds bytes that no text has")
    return text


def _guessed(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
