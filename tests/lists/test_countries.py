"""Country names and codes as publishers write them."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pytest

from tumen.model.countries import country_codes, read_country

SHARED = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea, North", "kp"),
        ("Democratic People's Republic of Korea", "kp"),
        ("Democratic People’s Republic of Korea", "kp"),
        ("DPRK", "kp"),
        ("Korea, South", "kr"),
        ("Republic of Korea", "kr"),
        ("Occupied Palestinian Territory", "ps"),
        ("Palestinian", "ps"),
        ("Region: Gaza", "ps"),
        ("Region: Crimea", "ua"),
        ("Bahamas, The", "bs"),
        ("The Gambia", "gm"),
        ("GAMBIA", "gm"),
        ("Côte d'Ivoire", "ci"),
        ("Cote d Ivoire", "ci"),
        ("Türkiye", "tr"),
        ("St. Kitts & Nevis", "kn"),
        ("Saint Kitts and Nevis", "kn"),
        ("Congo, Democratic Republic of the", "cd"),
        ("Congo, Republic of the", "cg"),
        ("Burma", "mm"),
        ("Norway", "no"),
        ("NO", "no"),
        ("no", "no"),
        ("RUS", "ru"),
        ("UK", "gb"),
        ("SDN", "sd"),
        ("U.S.A.", "us"),
        ("USSR", "suhh"),
        ("Soviet Union", "suhh"),
        ("SU", "suhh"),
        ("suhh", "suhh"),
        ("Yugoslavia", "yucs"),
        ("Serbia and Montenegro", "csxx"),
        ("German Democratic Republic", "ddde"),
        ("Kosovo", "xk"),
    ],
)
def test_reads_names_and_codes(text: str, code: str) -> None:
    """One country has one code, however the publisher spells it."""
    assert read_country(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "-0-", "undetermined", "None Identified", "Atlantis", "Jalisco", "X", "QQ", "Korea"],
)
def test_unknown_is_none(text: str) -> None:
    """What is no country is never guessed: not even a Korea without north or south."""
    assert read_country(text) is None


def test_niger_is_not_nigeria() -> None:
    """Names that begin alike stay apart: nothing is matched by its beginning."""
    pairs = ["Niger", "Nigeria", "Guinea", "Guinea-Bissau", "Equatorial Guinea"]
    assert [read_country(name) for name in pairs] == ["ne", "ng", "gn", "gw", "gq"]


def test_table_has_all_of_iso_3166() -> None:
    """249 ISO countries, Kosovo, and seven states that are no more."""
    codes = country_codes()
    assert len([code for code in codes if len(code) == 2]) == 250
    assert {code for code in codes if len(code) == 4} == {
        "ancw", "cshh", "csxx", "ddde", "suhh", "yucs", "zrcd",
    }  # fmt: skip


def test_every_code_reads_itself() -> None:
    """A code given back to the reader is the same country."""
    assert {read_country(code) for code in country_codes()} == country_codes()
    assert all(read_country(code.upper()) == code for code in country_codes())


def test_addresses_of_ofac_are_all_known() -> None:
    """Every country of OFAC's own address file is read, but for what is none."""
    path = SHARED / "ofac/legacy_sets/2025-12-24/add.csv.gz"
    if not path.exists():
        pytest.skip(f"shared data not here: {path}")
    text = gzip.decompress(path.read_bytes()).decode("utf-8").rstrip("\x1a")
    found = Counter(row[4].strip() for row in csv.reader(io.StringIO(text)) if len(row) == 6)
    unknown = {name for name in found if name != "-0-" and read_country(name) is None}
    allowed = ("undetermined", "Region: ")
    assert {name for name in unknown if not name.startswith(allowed)} == set()
