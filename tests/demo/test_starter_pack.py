"""The starter pack is read whole by the real readers, and says of each entry where it is from."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from tumen.demo import LISTS, SOURCES
from tumen.lists.recognise import recognise
from tumen.lists.registry import published_lists
from tumen.model.dates import parse_date
from tumen.model.listing import ListEntry

AUTHORITIES = {
    "eu_journal_sanctions": "Council of the European Union",
    "gb_fcdo_sanctions": "Foreign, Commonwealth & Development Office",
    "un_sc_sanctions": "United Nations Security Council",
    "us_ofac_sdn": "Office of Foreign Assets Control",
}
# Where the acts can be read: the authorities' own addresses.
PUBLISHERS = (
    "https://eur-lex.europa.eu/",
    "https://main.un.org/",
    "https://sanctionssearch.ofac.treas.gov/",
    "https://www.gov.uk/",
)


@pytest.fixture(scope="module")
def entries() -> dict[str, ListEntry]:
    """All entries of the pack by id."""
    registry, found = published_lists(), {}
    for bundle in recognise([LISTS], registry).bundles:
        for entry in registry.reader(bundle.list_id).parse(bundle.read()).entries:
            found[entry.entity.entity_id] = entry
    return found


@pytest.fixture(scope="module")
def sources() -> dict[str, dict[str, str]]:
    """What `sources.csv` says of each entry."""
    with SOURCES.open(encoding="utf-8", newline="") as stream:
        return {row["entity_id"]: row for row in csv.DictReader(stream)}


def test_every_file_is_recognised() -> None:
    """The pack takes the path of real lists: one bundle for each of the four authorities."""
    found = recognise([LISTS], published_lists())
    assert found.unrecognised == ()
    assert {bundle.list_id for bundle in found.bundles} == set(AUTHORITIES)


@pytest.mark.parametrize("list_id", AUTHORITIES)
def test_nothing_is_unknown_to_the_readers(list_id: str) -> None:
    """A value that no reader understands is a slip of ours."""
    registry = published_lists()
    bundles = [b for b in recognise([LISTS], registry).bundles if b.list_id == list_id]
    for bundle in bundles:
        parsed = registry.reader(list_id).parse(bundle.read())
        assert parsed.unknown == {}
        assert parsed.warnings == ()
        assert parsed.published_on or bundle.named_date


def test_the_pack_is_small_and_mixed(entries: dict[str, ListEntry]) -> None:
    """Persons, organisations, vessels and wallets are all in it."""
    schemata = {entry.entity.schema for entry in entries.values()}
    assert {"Person", "Organization", "Company", "Vessel", "CryptoWallet"} <= schemata
    designated = [e for e in entries.values() if e.entity.schema != "CryptoWallet"]
    assert 50 <= len(designated) <= 100


def test_each_entry_has_its_source(
    entries: dict[str, ListEntry], sources: dict[str, dict[str, str]]
) -> None:
    """No entry without a row in sources.csv, no row without an entry; wallets go with owners."""
    own = {key for key, entry in entries.items() if entry.entity.schema != "CryptoWallet"}
    assert own == set(sources)


def test_sources_agree_with_the_lists(
    entries: dict[str, ListEntry], sources: dict[str, dict[str, str]]
) -> None:
    """Authority, programmes and listing date are the same in both places."""
    for key, row in sources.items():
        designations = entries[key].designations
        assert {d.authority.split(" (")[0] for d in designations} == {row["authority"]}, key
        assert row["authority"] == AUTHORITIES[key.partition(":")[0]]
        assert {d.programme for d in designations} == set(row["programme"].split("; ")), key
        assert {d.listed_on for d in designations} == {row["listed_on"]}, key


def test_reasons_are_ours_and_short(
    entries: dict[str, ListEntry], sources: dict[str, dict[str, str]]
) -> None:
    """Where a format carries a reason it is the one in sources.csv: one short sentence."""
    for key, row in sources.items():
        assert 10 < len(row["reason"]) <= 110, key
        assert row["reason"].endswith("."), key
        stated = {d.reason for d in entries[key].designations} - {""}
        assert stated <= {row["reason"]}, key


def test_each_source_leads_to_a_publisher(sources: dict[str, dict[str, str]]) -> None:
    """Legal basis and address are given for all, and the address is an authority's."""
    for key, row in sources.items():
        assert row["legal_basis"], key
        assert row["source"].startswith(PUBLISHERS), key


def test_few_dates_are_missing(sources: dict[str, dict[str, str]]) -> None:
    """A date we could not verify is left out; that is the exception. None is in the future."""
    missing = [key for key, row in sources.items() if not row["listed_on"]]
    assert missing == ["us_ofac_sdn:22488"]
    for row in sources.values():
        if row["listed_on"]:
            listed = parse_date(row["listed_on"])
            assert listed is not None
            assert date(2005, 1, 1) < listed.first < date(2026, 8, 22)


def test_ship_numbers_are_valid(entries: dict[str, ListEntry]) -> None:
    """Each vessel has an IMO number, and its check digit is right: no slip of the pen."""
    vessels = [entry.entity for entry in entries.values() if entry.entity.schema == "Vessel"]
    assert len(vessels) >= 10
    for vessel in vessels:
        for number in vessel.get("imoNumber") or ("",):
            digits = [int(digit) for digit in number]
            weighted = zip(digits[:6], range(7, 1, -1), strict=True)
            total = sum(digit * weight for digit, weight in weighted)
            assert total % 10 == digits[6], vessel.caption


def test_files_say_what_they_are() -> None:
    """Each XML file says at its head that it is a sample: nobody must take it for the list."""
    for path in Path(LISTS).glob("*.xml"):
        head = path.read_text("utf-8")[:400]
        assert re.search(r"<!-- Starter pack of tumen.*out of date by design", head), path.name
