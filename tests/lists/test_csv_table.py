"""CSV read strictly: damage is named by line, never skipped."""

from __future__ import annotations

import pytest

from tumen.errors import SourceError
from tumen.lists.csv_table import decode, read_table, rows
from tumen.lists.reader import SourceFile


def test_rows_have_line_numbers_and_trimmed_cells() -> None:
    """Evidence leads back to the line, also below a cell of several lines."""
    header, found = read_table(SourceFile("t.csv", b'\xef\xbb\xbfa,b\n1,"x\ny"\n\n 2 ,z\n'))
    assert header == ["a", "b"]
    assert found == [(3, ["1", "x\ny"]), (5, ["2", "z"])]


def test_other_delimiter() -> None:
    """EU files separate by semicolons."""
    assert list(rows(SourceFile("t.csv", b""), 'a;"b;c"\n', ";")) == [(1, ["a", "b;c"])]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no header"),
        (b"a,b\n1\n", "line 2: Damaged CSV .1 cells under 2 columns"),
        (b'a,b\n1,"x\n', "Damaged CSV"),
        (b"a,b\n1,\xff\n", "line 2: Damaged CSV .not UTF-8"),
    ],
)
def test_damage_is_refused_with_its_line(data: bytes, problem: str) -> None:
    """A cut file ends inside a quote or a row; both are errors, not shorter lists."""
    with pytest.raises(SourceError, match=problem):
        read_table(SourceFile("t.csv", data))


def test_decode_drops_the_byte_order_mark() -> None:
    """The mark would become part of the first column's name."""
    assert decode(SourceFile("t.csv", b"\xef\xbb\xbfid")) == "id"
