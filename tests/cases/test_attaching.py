"""Files beside cases: what is taken, what is refused and why, and that nothing breaks the look."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

import pytest
from desk import NOW, actor
from hypothesis import given
from hypothesis import strategies as st
from made_files import GOOD, PROGRAM, TYPES, archive, eml, jpeg, msg, office, pdf, png

from tumen.cases.acting import open_by_hand
from tumen.cases.attaching import KINDS, MOST_BYTES, accept, attach
from tumen.cases.files.names import MOST_LETTERS, clean_name
from tumen.cases.files.refusal import FileRefusedError
from tumen.cases.keep import load
from tumen.cases.workflow import Opening
from tumen.errors import ConflictError
from tumen.model.access import Role
from tumen.model.casework import Origin, Priority
from tumen.store import Store

ANNA = actor("anna", Role.ANALYST)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once of each database."""
    with Store.open(store_url) as opened:
        yield opened


@pytest.mark.parametrize("name", list(GOOD))
def test_what_people_attach_is_taken(name: str) -> None:
    """Each kind under its own media type, whatever is harmless in it."""
    content = GOOD[name]
    taken = accept(name, content)
    assert taken.media_type == KINDS[name.rpartition(".")[2]].media_type
    assert (taken.name, taken.size_bytes) == (name, len(content))
    assert taken.sha256 == sha256(content).hexdigest()


def test_every_kind_is_told_from_every_other() -> None:
    """A file under the ending of another kind is refused: content and ending must agree."""
    texts = {"txt", "csv"}
    for name, content in GOOD.items():
        own = name.rpartition(".")[2]
        for ending in set(KINDS) - {own}:
            kinds = {KINDS[own].media_type, KINDS[ending].media_type}
            # A text may well be called a table, and a mail or JSON is a text to look at.
            if len(kinds) == 1 or (ending in texts and own in {*texts, "json", "eml"}):
                continue
            with pytest.raises(FileRefusedError):
                accept(f"file.{ending}", content)


BAD = {
    "page.html": (b"<html><script>alert(1)</script>", "not taken"),
    "drawing.svg": (b"<svg onload='x()'/>", "not taken"),
    "run.exe": (PROGRAM, "not taken"),
    "macro.docm": (office("docx"), "not taken"),
    "files.zip": (archive({"a": "b"}), "not taken"),
    "noending": (b"text", "not taken"),
    "empty.pdf": (b"", "empty"),
    "large.txt": (b"a" * (MOST_BYTES + 1), "25 MiB"),
    "page.txt": (b"\n <!DOCTYPE html><p>", "web page"),
    "late.txt": (b"Hello\n<ScRiPt>alert(1)</script>", "web page"),
    "drawing.txt": ("\ufeff<svg>".encode("utf-16-be"), "web page"),
    "script.txt": (b"#!/bin/sh\nrm -rf /", "script"),
    "binary.txt": (b"abc\x00def", "no text"),
    "program.csv": (PROGRAM, "program"),
    "dde.csv": (b"a,b\n1,=cmd|'/C calc'!A0\n", "starts a program"),
    "broken.json": (b'{"a": ', "no JSON"),
    "deep.json": (b"[" * 100_000, "no JSON"),
    "script.pdf": (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "a script"),
    "hidden.pdf": (pdf(b"/OpenAction << /S /J#61vaScript >>"), "a script"),
    "packed.pdf": (pdf(packed=b"<< /S /JavaScript >>"), "a script"),
    "launch.pdf": (pdf(b"/S /Launch /F (calc.exe)"), "another program"),
    "carrier.pdf": (pdf(b"/Names << /EmbeddedFiles 3 0 R >>"), "another file"),
    "locked.pdf": (pdf(b"/Encrypt 4 0 R"), "lock"),
    "short.pdf": (pdf(end=b""), "ends too early"),
    "jar.pdf": (pdf() + archive({"x.class": b"x"}) + b"%%EOF", "archive"),
    "page.pdf": (pdf(b"(<script>alert(1)</script>)"), "web page"),
    "odd.pdf": (pdf(packed=b"x").replace(b"/FlateDecode", b"/LZWDecode"), "odd way"),
    "indirect.pdf": (pdf(packed=b"x").replace(b"/FlateDecode", b"9 0 R"), "odd way"),
    "cut.pdf": (pdf(packed=b"y" * 99).replace(b"stream\nx\x9c", b"stream\nx\x9c\x01"), "unpack"),
    "bomb.pdf": (pdf(packed=bytes(80 << 20)), "unpack"),
    "page.png": (png(text=b"<script>alert(1)</script>"), "web page"),
    "tail.png": (png(after=b"more"), "behind the end"),
    "cut.png": (png()[:-4], "too early"),
    "bomb.png": (png(100_000, 100_000), "dots"),
    "jar.jpg": (jpeg(archive({"x.class": b"x"})), "archive"),
    "cut.jpg": (jpeg()[:-2], "too early"),
    "text.eml": (b"Hello you\n", "no mail"),
    "heads.eml": (b"Colour: red\n\nHello", "no mail"),
    "program.eml": (eml("tool.exe", b"x"), "attached"),
    "disguised.eml": (eml("letter.pdf", PROGRAM), "attached"),
    "coded.eml": (
        b'From: a\nContent-Disposition: attachment; filename="=?utf-8?B?dG9vbC5leGU=?="\n\nx',
        "attached",
    ),
    "odd.eml": (
        b'From: a\nContent-Disposition: attachment; filename="=?odd-set?B?dG9vbC5leGU=?="\n\nx',
        "cannot be read",
    ),
    "page.eml": (eml("page.html", b"<p>"), "attached"),
    "word.msg": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), "no mail"),
    "macro.msg": (msg("_VBA_PROJECT"), "macros"),
    "program.msg": (msg("tool.exe"), "attached"),
    "macro.docx": (office("docx", **{"word/vbaProject.bin": b"x"}), "macros"),
    "macros.xlsx": (office("xlsx", **{"xl/macrosheets/sheet1.xml": "<x/>"}), "macros"),
    "object.docx": (office("docx", **{"word/embeddings/oleObject1.bin": b"x"}), "macros"),
    "linked.xlsx": (office("xlsx", **{"xl/connections.xml": "<x/>"}), "macros or objects"),
    "relations.docx": (office("docx", **{"word/a.rels": b" " * (9 << 20)}), "too much"),
    "typed.docx": (archive({TYPES: "macroEnabled", "word/document.xml": "x"}), "starts"),
    "entity.docx": (office("docx", **{"word/a.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]>"}), "starts"),
    "template.docx": (
        office(
            "docx",
            **{"word/s.rels": '<R Type="http://x/attachedTemplate" TargetMode="External">'},
        ),
        "starts",
    ),
    "program.docx": (office("docx", **{"word/media/a.png": PROGRAM}), "program"),
    "nested.docx": (
        office("docx", **{"word/embeddings/a.xlsx": office("xlsx", **{
            "xl/embeddings/b.docx": office("docx", **{"word/vbaProject.bin": b"x"})})}),
        "macros|documents in",
    ),
    "bomb.xlsx": (office("xlsx", **{"xl/a.xml": bytes(201 << 20)}), "beyond measure"),
    "prefixed.docx": (b"#!/bin/sh\n" + office("docx"), "no document"),
    "tail.docx": (office("docx") + b"<script>", "behind the end"),
    "path.docx": (office("docx", **{"../../etc/passwd": b"x"}), "outside"),
    "sheet.docx": (office("xlsx"), "no DOCX"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BAD))
def test_what_runs_or_hides_is_refused(name: str) -> None:
    """With words that say why."""
    content, words = BAD[name]
    with pytest.raises(FileRefusedError, match=f"(?i){words}"):
        accept(name, content)


def test_an_archive_that_lies_of_its_sizes_is_refused() -> None:
    """Two parts of one name, a part that is locked, and one that unpacks to more than it says."""
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as made:
        for name in (TYPES, "word/document.xml"):
            made.writestr(name, "<x/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("word/document.xml", "<y/>")
    with pytest.raises(FileRefusedError, match="two parts of one name"):
        accept("twice.docx", twice.getvalue())
    plain = office("docx")
    place = plain.rindex(b"PK\x01\x02")
    locked = plain[: place + 8] + b"\x01" + plain[place + 9 :]
    with pytest.raises(FileRefusedError, match="locked"):
        accept("locked.docx", locked)
    small = plain[: place + 24] + b"\x01\0\0\0" + plain[place + 28 :]
    with pytest.raises(FileRefusedError):
        accept("small.docx", small)


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("../../etc/extract.pdf", "extract.pdf"),
        ("C:\\Users\\anna\\extract.pdf", "extract.pdf"),
        ("ex\x00tra\x1bct.pdf", "extract.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("extract\u202efdp.txt", "extractfdp.txt"),
        ("con.txt", "_con.txt"),
        ("  . extract .pdf ", "extract.pdf"),
        ("выписка № 3.pdf", "выписка № 3.pdf"),
        ('a"b;c.pdf', "a_b;c.pdf"),
        ("x" * 500 + ".pdf", "x" * (MOST_LETTERS - 4) + ".pdf"),
    ],
)
def test_a_name_is_cleaned(given_name: str, cleaned: str) -> None:
    """Of paths, control characters, turned writing and what a file system takes for its own."""
    assert clean_name(given_name) == cleaned


@pytest.mark.parametrize("name", ["", "/", "...", "\u202e", "a/"])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    """Where nothing is left to call the file by."""
    with pytest.raises(FileRefusedError, match="no name"):
        clean_name(name)


def test_a_name_that_shows_another_ending_is_refused() -> None:
    """`extract<turned>fdp.exe` reads as a PDF; without the turning it is what it is."""
    with pytest.raises(FileRefusedError, match="not taken"):
        accept("extract\u202efdp.exe", GOOD["extract.pdf"])


@given(st.text(max_size=300))
def test_a_cleaned_name_is_always_safe(name: str) -> None:
    """Whatever is typed: short, printable, of no path, and clean already."""
    try:
        cleaned = clean_name(name)
    except FileRefusedError:
        return
    assert cleaned.isprintable()
    assert not set('/\\<>:"|?*') & set(cleaned)
    assert 0 < len(cleaned) <= MOST_LETTERS + 1
    assert clean_name(cleaned) == cleaned
    cleaned.encode()


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=2_000))
def test_any_bytes_are_taken_or_refused(ending: str, content: bytes) -> None:
    """Nothing but a refusal comes out, however odd the bytes."""
    try:
        taken = accept(f"file.{ending}", content)
    except FileRefusedError:
        return
    assert taken.size_bytes == len(content) > 0


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_damaged_file_is_taken_or_refused(name: str, data: st.DataObject) -> None:
    """Files with bytes changed, cut out or put in reach further into the look than noise does."""
    content = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        accept(name, bytes(content))
    except FileRefusedError:
        return


HOSTILE = {
    "streams.pdf": pdf() + b"stream\n" * 180_000 + b"%%EOF",
    "objects.pdf": pdf() + b"1 0 obj << /ObjStm >> stream\n" * 180_000 + b"%%EOF",
    "names.pdf": pdf() + b"#41" * 5_000_000 + b"%%EOF",
    "cells.csv": b",=" * 2_000_000,
    "tabs.csv": b"\t\t" * 2_000_000,
    "pipes.csv": b"=|b" * 2_000_000,
    "spaces.txt": b" " * 5_000_000,
    "heads.eml": b"From: a\n" + b"X: a\n" * 3_000_000,
    "long.eml": b"From: a\nContent-Disposition: attachment" + b"; filename*9=b" * 200_000,
    "cr.eml": b"From: a\rContent-Type: x" + b"\r ; a=b" * 200_000,
    "parts.eml": b"From: a\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 200_000,
    "nested.eml": b"From: a\n"
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000)
    ),
    "open tags.docx": office("docx", **{"word/a.rels": b"<" * 8_000_000}),
    "tags.docx": office("docx", **{"word/a.xml": b"<external DDE " * 5_000_000}),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_no_file_holds_the_look_up(name: str) -> None:
    """Files made to be read again and again end in seconds: each look is linear."""
    began = time.monotonic()
    with suppress(FileRefusedError):
        accept(name, HOSTILE[name])
    assert time.monotonic() - began < 10


def test_a_large_scan_is_looked_at_quickly() -> None:
    """25 MiB of what a scanner writes, which is noise to us, in seconds and taken."""
    noise = random.Random(4).randbytes(24 << 20)
    content = pdf(end=b"3 0 obj << >> stream\n" + noise + b"\nendstream endobj\n%%EOF")
    began = time.monotonic()
    assert accept("scan.pdf", content).size_bytes == len(content)
    assert time.monotonic() - began < 10


def test_a_file_is_kept_beside_its_case(store: Store) -> None:
    """By its hash, with name and type in the history; who looked at an older state is refused."""
    content = GOOD["extract.pdf"]
    taken = accept("extract.pdf", content)
    opening = Opening(Origin.MANUAL, "Kim Chol", "partners/p-1", Priority.P3)
    with store.writing() as work:
        case = open_by_hand(work, opening, ANNA, NOW)
        attach(work, case.case_id, 1, taken, content, ANNA, NOW)
    with store.reading() as work:
        assert load(work, case.case_id).attachments == (taken.sha256,)
        assert work.attachments.content(taken.sha256) == content
        record = work.cases.records(case.case_id)[-1]
    assert record.details["name"] == "extract.pdf"
    with pytest.raises(ConflictError, match="Anna"), store.writing() as work:
        attach(work, case.case_id, 1, taken, content, ANNA, NOW)
    with pytest.raises(FileRefusedError, match="not the file"), store.writing() as work:
        attach(work, case.case_id, 2, taken, b"other bytes", ANNA, NOW)
