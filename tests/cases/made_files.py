"""Small files of each kind that may be attached, and the same with a trick in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage

PNG_MARK = b"\x89PNG\r\n\x1a\n"
TYPES = "[Content_Types].xml"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def pdf(inside: bytes = b"", *, packed: bytes = b"", end: bytes = b"%%EOF\n") -> bytes:
    """A PDF of one object, and with a packed stream of objects if one is given."""
    text = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\n"
    if packed:
        stream = zlib.compress(packed)
        facts = b"/Type /ObjStm /Filter /FlateDecode /Length " + str(len(stream)).encode()
        text += b"2 0 obj << " + facts + b" >> stream\n" + stream + b"\nendstream\nendobj\n"
    return text + end


def png(width: int = 1, height: int = 1, *, after: bytes = b"", text: bytes = b"") -> bytes:
    """A PNG with a comment, of a size that its head alone states."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pieces = [(b"IHDR", head), (b"tEXt", b"Comment\0" + text), (b"IDAT", zlib.compress(b"\0\0"))]
    chunks = [*pieces, (b"IEND", b"")]
    return PNG_MARK + b"".join(_chunk(*one) for one in chunks) + after


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def jpeg(after: bytes = b"") -> bytes:
    """What begins and ends as a JPEG."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(64) + b"\xff\xd9" + after


def office(ending: str, **parts: bytes | str) -> bytes:
    """A document with the parts that each has, and more."""
    return archive({TYPES: "<Types/>", MAIN[ending]: "<w:document/>", **parts})


def archive(parts: dict[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def eml(attached: str = "", content: bytes = b"nothing much") -> bytes:
    """A mail, with a file attached if it is named."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "Extract"
    mail.set_content("See below.\n")
    if attached:
        mail.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=attached
        )
    return mail.as_bytes()


def msg(*inside: str) -> bytes:
    """What begins as Outlook's files do, with these texts as streams of their own."""
    streams = ("__properties_version1.0", *inside)
    packed = b"".join(one.encode("utf-16-le") + bytes(64) for one in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + packed


PROGRAM = b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode.\r\n$" + bytes(99)

GOOD = {
    "extract.pdf": pdf(),
    "packed.pdf": pdf(packed=b"<< /Type /Page >>"),
    "scan.png": png(),
    "photo.jpg": jpeg(b"a trailer of the telephone"),
    "photo.jpeg": jpeg(),
    "note.txt": "Übersetzung: <b>nicht</b> derselbe. 1 < 2".encode(),
    "old.txt": "Перевод".encode("cp1251"),
    "wide.txt": "\ufeffПеревод".encode("utf-16-le"),
    "table.csv": b"name,change\nAnna,-1\nBoris,+49 30 1\n=A1+B1,x\n",
    "answer.json": b'{"hits": []}',
    "mail.eml": eml(),
    "mail with extract.eml": eml("extract.pdf", pdf()),
    "mail.msg": msg("anna@example.com", "extract.pdf"),
    "letter.docx": office("docx"),
    "sheet.xlsx": office("xlsx", **{"xl/printerSettings/printerSettings1.bin": b"x"}),
    "two ends.docx": archive(
        {TYPES: "<Types/>", MAIN["docx"]: "<x/>", "word/media/a.png": b"PK\x05\x06"},
        zipfile.ZIP_STORED,
    ),
    "chart.docx": office("docx", **{"word/embeddings/sheet.xlsx": office("xlsx")}),
}
