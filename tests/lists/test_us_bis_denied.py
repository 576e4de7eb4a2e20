"""BIS's Denied Persons List."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists.reader import SourceFile
from tumen.lists.us_bis_denied.parse import parse, recognise

SHARED = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()

_HEADER = (
    b'"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t'
    b'"Expiration_Date"\t"Standard_Order"\t"Last_Update"\t"Action"\t"FR_Citation"\n'
)
_ROW = (
    b'" JOHN INVENTED"\t"1 STREET"\t"DANDONG"\t""\t"CN"\t"118000"\t"03/16/2020"\t"12/13/2028"\t"Y"'
    b'\t"2020-03-20"\t"FR NOTICE ADDED"\t"85 F.R. 1 3/20/2020"\n'
)
_OLD = b'"INVENTED SYSTEMS, INC."\tROAD 9\tPARIS\t\tFR\t\t3/20/1992\t\tN\t5/1/2001\r\n'


def _file(*rows: bytes) -> SourceFile:
    return SourceFile("dpl.txt", _HEADER + b"".join(rows))


def test_row_is_an_entry() -> None:
    """Name, address, country, and the order with its two dates."""
    (entry,) = parse([_file(_ROW)]).entries
    assert entry.entity.schema == "LegalEntity"
    assert entry.entity.get("name") == ("JOHN INVENTED",)
    assert entry.entity.get("address") == ("1 STREET, DANDONG, 118000, CN",)
    assert entry.entity.get("country") == ("cn",)
    assert entry.remarks == "FR NOTICE ADDED"
    assert entry.locator == "line 2"
    (designation,) = entry.designations
    assert (designation.listed_on, designation.ends_on) == ("2020-03-16", "2028-12-13")
    assert designation.amended_on == "2020-03-20"
    assert designation.measures == ("Standard order",)
    assert designation.reference == "85 F.R. 1 3/20/2020"


def test_layout_of_2015() -> None:
    """Unquoted, with an empty row, and with the empty cells at a line's end left out."""
    entries = parse([_file(b'""\t""\t""\t""\t""\t""\t""\t""\t""\t""\t""\t""\r\n', _OLD)]).entries
    assert len(entries) == 1
    assert entries[0].entity.get("name") == ("INVENTED SYSTEMS, INC.",)
    assert entries[0].designations[0].listed_on == "1992-03-20"
    assert entries[0].designations[0].measures == ()


def test_id_outlives_a_new_address() -> None:
    """The order is the same; two rows of one order are two entries."""
    (before,) = parse([_file(_ROW)]).entries
    moved = _ROW.replace(b"1 STREET", b"2 STREET")
    first, second = parse([_file(moved, _ROW)]).entries
    assert first.entity.entity_id == before.entity.entity_id
    assert second.entity.entity_id == f"{before.entity.entity_id}-2"


def test_unknown_country_and_date_are_counted_and_kept() -> None:
    """An American state in the column of countries is no country."""
    parsed = parse([_file(_ROW.replace(b'"CN"', b'"NM"').replace(b"12/13/2028", b"13/13/28"))])
    assert parsed.unknown == {"Country: NM": 1, "Expiration_Date: 13/13/28": 1}
    assert parsed.entries[0].designations[0].ends_on == ""
    assert parsed.entries[0].entity.get("notes") == ("Country: NM", "Expiration_Date: 13/13/28")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (_HEADER + _ROW[:-30], "cut short"),
        (_HEADER + _ROW + b'"HALF"\t"1 ST', "cut short"),
        (_HEADER + _ROW + b'"HALF"\t"1 STREET"\n', "2 columns instead of 12"),
        (_HEADER + _ROW.replace(b'"Y"', b'"Y"\t"Y"'), "13 columns instead of 12"),
        (_HEADER + _ROW.replace(b'" JOHN INVENTED"', b'" "'), "without a name"),
        (b"Name\tCity\n", "with BIS's header"),
    ],
)
def test_damaged_files_are_refused(data: bytes, problem: str) -> None:
    """Half a list must never take the place of a whole one."""
    with pytest.raises(SourceError, match=problem):
        parse([SourceFile("dpl.txt", data)])


@settings(deadline=None, max_examples=100)
@given(st.integers(min_value=1, max_value=len(_ROW) - 2))
def test_any_cut_inside_a_row_is_refused(size: int) -> None:
    """There is no end mark; a row cut anywhere is an error, not a party with half an address."""
    data = _HEADER + _ROW + _ROW[:size]
    with pytest.raises(SourceError):
        parse([SourceFile("dpl.txt", data)])


def test_recognised_by_header_alone() -> None:
    """Quoted or not, whatever the file is called; a table with other columns is not this list."""
    assert recognise(SourceFile("anything", _HEADER)) == "txt"
    assert recognise(SourceFile("anything", _HEADER.replace(b'"', b""))) == "txt"
    assert recognise(SourceFile("dpl.txt", b"COUNTRY,NAME,ADDRESS\n")) is None
    assert recognise(SourceFile("dpl.txt", b"")) is None


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("bis_dpl_2019-07.txt.gz", 546),
        ("bis_dpl_2022-09.txt.gz", 581),
        ("bis_dpl_2023-11.txt.gz", 665),
        ("bis_dpl_fixture.txt", 9),
    ],
)
def test_published_files_are_read_whole(name: str, count: int) -> None:
    """Each row of four dates becomes an entry with its own id."""
    path = SHARED / "us_trade" / name
    if not path.exists():
        pytest.skip(f"shared data not here: {path}")
    data = path.read_bytes()
    parsed = parse([SourceFile(name, gzip.decompress(data) if name.endswith(".gz") else data)])
    assert len(parsed.entries) == count
    assert len({one.entity.entity_id for one in parsed.entries}) == count
    assert parsed.unknown.total() <= 1


def test_binary_junk_with_a_carriage_return_is_not_this_list() -> None:
    """A file of bytes that no CSV reader takes is a stranger, not a crash."""
    assert recognise(SourceFile("junk.bin", b"\x00\x01\rName\t\x00Street\r\x02")) is None
