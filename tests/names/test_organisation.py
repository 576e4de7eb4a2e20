"""Names of organisations: forms, generic words, places, numbers, acronyms, likeness of words."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from tumen.names import legal_forms, numerals
from tumen.names import organisation as org
from tumen.names.organisation import OrgKind, OrgWord
from tumen.names.tables import table

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


def _read(text: str) -> tuple[OrgWord, ...]:
    return org.read(tuple(text.split()))


def _texts(text: str, kind: OrgKind | None = None) -> list[str]:
    return [word.text for word in _read(text) if kind is None or word.kind is kind]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("siemens aktiengesellschaft", "ag"),
        ("siemens ag", "ag"),
        ("acme limited", "ltd"),
        ("acme incorporated", "inc"),
        ("acme corporation", "corp"),
        ("limited liability company acme", "llc"),
        ("acme l l c", "llc"),
        ("acme n a", "na"),
        ("acme s a r l", "sarl"),
        ("acme s a de c v", "sacv"),
        ("acme sp z o o", "spzoo"),
        ("acme p l c", "plc"),
        ("volkswagen gesellschaft mit beschrankter haftung", "gmbh"),
        ("ooo acme", "ooo"),
        ("o o o acme", "ooo"),
        ("obshchestvo s ogranichennoy otvetstvennostyu acme", "ooo"),
        ("pao acme", "pjsc"),
        ("acme public joint stock company", "pjsc"),
        ("oao acme", "ojsc"),
        ("acme open joint stock company", "ojsc"),
        ("ao acme", "jsc"),
        ("aktsionernoe obshchestvo acme", "jsc"),
        ("acme sdn bhd", "sdnbhd"),
        ("pt acme tbk", "tbk"),
        ("acme anonim sirketi", "as"),
        ("federal state unitary enterprise acme", "fgup"),
        ("societatea cu raspundere limitata acme", "srl"),
        ("acmellc", "llc"),
    ],
)
def test_a_legal_form_has_one_code_in_every_spelling(text: str, code: str) -> None:
    """A form spelt out and its initials must not look like two words of the name."""
    assert code in _texts(text, OrgKind.LEGAL_FORM)
    names = _texts(text, OrgKind.NAME)
    assert len(names) == 1
    assert names[0] in ("acme", "siemens", "volkswagen")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ab llc", ["ab"]),
        ("se blick gmbh", ["se", "blick"]),
        ("na blick stone", ["na", "blick", "stone"]),
        ("blick ab sweden", ["blick"]),
        ("li ning company ltd", ["li", "ning"]),
    ],
)
def test_a_short_word_is_a_form_only_where_forms_stand(text: str, names: list[str]) -> None:
    """Two letters at the head of a name are the name, not a form of another country."""
    assert _texts(text, OrgKind.NAME) == names
    assert org.read(()) == ()


def test_a_form_before_a_country_is_still_a_form() -> None:
    """`S.A.R.L. (France)` and `France S.A.R.L.` are the same form."""
    for text in ("bowne s a r l france", "bowne france s a r l", "bowne france sarl"):
        assert set(_texts(text)) == {"bowne", "france", "sarl"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("j p morgan and co", "jp morgan co"),
        ("h and m hennes and mauritz ab", "h m hennes mauritz ab"),
        ("standard and poors", "standard poors"),
        ("the acme company", "acme company"),
        ("people s bank of china", "peoples bank of china"),
        ("first bank int l", "1st bank international"),
        ("acme trdg co", "acme trading company"),
        ("acme svcs", "acme services"),
        ("acme srvces", "acme service"),
        ("acme hldgs", "acme holding"),
        ("acme gen trdg est", "acme general trading establishment"),
        ("acme engg", "acme engineering"),
        ("acme mfg", "acme manufacturing"),
        ("acme intl dev", "acme international development"),
        ("acme industries", "acme industry"),
        ("acme technologies", "acme tekhnologii"),
        ("acme torgovaya kompaniya", "acme trading company"),
        ("torgovyy dom acme", "trading house acme"),
        ("nauchno issledovatelskiy institut acme", "scientific research institute acme"),
        ("jsc murom instrument making plant",
         "aktsionernoe obshchestvo muromskiy priborostroitelnyy zavod"),
        ("choson acme muyok", "korean acme trading"),
        ("sharika acme", "sherkat acme"),
        ("bank markazi iran", "central bank iran"),
        ("u s department of state", "united states department of state"),
        ("international labour organization", "international labor organisation"),
        ("brigade forty four", "brigade 44"),
        ("3 percenters", "three percenters"),
        ("acme ii", "acme 2"),
        ("factory no 5", "factory 5"),
        ("acme importaciones y exportaciones", "acme import export"),
        ("acme impex", "acme import and export"),
        ("individualny predprinimatel acme", "individualnyy predprinimatel acme"),
        ("nauchno issledovatelsky institut acme", "nii acme"),
        ("nepublichnoye aktsionernoye obshchestvo acme", "nao acme"),
        ("acme mao yi you xian gong si", "acme trading limited"),
        ("economic co operation fund", "economic cooperation fund"),
    ],
)  # fmt: skip
def test_two_ways_to_write_one_name_read_the_same(left: str, right: str) -> None:
    """Abbreviation, translation and punctuation must cost nothing in a comparison."""

    def told(text: str) -> list[str]:
        return sorted(w.text for w in _read(text) if w.kind is not OrgKind.STOPWORD)

    assert told(left) == told(right)


@pytest.mark.parametrize("text", ["fund x l p", "fund v l p", "trust i", "partners vii l p"])
def test_a_series_mark_is_a_number(text: str) -> None:
    """Funds of one series differ by nothing else, and a dotted form must not swallow the mark."""
    assert len(_texts(text, OrgKind.NUMBER)) == 1
    assert _texts("xi holding", OrgKind.NUMBER) == []
    assert _texts("vi chemicals", OrgKind.NAME) == ["vi"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("corp", False),
        ("company", False),
        ("trading llc", False),
        ("general trading company", False),
        ("international trading group ltd", False),
        ("management company 23", False),
        ("iran", False),
        ("", False),
        ("acme", True),
        ("acme trading llc", True),
        ("bank of russia", True),
        ("korea mining development trading corporation", True),
        ("factory 1089", True),
        ("united aircraft corporation", True),
        ("jsc energiya", True),
        ("energy llc", False),
        ("bank saderat plc", True),
        ("bank melli", True),
    ],
)
def test_evidence(text: str, expected: bool) -> None:
    """A name of nothing but trade words must not raise a hit; a listed bank must."""
    assert org.is_evidence(_read(text)) is expected


def test_weights_fall_with_what_a_word_tells() -> None:
    """A shared `Ltd` or `Trading` must never outweigh a name that differs."""
    order = [
        OrgWord("acme"),
        OrgWord("5", OrgKind.NUMBER),
        OrgWord("korea", OrgKind.PLACE),
        OrgWord("oil", OrgKind.GENERIC),
        OrgWord("trading", OrgKind.GENERIC),
        OrgWord("ltd", OrgKind.LEGAL_FORM),
        OrgWord("of", OrgKind.STOPWORD),
    ]
    weights = [org.weight(word) for word in order]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == 1.0
    assert weights[-1] == 0.0


@pytest.mark.parametrize(
    ("left", "right", "lowest", "highest"),
    [
        ("crystalord", "crystalord", 1.0, 1.0),
        ("cristalord", "crystalord", 0.9, 1.0),
        ("gasprom", "gazprom", 0.9, 1.0),
        ("faberlick", "faberlic", 0.9, 1.0),
        ("uralskiy", "ural", 0.9, 1.0),
        ("crgll", "cargill", 0.0, 0.95),
        ("chevon", "chevron", 0.8, 0.95),
        ("glenmore", "glencore", 0.8, 0.95),
        ("trafalgura", "trafigura", 0.7, 0.85),
        ("ltd", "llc", 0.9, 0.9),
        ("ag", "gmbh", 0.0, 0.0),
        ("snow", "snoe", 0.0, 0.75),
        ("bd", "bp", 0.0, 0.0),
        ("bwi", "bae", 0.0, 0.0),
        ("puffin", "puccini", 0.0, 0.59),
        ("estonia", "ethiopia", 0.0, 0.0),
        ("gas", "oil", 0.0, 0.0),
        ("slovakia", "slovenia", 0.0, 0.0),
        ("ahl1", "ahl2", 0.0, 0.0),
        ("siemens", "volkswagen", 0.0, 0.59),
        ("hathaway", "halloway", 0.0, 0.69),
    ],
)
def test_likeness_of_two_words(left: str, right: str, lowest: float, highest: float) -> None:
    """A slip in a long brand is forgiven; short brands, places and numbers are exact."""
    assert lowest <= org.similarity(left, right) <= highest
    assert org.similarity(left, right) == org.similarity(right, left)


WORDS = st.lists(st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True), max_size=8).map(tuple)


@given(WORDS)
def test_every_word_is_read(words: tuple[str, ...]) -> None:
    """No input may crash the reading, lose a name in silence, or give an empty word."""
    found = org.read(words)
    assert all(word.text for word in found)
    assert 0 <= sum(org.weight(word) for word in found) <= 2 * len(words) + 3
    if words and not set(words) & _table_words("dropped"):
        assert found


@given(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.from_regex(r"[a-z]{1,9}", fullmatch=True))
def test_similarity_is_bounded_and_symmetric(left: str, right: str) -> None:
    """The engine multiplies likeness by weights: it must stay within 0 and 1."""
    assert 0.0 <= org.similarity(left, right) <= 1.0
    assert org.similarity(left, right) == org.similarity(right, left)


def _table_words(section: str) -> set[str]:
    return set(table("generic_words")[section].replace(" ", "").split(","))


def test_a_long_name_is_read_whole() -> None:
    """A hundred words (a payment's free text) lose nothing."""
    assert len(org.read(tuple(f"acme{at}" for at in range(100)))) == 100


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("forty", "four"), ("44", 2)),
        (("nineteen",), ("19", 1)),
        (("twenty", "acme"), ("20", 1)),
        (("007",), ("7", 1)),
        (("000",), ("0", 1)),
        (("no", "9"), ("9", 2)),
        (("acme",), None),
        (("ii",), None),
    ],
)
def test_numerals(words: tuple[str, ...], expected: tuple[str, int] | None) -> None:
    """Numbers in words and digits give the same digits."""
    assert numerals.read_at(words, 0) == expected
    assert numerals.ordinal("3rd") == "third"
    assert numerals.ordinal("81st") == "81st"
    assert numerals.ordinal_value("1ya") == 1
    assert numerals.ordinal_value("acme") is None


def test_tables_hold_plain_words_only() -> None:
    """A spelling with a capital or an accent would never meet a cleaned name."""
    plain = re.compile(r"[a-z0-9 ,~]*")
    for name in ("abbreviations", "places"):
        for concept, listed in table(name).items():
            assert plain.fullmatch(concept + listed), concept
    for codes in table("legal_forms").values():
        for code, listed in codes.items():
            assert plain.fullmatch(code + listed), code


def test_no_form_has_two_codes() -> None:
    """A spelling under two codes would be read by the order of a file."""
    seen: dict[str, str] = {}
    for group, codes in table("legal_forms").items():
        if group == "positions":
            continue
        for code, listed in codes.items():
            for spelling in filter(None, map(str.strip, listed.split(","))):
                assert seen.setdefault(spelling, code) == code, spelling
    assert legal_forms.group_of("acme") == ""


def test_listed_companies_keep_a_name() -> None:
    """Of real listed organisations, hardly any may be read as nothing but generic words."""
    path = SHARED / "bench" / "name_pairs_dev.csv"
    if not path.exists():
        pytest.skip(f"real name pairs not found at {path}")
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["schema"] == "Company"]
    names = {row["name1"] for row in rows} | {row["name2"] for row in rows}
    plain = [re.sub(r"[^a-z0-9]+", " ", anyascii(name).lower()).split() for name in names]
    empty = [words for words in plain if not org.is_evidence(org.read(tuple(words)))]
    assert len(empty) <= 3, empty
