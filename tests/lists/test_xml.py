"""Lists are untrusted XML: what is unsafe, cut or damaged is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists import xml
from tumen.lists.reader import SourceFile
from tumen.lists.xml import iter_xml, local_name, parse_xml, strip_namespaces, text_at

GOOD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment --><list xmlns="https://lists.example/1" xmlns:x="urn:x">
  <record x:id="1"><name> Han  River
  Trading </name></record>
  <record x:id="2"><name>Amur Shipping</name></record>
  <other/>
</list>"""

BOMB = (
    b'<!DOCTYPE list [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefgh"
    )
    + b"]><list><record>&h;</record></list>"
)


def source(data: bytes) -> SourceFile:
    """These bytes as a published file."""
    return SourceFile("list.xml", data)


def read_all(data: bytes) -> list[str]:
    """The text of every record, one at a time."""
    return [text_at(record) for record in iter_xml(source(data), "record")]


READERS = pytest.mark.parametrize("read", [lambda data: parse_xml(source(data)), read_all])


def test_reads_a_document_whatever_its_namespace() -> None:
    """Local names are enough to read a list after the namespaces are stripped."""
    root = strip_namespaces(parse_xml(source(GOOD)))
    assert root.tag == "list"
    assert [record.get("id") for record in root.findall("record")] == ["1", "2"]
    assert text_at(root, "record/name") == "Han River Trading"
    assert text_at(root, "record/absent") == ""


def test_iterates_over_elements_of_one_name_whole() -> None:
    """Each element is complete when it is handed over, and in the order of the file."""
    names = [text_at(record, "{*}name") for record in iter_xml(source(GOOD), "record")]
    assert names == ["Han River Trading", "Amur Shipping"]


def test_iterates_over_several_names_in_file_order() -> None:
    """A reader that needs two kinds of elements gets them in one pass."""
    found = [local_name(element) for element in iter_xml(source(GOOD), "other", "record")]
    assert found == ["record", "record", "other"]


def test_iterating_forgets_what_was_read() -> None:
    """A list of a hundred megabytes must not stay in memory as a tree."""
    rows = b"".join(b"<record>%d</record>" % number for number in range(1000))
    for element in iter_xml(source(b"<list>" + rows + b"</list>"), "record"):
        parent = element.getparent()
        assert parent is not None
        assert text_at(element) != ""
        before = element.getprevious()
        assert before is None or before.getprevious() is None


@READERS
def test_refuses_an_entity_bomb(read) -> None:
    """Entities that expand ten million times are refused before they expand."""
    with pytest.raises(SourceError, match="declares entities"):
        read(BOMB)


@READERS
def test_refuses_an_external_entity(read, tmp_path: Path) -> None:
    """No file of this machine is ever read into a list."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    data = (
        f'<!DOCTYPE list [<!ENTITY x SYSTEM "{secret.as_uri()}">]><list><record>&x;</record></list>'
    )
    with pytest.raises(SourceError, match="declares entities"):
        read(data.encode())


@READERS
def test_refuses_an_external_entity_in_utf_16(read) -> None:
    """Another encoding does not hide a declaration."""
    text = '<!DOCTYPE list [<!ENTITY x SYSTEM "file:///etc/hostname">]><list><record>&x;</record></list>'
    with pytest.raises(SourceError, match="declares entities"):
        read(text.encode("utf-16"))


@READERS
def test_refuses_a_parameter_entity(read) -> None:
    """A parameter entity, which may fetch further declarations, is an entity too."""
    data = b'<!DOCTYPE list [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><list/>'
    with pytest.raises(SourceError):
        read(data)


@READERS
def test_refuses_an_outside_dtd(read) -> None:
    """A DTD elsewhere may declare entities: it is neither fetched nor ignored."""
    with pytest.raises(SourceError, match="outside DTD"):
        read(b'<!DOCTYPE list SYSTEM "http://127.0.0.1:9/list.dtd"><list><record/></list>')


@READERS
def test_a_bare_doctype_is_harmless(read) -> None:
    """A DOCTYPE that declares nothing is no reason to refuse."""
    read(b"<!DOCTYPE list><list><record>1</record></list>")


@READERS
def test_refuses_huge_text(read) -> None:
    """One text of more than ten million characters is refused, not held in memory."""
    data = b"<list><record>" + b"a" * (xml.MAX_TEXT + 1000) + b"</record></list>"
    with pytest.raises(SourceError):
        read(data)


@READERS
@pytest.mark.parametrize("depth", [xml.MAX_DEPTH + 1, 3000])
def test_refuses_deep_nesting(read, depth: int) -> None:
    """Nesting that no list has is refused, inside and outside of the records."""
    inside = b"<list><record>" + b"<a>" * depth + b"</a>" * depth + b"</record></list>"
    outside = b"<a>" * depth + b"<record/>" + b"</a>" * depth
    for data in (inside, outside):
        with pytest.raises(SourceError):
            read(data)


def test_accepts_the_deepest_allowed_nesting() -> None:
    """The bound is where it says it is."""
    data = b"<a>" * xml.MAX_DEPTH + b"</a>" * xml.MAX_DEPTH
    assert parse_xml(source(data)).tag == "a"


@READERS
def test_says_where_a_cut_file_ends(read) -> None:
    """A truncated download names file, line and column, and what to do."""
    with pytest.raises(SourceError, match=r"list\.xml, line 5, column \d+.*Download it again"):
        read(GOOD[: GOOD.index(b"Amur")])


@READERS
@pytest.mark.parametrize("data", [b"", b"   ", b"not xml", b"<!-- only a comment -->"])
def test_refuses_what_is_no_xml(read, data: bytes) -> None:
    """An empty or foreign file is a source error, not a crash and not an empty list."""
    with pytest.raises(SourceError, match=r"list\.xml"):
        read(data)


def test_refuses_an_oversized_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the bound is refused before it is parsed."""
    monkeypatch.setattr(xml, "MAX_BYTES", 100)
    with pytest.raises(SourceError, match="more than the 100"):
        parse_xml(source(GOOD))


@given(st.integers(1, len(GOOD) - 1))
def test_every_cut_is_noticed(at: int) -> None:
    """No truncated document is ever read as a shorter list."""
    for read in (lambda data: parse_xml(source(data)), read_all):
        with pytest.raises(SourceError):
            read(GOOD[:at])
