"""Mail: as text with heads (EML) or as Outlook keeps it (MSG), without programs attached."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from tumen.cases.files.names import ending_of
from tumen.cases.files.refusal import RUNNING, FileRefusedError, is_program

_HEAD = re.compile(rb"(?:From .*\r?\n)?[A-Za-z][A-Za-z0-9-]*:[ \t]?.*\r?\n")
_KNOWN = ("from", "received", "date", "subject", "message-id")
_MOST_PARTS = 1_000
# Lines that may part a mail each cost a third of a millisecond; of a scan in a mail there are
# 350,000 lines in 25 MiB. The heads that are taken apart cost the square of their length.
_MOST_PARTINGS = 20_000
_MOST_LINES = 1_000_000
_LONGEST_HEAD = 8_192
_TYPED = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding):[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Properties of a mail, and macros, as names of streams in Outlook's files.
_PROPERTIES = "__properties_version1.0".encode("utf-16-le")
_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros\0".encode("utf-16-le"))
# The ending of a name that a stream ends with: behind it the sector is filled with nothing.
_NAMED = re.compile(rb"\.\0((?:[a-z0-9]\0){2,6})\0\0", re.IGNORECASE)
# Addresses of mail end in these as well, and every mail holds some.
_ATTACHED = RUNNING - {"app", "com", "one", "py", "sh"}


def check_eml(content: bytes) -> None:
    """Refuse what is no mail, and a mail with a program attached."""
    if not _HEAD.match(content):
        raise FileRefusedError("This is no mail: it has no head. Save the mail as .eml again")
    _check_shape(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    try:
        mail = message_from_bytes(content)
        parts = [part for _, part in zip(range(_MOST_PARTS), mail.walk(), strict=False)]
    except RecursionError as error:
        raise FileRefusedError("This mail is nested beyond reason") from error
    if not any(name in mail for name in _KNOWN):
        raise FileRefusedError("This is no mail: it does not say from whom, when or about what")
    if len(parts) == _MOST_PARTS:
        raise FileRefusedError(f"This mail has {_MOST_PARTS:,} parts or more. Give them one by one")
    for part in parts:
        _check_part(part)


def _check_shape(text: bytes) -> None:
    """Refuse what would take minutes to read, before it is read."""
    if text.count(b"\n--") > _MOST_PARTINGS or text.count(b"\n") > _MOST_LINES:
        raise FileRefusedError("This mail has too many parts or lines. Give them one by one")
    if any(len(found[0]) > _LONGEST_HEAD for found in _TYPED.finditer(text)):
        raise FileRefusedError("A head of this mail is long beyond reason")


def _check_part(part: Message) -> None:
    name = _plain(str(part.get_filename() or ""))
    inside = part.get_payload(decode=True)
    if ending_of(name.strip(". ")) in RUNNING or (isinstance(inside, bytes) and is_program(inside)):
        raise FileRefusedError(f"A program or page is attached to this mail: {name[:80]!r}")


def _plain(name: str) -> str:
    """A name without the coding of heads, behind which its ending would hide."""
    try:
        return str(make_header(decode_header(name)))
    except (ValueError, LookupError, HeaderParseError) as error:
        raise FileRefusedError("The name of a file in this mail cannot be read") from error


def check_msg(content: bytes) -> None:
    """Refuse what is no mail of Outlook, and one with macros or a program attached."""
    if not content.startswith(_OLE) or _PROPERTIES not in content:
        raise FileRefusedError("This is no mail of Outlook, whatever its name says")
    if any(mark in content for mark in _MACROS):
        raise FileRefusedError("There are macros in this mail. Print it to a PDF")
    for found in _NAMED.finditer(content):
        if found[1].replace(b"\0", b"").decode().casefold() in _ATTACHED:
            raise FileRefusedError("A program or page is attached to this mail")
