"""The evidence as pages: PDF/A-3 with the data inside, for people and for machines."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst

from tumen.cases.evidence.document import document
from tumen.cases.evidence.fonts import font_folders
from tumen.cases.evidence.shape import DOCUMENT, Evidence, canonical
from tumen.errors import RequestError

_TEMPLATE, _STYLE = "document.typ", "style.typ"
_STREAM = re.compile(rb"/Type/EmbeddedFile[^\n]*\n*stream\r?\n")
_LENGTH = re.compile(rb"<</Length (\d{1,9})\b")
MOST_BYTES = 64 << 20


def to_pdf(evidence: Evidence) -> bytes:
    """The pages. The same evidence gives the same bytes, under the same `set_with`.

    The text of strangers reaches the template as JSON and is set as it is: it is never read as
    markup, and the template opens no other file.
    """
    made_at = datetime.fromisoformat(evidence.data["made_at"])
    template = files(__package__).joinpath(_TEMPLATE).read_bytes()
    beside = {"shown.json": canonical(document(evidence)), DOCUMENT: evidence.document}
    return set_pages(template, beside, made_at)


def set_pages(template: bytes, beside: Mapping[str, bytes], made_at: datetime) -> bytes:
    """The pages that a template makes, with `style.typ` and the data files beside it."""
    given: Any = {
        "main.typ": template,
        _STYLE: files(__package__).joinpath(_STYLE).read_bytes(),
        **beside,
    }
    return typst.compile(
        given,
        font_paths=[str(one) for one in font_folders()],
        ignore_system_fonts=True,
        format="pdf",
        timestamp=int(made_at.timestamp()),
        # For archives, with the structure that screen readers need.
        pdf_standards=["a-3a", "ua-1"],
    )


def document_in(pdf: bytes) -> bytes:
    """The bytes of `evidence.json` inside such a PDF. Raises RequestError where there are none."""
    found = list(_STREAM.finditer(pdf))
    if len(found) != 1:
        raise RequestError("The PDF holds no evidence of ours: it was made or saved by another")
    start, head = found[0].end(), pdf[: found[0].end()].rpartition(b" obj\n")[2]
    length = _LENGTH.match(head)
    if length is None or not pdf[start + int(length[1]) :].lstrip().startswith(b"endstream"):
        raise RequestError("The evidence inside the PDF is damaged")
    content = pdf[start : start + int(length[1])]
    return _inflated(content) if b"/FlateDecode" in head else content


def _inflated(content: bytes) -> bytes:
    inflating = zlib.decompressobj()
    try:
        found = inflating.decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise RequestError("The evidence inside the PDF is damaged") from error
    if not inflating.eof:
        raise RequestError(f"The evidence inside the PDF is damaged, or over {MOST_BYTES:,} bytes")
    return found
