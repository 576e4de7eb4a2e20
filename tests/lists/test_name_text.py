"""One published name field that holds more than one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.lists.name_text import (
    Spelling,
    birth_dates_in,
    script_of,
    split_list,
    split_names,
)


def texts(field: str, note: str = "", *, is_person: bool = False) -> list[str]:
    """The names alone."""
    return [spelling.text for spelling in split_names(field, note, is_person=is_person)]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Kim Chol", "Latn"),
        ("Ким Чхоль", "Cyrl"),
        ("김철", "Kore"),
        ("金哲", "Hani"),
        ("كيم", "Arab"),
        ("Иван (Ivan)", "Cyrl"),
        ("ኤርሚኣስ", "Ethi"),
        ("39", ""),
        ("ⴰⴱⴳ", "Zyyy"),
    ],
)
def test_script_of_most_letters(text: str, script: str) -> None:
    """Names of other scripts are matched by other rules, so the script must be right."""
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Anna Berg; Anne Berg", ["Anna Berg", "Anne Berg"]),
        ("a) Anna Berg b) Anne Berg", ["Anna Berg", "Anne Berg"]),
        ("Northern Group, (b), Group North, (c) GN", ["Northern Group", "Group North", "GN"]),
        ("Jin Tiesan (金铁三)", ["Jin Tiesan", "金铁三"]),
        ("金铁三 (Jin Tiesan; Jin Tie San)", ["金铁三", "Jin Tiesan", "Jin Tie San"]),
        ("Anna Berg (original script: Анна Берг)", ["Anna Berg", "Анна Берг"]),
        ("Bank of the River (BOTR)", ["Bank of the River", "BOTR"]),
        ('"Anna Berg"', ["Anna Berg"]),
        (") Anna Berg", ["Anna Berg"]),
        ("Anna Berg; (AB)", ["Anna Berg", "AB"]),
        ("  Anna \n Berg ", ["Anna Berg"]),
    ],
)
def test_several_names_in_one_field(field: str, names: list[str]) -> None:
    """Joined names match nobody: each must stand alone."""
    assert texts(field) == names


@pytest.mark.parametrize(
    "field",
    [
        "RIVER FOUNDATION (SOMALIA)",
        "River Foundation (Martyrs)",
        "華信船務(香港)有限公司",
        "(Sheikh) Anna Berg",
        "STATE ROADS (NORTHERN AREA",
        "Anna-Maria Berg, Jr",
    ],
)
def test_brackets_that_are_part_of_a_name_stay(field: str) -> None:
    """A branch or a title in brackets is no alias, and cutting it off makes another party."""
    assert texts(field) == [field]


def test_a_person_has_no_acronym() -> None:
    """Initials that happen to fit must not become a person's alias."""
    assert texts("Asem Rauf Can Said (ARCS)", is_person=True) == ["Asem Rauf Can Said (ARCS)"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Anna Berg (previously listed as)", Spelling("Anna Berg", True, "previously listed as")),
        ("Anna Berg (birth name)", Spelling("Anna Berg", False, "birth name")),
        ("Anna Berg, born 1 May 1960", Spelling("Anna Berg", False, "born 1 May 1960")),
        ("Anna Berg (born in 1976)", Spelling("Anna Berg", False, "born in 1976")),
        ("Chinese:", Spelling("", False, "Chinese:")),
        ("N/A", Spelling("", False, "N/A")),
    ],
)
def test_remarks_are_kept_apart_from_the_name(field: str, expected: Spelling) -> None:
    """What is said of a name is kept, and what is no name is told as such."""
    assert split_names(field) == [expected]


def test_a_note_is_read_like_a_bracket() -> None:
    """The UN puts into NOTE what others put into brackets."""
    note = "Previously listed as. In Arabic: آنا"
    assert split_names("Anna Berg", note) == [
        Spelling("Anna Berg", True, note),
        Spelling("آنا", True),
    ]
    assert texts("Anna Berg", "the younger") == ["Anna Berg"]
    assert split_names("", "note") == []


def test_birth_dates_of_a_remark() -> None:
    """Dates of a passport in the same remark are no births."""
    note = "Date of birth (a) 31.12.1979 (b) 2 Jan. 1980; passport issued 4 May 2014"
    assert birth_dates_in(note) == ["31.12.1979", "2 Jan. 1980"]
    assert birth_dates_in("valid until 1.1.1990") == []


def test_split_list_does_not_look_into_brackets() -> None:
    """Markers inside a bracket number what is inside it."""
    assert split_list("A (a) x") == ["A", "x"]
    assert split_list("A ((a) x; (b) y); B") == ["A ((a) x; (b) y)", "B"]
    assert split_list(" ; ") == []


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_taken_apart(field: str, note: str) -> None:
    """Names come from outside: no text may crash the reader or give a blank name."""
    for spelling in split_names(field, note):
        assert spelling.text == spelling.text.strip()
        assert spelling.text or spelling.note
