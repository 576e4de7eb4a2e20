"""Cells of the UK's lists that hold several values, or a number with words around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.lists.formats.cells import document_numbers, split_cell


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Kandahar", ["Kandahar"]),
        ("(1) Somali (2) Swedish", ["Somali", "Swedish"]),
        ("1) Saudi Arabia 2) Qatar", ["Saudi Arabia", "Qatar"]),
        ("a) Jordanian b) American", ["Jordanian", "American"]),
        ("(1)-(5) Tunisia (6)-(7) Algeria", ["Tunisia", "Algeria"]),
        ("(1) to (6) Algeria (7) Morocco", ["Algeria", "Morocco"]),
        ("(1) Bengasi (2) Tripoli (3) - (4) -", ["Bengasi", "Tripoli"]),
        ("(a) 9003213 issued in Iran(b) 6620505", ["9003213 issued in Iran", "6620505"]),
        ("Asset freeze|Travel ban|Asset freeze", ["Asset freeze", "Travel ban"]),
        ("Captain; Colonel", ["Captain", "Colonel"]),
        ("Ministry (Branch)", ["Ministry (Branch)"]),
        ("N/A", []),
        ("", []),
    ],
)
def test_cells_with_several_values(cell: str, expected: list[str]) -> None:
    """Every way in which the UK numbers values in one cell."""
    assert split_cell(cell) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AA780554 (Filipino)", ["AA780554"]),
        ("Passport No: 592667 (Qatari passport issued on 3 May 2007).", ["592667"]),
        ("27082171 (United States of America). Issued 21 June 1992 in Amman", ["27082171"]),
        ("284158, expires 21 Aug 2005 (Iraq)", ["284158"]),
        ("D 000769 (Afghan). Issued on 2 Feb 1997", ["D 000769"]),
        ("A 11263265", ["A 11263265"]),
        ("44103-5251752-5 (Pakistan)", ["44103-5251752-5"]),
        ("Italian Fiscal Code ABCDEF63H28Z352V", ["ABCDEF63H28Z352V"]),
        ("Yemeni passport number 17979 issued under name X. Yemeni passport number 02117777 "
         "issued on 8.11.2005 under name Y.", ["17979", "02117777"]),
        ("Uganda Passport.", []),
        ("Issued in 1993", []),
    ],
)  # fmt: skip
def test_numbers_of_documents(text: str, expected: list[str]) -> None:
    """A date of issue is never taken for a passport's number."""
    assert document_numbers(text) == expected


@given(st.lists(st.text("ABCXYZ", min_size=5, max_size=9), min_size=1, max_size=8, unique=True))
def test_numbered_values_survive(values: list[str]) -> None:
    """Whatever is numbered comes out again, in its order."""
    cell = " ".join(f"({number}) {value}" for number, value in enumerate(values, start=1))
    assert split_cell(cell) == values
