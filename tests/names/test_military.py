"""Military units: the number is the identity, in any language around it."""

from __future__ import annotations

import pytest

from tumen.names import military
from tumen.names.military import MilitaryUnit


def _read(text: str) -> MilitaryUnit | None:
    return military.read(tuple(text.split()))


def _same(left: str, right: str) -> float | None:
    return military.same_unit(_read(left), _read(right))


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("voyskovaya chast 71718", "71718", "unit"),
        ("v ch 71718", "71718", "unit"),
        ("vch 71718", "71718", "unit"),
        ("military unit number 52688", "52688", "unit"),
        ("gru unit 29155", "29155", "unit"),
        ("field post 74455", "74455", "unit"),
        ("unit 08806", "08806", "unit"),
        ("kpa unit 586", "586", "unit"),
        ("the 924th unmanned aerial vehicle center military unit 20924", "20924", "unit"),
        ("11th storm corps", "11", "corps"),
        ("kpa 11th army corps", "11", "corps"),
        ("2 armeyskiy korpus", "2", "corps"),
        ("810 otdelnaya gvardeyskaya ordena zhukova brigada morskoy pekhoty", "810", "brigade"),
        ("810th separate naval infantry brigade", "810", "brigade"),
        ("53e brigade de missiles anti aeriens", "53", "brigade"),
        ("20th guards combined arms army", "20", "army"),
        ("33rd light infantry division of the burmese army", "33", "division"),
        ("brigade forty four", "44", "brigade"),
        ("810 ya otdelnaya gvardeyskaya brigada morskoy pekhoty", "810", "brigade"),
        ("je11gundan", "11", "corps"),
        ("third bureau", "3", "bureau"),
        ("kpa office 39", "39", "bureau"),
    ],
)
def test_a_unit_is_read_with_number_and_kind(text: str, number: str, kind: str) -> None:
    """The number must be found whatever language, order or honours surround it."""
    unit = _read(text)
    assert unit is not None
    assert (unit.number, unit.kind) == (number, kind)


@pytest.mark.parametrize(
    "text",
    [
        "1425 brickell avenue unit 46b llc",
        "pretrial detention center no 1",
        "national liberation army",
        "unit 5",
        "acme design bureau",
        "acme trading 2000",
        "kim 3",
        "",
    ],
)
def test_what_is_no_unit_is_none(text: str) -> None:
    """A flat, a prison or a company with a number must not be taken for a regiment."""
    assert _read(text) is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("voyskovaya chast 71718", "military unit 71718", 1.0),
        ("gru unit 29155", "v ch 29155", 1.0),
        ("gru unit 29155", "gru unit 74455", 0.0),
        ("11th storm corps", "11 army corps", 1.0),
        ("11th corps", "12th corps", 0.0),
        ("810 otdelnaya brigada morskoy pekhoty", "810th naval infantry brigade", 1.0),
        ("810 naval infantry brigade", "810 tank brigade", 0.7),
        ("third bureau", "3rd bureau", 1.0),
        ("9e brigade", "9 brigada", 1.0),
        ("kpa 3rd corps", "ukrainian 3rd corps", 0.0),
        ("11th corps", "11th army", 0.6),
        ("office 39", "division 39", 0.6),
        ("11th corps", "11th fleet", None),
        ("gru unit 29155", "11th corps", None),
        ("gru unit 29155", "acme", None),
    ],
)
def test_two_units(left: str, right: str, expected: float | None) -> None:
    """One number and kind is one unit; another number is another unit, however alike the words."""
    assert _same(left, right) == expected
    assert _same(right, left) == expected


def test_kinds_that_many_bodies_share_need_the_rest_too() -> None:
    """`Kim's Office 39` and `Acme's Office 39` in one army are no one office by the number."""
    alike = _same("kpa second economic committee office 39", "kpa second economic office 39")
    unlike = _same("kpa light industry office 39", "kpa munitions office 39")
    assert alike == 1.0
    assert unlike == 0.5


def test_a_field_post_is_known_by_its_digits() -> None:
    """Four or five digits name a Russian unit; three do not."""
    post, other = _read("military unit 71718"), _read("kpa unit 586")
    assert post is not None
    assert other is not None
    assert post.is_field_post
    assert not other.is_field_post
    assert not post.is_soft
