"""DOCX and XLSX: archives of known parts, without macros, objects or tricks of archives."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from tumen.cases.files.refusal import FileRefusedError, is_program

_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MOST_PARTS = 5_000
_MOST_UNPACKED = 200 << 20
_MOST_RELATIONS = 8 << 20
_END = b"PK\x05\x06"
_END_SIZE = 22
# Parts that run, or that start what runs.
_ACTIVE_PART = re.compile(
    r"vbaProject|vbaData|activeX/|macrosheets/|dialogsheets/|ctrlProps/|\.bin$|customUI|connections\.xml$"
    r"|(^|/)embeddings/(?!.*\.(xlsx|docx)$)",
    re.IGNORECASE,
)
# Words in small letters; looked for one by one, which is far quicker than any pattern.
_ACTIVE_WORDS = (b"macroenabled", b"<!doctype", b"<!entity", b"ddelink", b"ddeauto")
_TAG = re.compile(rb"<[^<>]*>")
# Fetched from elsewhere when the document is opened; a link in the text is not.
_FETCHED = re.compile(rb"/(?:attachedtemplate|oleobject|frame|subdocument)\b")
# Printers' settings are bytes for a driver, and stand in most sheets.
_HARMLESS = re.compile(r"^(xl/printerSettings|word/printerSettings)/[^/]+\.bin$")


def check_office(content: bytes, ending: str, depth: int = 1) -> None:
    """Refuse what is no document of this kind, has macros or objects, or is packed with tricks."""
    _check_frame(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts, ending)
            left = _MOST_UNPACKED
            for part in parts:
                unpacked = _unpacked(archive, part, left)
                left -= len(unpacked)
                _check_part(part.filename, unpacked, depth)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise FileRefusedError("This document cannot be unpacked. Save it again") from error


def _check_frame(content: bytes) -> None:
    """An archive reaches from the first byte to the last: what is around it is something else."""
    if not content.startswith(b"PK\x03\x04"):
        raise FileRefusedError("This is no document of Office, whatever its name says")
    end = content[-_END_SIZE:]
    if not (end.startswith(_END) and end.endswith(b"\0\0")):
        raise FileRefusedError("There is something behind the end of this document. Save it again")


def _check_parts(parts: list[zipfile.ZipInfo], ending: str) -> None:
    names = [part.filename for part in parts]
    if not {"[Content_Types].xml", _MAIN[ending]} <= set(names):
        raise FileRefusedError(f"This is no {ending.upper()}, whatever its name says")
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise FileRefusedError("This document unpacks beyond measure")
    relations = sum(part.file_size for part in parts if part.filename.casefold().endswith(".rels"))
    if relations > _MOST_RELATIONS:
        raise FileRefusedError("This document refers to too much. Print it to a PDF")
    if len({name.casefold() for name in names}) < len(names):
        raise FileRefusedError("This document has two parts of one name. Save it again")
    if min(part.header_offset for part in parts):
        raise FileRefusedError("There is something before this document. Save it again")
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in (0, 8):
            raise FileRefusedError("This document is locked. Take the password off")
        if ".." in part.filename.split("/") or part.filename.startswith(("/", "\\")):
            raise FileRefusedError("A part of this document lies outside of it")
        if _ACTIVE_PART.search(part.filename) and not _HARMLESS.search(part.filename):
            raise FileRefusedError(
                f"This document has macros or objects ({part.filename[:80]!r}). Print it to a PDF"
            )


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of a part; what it says of its own size is not believed."""
    with archive.open(part) as opened:
        found = opened.read(most + 1)
    if len(found) > most:
        raise FileRefusedError("This document unpacks beyond measure")
    return found


def _check_part(name: str, content: bytes, depth: int) -> None:
    if is_program(content):
        raise FileRefusedError("There is a program in this document")
    ending = name.rpartition(".")[2].casefold()
    if ending in ("xml", "rels", "vml") and (
        _starts_something(content) or (ending == "rels" and _fetches_something(content))
    ):
        raise FileRefusedError("This document starts or fetches something. Print it to a PDF")
    if ending in _MAIN:
        if not depth:
            raise FileRefusedError("Documents in documents in documents are not taken")
        check_office(content, ending, depth - 1)


def _starts_something(text: bytes) -> bool:
    # Zero bytes are of an encoding in which the words would not be found; nobody writes so.
    small = text.lower()
    return b"\0" in text or any(word in small for word in _ACTIVE_WORDS)


def _fetches_something(relations: bytes) -> bool:
    tags = (found[0] for found in _TAG.finditer(relations.lower()))
    return any(b"external" in tag and _FETCHED.search(tag) for tag in tags)
