"""Two sides aligned: what a reviewer is told to agree and to differ, and how a score came about."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.matching.api import compare
from tumen.model.entity import Entity
from tumen.service.pages.comparison import align, score_parts
from tumen.service.pages.comparison_rows import Agreement, SideRow

OURS = Entity(
    "p-1",
    "Person",
    {
        "name": ("Ri Won Ho",),
        "birthDate": ("1964-07-17",),
        "country": ("kr",),
        "gender": ("male",),
        "passportNumber": ("381310014",),
        "profession": ("Welder",),
    },
)
THEIRS = Entity(
    "l:1",
    "Person",
    {
        "name": ("Ri Won",),
        "alias": ("Lee Wonho", "Somebody Else"),
        "birthDate": ("1964",),
        "nationality": ("kp",),
        "gender": ("female",),
        "idNumber": ("381310014",),
        "createdAt": ("2020",),
    },
)


def rows_of(left: Entity, right: Entity) -> dict[str, SideRow]:
    """The rows of a comparison by their labels."""
    reasons = [one.to_dict() for one in compare(left, right).reasons]
    return {row.label: row for row in align(left.to_dict(), right.to_dict(), reasons)}


def test_each_field_says_whether_it_agrees() -> None:
    """A reviewer sees in words what agrees, differs, or stands on one side alone."""
    rows = rows_of(OURS, THEIRS)
    said = {label: row.verdict for label, row in rows.items()}
    assert said == {
        "Kind": Agreement.AGREES,
        "Name": Agreement.AGREES,
        "Birth date": Agreement.AGREES,
        "Country": Agreement.DIFFERS,
        "Gender": Agreement.DIFFERS,
        "Passport / identity number": Agreement.AGREES,
        "Profession": Agreement.ONLY_LEFT,
    }
    signs = {verdict.sign for verdict in said.values()}
    assert len(signs) == 3, "colour is never alone"


def test_the_values_that_met_stand_first_and_marked() -> None:
    """Of forty aliases the one that made the hit is the one to read."""
    name = rows_of(OURS, THEIRS)["Name"]
    assert [(one.text, one.kind, one.is_met) for one in name.right] == [
        ("Lee Wonho", "alias", True),
        ("Ri Won", "", False),
        ("Somebody Else", "alias", False),
    ]
    assert name.effect is not None
    assert "another romanisation" in name.text


def test_a_country_is_named_with_its_role() -> None:
    """Nationality and country of residence meet in one row, so that they can be compared."""
    country = rows_of(OURS, THEIRS)["Country"]
    assert [(one.text, one.kind) for one in country.left] == [("South Korea", "")]
    assert [(one.text, one.kind) for one in country.right] == [("North Korea", "nationality")]


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("Blue Quil", "Blue Quill", Agreement.SIMILAR),
        ("Blue Quill", "Quill Blue", Agreement.AGREES),
        ("Blue Quill", "Orange Feather", Agreement.DIFFERS),
    ],
)
def test_a_similar_name_is_not_called_the_same(left: str, right: str, verdict: Agreement) -> None:
    """Nobody releases or confirms on the word "agrees" where letters differ."""
    ours, theirs = (Entity(text, "Vessel", {"name": (text,)}) for text in (left, right))
    assert rows_of(ours, theirs)["Name"].verdict is verdict


def test_dates_that_are_only_near_are_told_apart_from_those_that_agree() -> None:
    """A birth date one part off neither agrees nor excludes."""
    theirs = Entity("l:2", "Person", {"name": ("Ri Won Ho",), "birthDate": ("1965-07-17",)})
    assert rows_of(OURS, theirs)["Birth date"].verdict is Agreement.SIMILAR
    far = Entity("l:3", "Person", {"name": ("Ri Won Ho",), "birthDate": ("1931",)})
    assert rows_of(OURS, far)["Birth date"].verdict is Agreement.DIFFERS


def test_what_met_is_shown_even_where_the_entry_is_gone() -> None:
    """An old screening reads on when its entry is no longer in any list."""
    reasons = [one.to_dict() for one in compare(OURS, THEIRS).reasons]
    rows = {row.label: row for row in align(OURS.to_dict(), {}, reasons)}
    assert [one.text for one in rows["Name"].right] == ["Lee Wonho"]
    assert rows["Country"].verdict is Agreement.DIFFERS


def test_the_parts_add_up_to_the_score() -> None:
    """The bar ends where the score stands: no part is hidden."""
    comparison = compare(OURS, THEIRS)
    parts = score_parts([one.to_dict() for one in comparison.reasons])
    assert parts[-1].after == pytest.approx(comparison.score, abs=0.001)
    assert parts[0].before == 0.0
    assert all(one.after == after.before for one, after in pairwise(parts))
    assert [one.is_gain for one in parts] == [one.effect >= 0 for one in parts]


_TEXTS = st.lists(st.text(max_size=12), max_size=3)
_PROPERTIES = st.dictionaries(
    st.sampled_from(["name", "alias", "birthDate", "country", "imoNumber", "notes", "unheard"]),
    _TEXTS,
)


@given(_PROPERTIES, _PROPERTIES)
def test_no_value_is_lost_whatever_stands_in_the_data(
    left: dict[str, list[str]], right: dict[str, list[str]]
) -> None:
    """Hostile or broken data never breaks the page, and what a side says is shown."""
    rows = align({"schema": "X", "properties": left}, {"schema": "Vessel", "properties": right})
    shown = {one.text for row in rows for one in row.left}
    given_values = {value for name, values in left.items() if name != "country" for value in values}
    assert given_values <= shown
    for row in rows:
        if row.verdict is Agreement.AGREES:
            assert any(one.is_met for one in row.left)
            assert any(one.is_met for one in row.right)
