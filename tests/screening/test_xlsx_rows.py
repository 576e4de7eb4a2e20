"""A sheet's XML becomes cells as a spreadsheet program shows them, in one pass."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import XMLSyntaxError
from openpyxl.utils import get_column_letter

from tumen.errors import RecordError, SourceError
from tumen.screening.book import read_book
from tumen.screening.xlsx_rows import SheetFacts, _column, read_rows

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FACTS = SheetFacts(["first", "second"], {4}, datetime(1899, 12, 30))  # noqa: DTZ001


def rows(xml: str) -> list[tuple[int, list[Any] | RecordError]]:
    """The rows of a sheet with this content."""
    whole = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{xml}</sheetData></worksheet>'
    return list(read_rows(io.BytesIO(whole.encode()), FACTS))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c t="s"><v>1</v></c>', "second"),
        ('<c t="inlineStr"><is><t>plain</t></is></c>', "plain"),
        ('<c t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r></is></c>', "two runs"),
        ('<c t="inlineStr"><is><t>金</t><rPh><t>キム</t></rPh></is></c>', "金"),
        ('<c t="str"><f>A1</f><v>computed</v></c>', "computed"),
        ("<c><v>1984</v></c>", 1984),
        ("<c><v>1.5</v></c>", 1.5),
        ("<c><v>1E3</v></c>", 1000.0),
        ("<c><f>A1+1</f><v>7</v></c>", 7),
        ('<c s="4"><v>30376</v></c>', datetime(1983, 3, 1)),  # noqa: DTZ001
        ('<c s="4"><v>99999999999</v></c>', 99999999999),
        ('<c t="d"><v>1983-03-01</v></c>', "1983-03-01"),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
    ],
)
def test_every_type_of_cell(cell: str, value: Any) -> None:
    """As the file format has them."""
    assert rows(f"<row>{cell}</row>") == [(1, [value])]


def test_what_is_left_out_is_empty() -> None:
    """Cells and rows may be missing; places count, also where they are not stated."""
    xml = (
        '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c><c><v>3</v></c></row>'
        '<row r="5"><c r="A5"/></row><row r="7"><c r="A7"><v>4</v></c></row>'
        "<row><c><v>5</v></c></row>"
    )
    assert rows(xml) == [(2, [None, 1, None, 2, 3]), (7, [4]), (8, [5])]


@pytest.mark.parametrize("cell", ["<c><f>A1</f></c>", "<c><f>A1</f><v/></c>"])
def test_a_formula_nobody_computed_is_a_problem_of_its_row(cell: str) -> None:
    """The other rows are read."""
    (_, broken), (_, fine) = rows(f"<row>{cell}</row><row><c><v>1</v></c></row>")
    assert isinstance(broken, RecordError)
    assert "formula without its value" in broken.problem
    assert fine == [1]


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell() -> None:
    """`=IF(A2="","",A2)` is common, and no damage."""
    assert rows('<row><c><v>1</v></c><c t="str"><f>IF(1,"")</f><v></v></c></row>') == [
        (1, [1, None])
    ]


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        ("<row><c><v>1</v></row>", XMLSyntaxError),
        ('<row><c t="s"><v>9</v></c></row>', IndexError),
        ('<row r="x"/>', ValueError),
        ("<row><c><v>one</v></c></row>", ValueError),
    ],
)
def test_damage_is_not_read_over(xml: str, error: type[Exception]) -> None:
    """A cell that refers to nothing must not come out as an empty one."""
    with pytest.raises(error):
        rows(xml)


@given(st.integers(min_value=1, max_value=16_384))
def test_columns_are_numbered_as_openpyxl_numbers_them(number: int) -> None:
    """Up to the last column there is."""
    assert _column(get_column_letter(number)) == number - 1


def test_the_rows_are_those_that_openpyxl_reads(tmp_path: Path) -> None:
    """The two readers agree on a sheet with texts, numbers, dates and gaps."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in [["a", None, 3], [None] * 3, [datetime(1980, 5, 6), "ü", 1.25], [None, "x", True]]:  # noqa: DTZ001
        sheet.append(row)
    path = tmp_path / "book.xlsx"
    made.save(path)
    theirs = openpyxl.load_workbook(path, read_only=True)
    expected = [list(row) for row in theirs.worksheets[0].iter_rows(values_only=True)]
    archive: Any = theirs
    facts = SheetFacts(["a", "ü", "x"], archive._date_formats, theirs.epoch)
    with zipfile.ZipFile(path) as files, files.open("xl/worksheets/sheet1.xml") as stream:
        found = [(number, cells) for number, cells in read_rows(stream, facts)]
    theirs.close()
    assert found == [(1, expected[0]), (3, expected[2]), (4, expected[3])]


def test_a_sheet_that_breaks_off_is_one_problem_at_the_end(tmp_path: Path) -> None:
    """The rows before it are screened, the rest is named."""
    path, broken = tmp_path / "book.xlsx", tmp_path / "broken.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in [["name"], *([f"Person {number}"] for number in range(5_000))]:
        sheet.append(row)
    made.save(path)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    *read, last = read_book(broken)
    assert len(read) > 1_000
    assert "The rest of the file was not read" in getattr(last, "problem", "")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<x" if "sheet1" in name else source.read(name))
    with pytest.raises(SourceError, match="Save or export it again"):
        list(read_book(broken))
