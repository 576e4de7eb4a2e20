"""Every fact of the starter pack stands in the publishers' own files, where we have them."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tumen.demo import LISTS, SOURCES
from tumen.lists.bundle import PackedFile
from tumen.lists.reader import ParsedList
from tumen.lists.recognise import recognise
from tumen.lists.registry import published_lists
from tumen.model.listing import ListEntry

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()
# Parties listed after the last whole OFAC list we have: (names, addresses) lists tell of them.
LATER = {"50604", "52119"}


def pack(list_id: str) -> ParsedList:
    """One list of the starter pack."""
    registry = published_lists()
    (bundle,) = [b for b in recognise([LISTS], registry).bundles if b.list_id == list_id]
    return registry.reader(list_id).parse(bundle.read())


def need(name: str) -> Path:
    """A file of real data; the test is skipped where it is not at hand."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not here: the pack was checked against it when it was made")
    return path


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a CSV file of OFAC's."""
    with gzip.open(need(name), "rt", encoding="utf-8", errors="replace", newline="") as stream:
        yield from (row for row in csv.reader(stream) if len(row) > 1)


def official(list_id: str, path: Path) -> dict[str, ListEntry]:
    """A published file as our reader reads it."""
    from tumen.lists.bundle import Limits

    file = PackedFile(path).read(Limits())
    parsed = published_lists().reader(list_id).parse([file])
    return {entry.entity.entity_id: entry for entry in parsed.entries}


def assert_facts_of(ours: ListEntry, theirs: ListEntry, leave: frozenset[str]) -> None:
    """All we state, they state: names, facts, programmes and dates."""
    key = ours.entity.entity_id
    known = {name.text for name in theirs.names}
    assert {name.text for name in ours.names} <= known, key
    for prop, values in ours.entity.properties.items():
        if prop not in leave:
            assert set(values) <= set(theirs.entity.get(prop)), (key, prop)
    listed = {(d.programme, d.listed_on) for d in theirs.designations}
    assert {(d.programme, d.listed_on) for d in ours.designations} <= listed, key


def test_un_facts_are_the_security_councils() -> None:
    """UN entries agree with the consolidated list of 2026-02-27; only comments are ours."""
    theirs = official("un_sc_sanctions", need("un/un_consolidated_2026-02-27.xml.gz"))
    for entry in pack("un_sc_sanctions").entries:
        found = theirs[entry.entity.entity_id]
        assert entry.entity.schema == found.entity.schema
        assert_facts_of(entry, found, frozenset({"notes"}))
        assert not set(sentences(entry)) & set(sentences(found))


def sentences(entry: ListEntry) -> list[str]:
    """The sentences of an entry's free text."""
    return [text.strip() for text in re.split(r"[.;]\s", entry.remarks) if len(text) > 20]


def test_uk_facts_are_the_foreign_offices() -> None:
    """The UK entry agrees with the official file it was taken from; the reason is ours."""
    theirs = official("gb_fcdo_sanctions", need("uk/uksl_csv_format_2026-10-08_sample.csv"))
    for entry in pack("gb_fcdo_sanctions").entries:
        assert_facts_of(entry, theirs[entry.entity.entity_id], frozenset({"notes"}))
        assert entry.designations[0].reason != theirs[entry.entity.entity_id].designations[0].reason


def test_eu_facts_are_the_journals() -> None:
    """EU rows have the journal's names, dates and numbers, and none of its sentences."""
    for path in sorted(LISTS.glob("3*.csv")):
        act = need(f"eu/journal_sanctions/consolidated/{path.name[:10]}.csv")
        with act.open(encoding="utf-8-sig", newline="") as stream:
            theirs = {(row["annex"], row["recordId"]): row for row in csv.DictReader(stream)}
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                check_journal_row(row, theirs[row["annex"], row["recordId"]])


def check_journal_row(ours: dict[str, str], theirs: dict[str, str]) -> None:
    """One row of ours against the journal's."""
    for column in ("celex", "programKey", "startDate", "name", "birthDate", "imoNumber"):
        assert ours[column] == theirs[column], (ours["name"], column)
    for column in ("gender", "registrationNumber", "passportNumber"):
        assert ours[column] in ("", theirs[column]), (ours["name"], column)
    printed = theirs["alias"].replace("‘", "").replace("’", "")
    for alias in filter(None, ours["alias"].split("; ")):
        assert alias in printed, alias
    assert ours["reason"] not in theirs["reason"]


def test_ofac_names_and_programmes_are_ofacs() -> None:
    """Names stand in OFAC's name files, programmes and numbers in sdn.csv of May 2024."""
    primary = {row[0]: row for row in rows("ofac/sdn_csv/sdn_2024-05-03.csv.gz")}
    names: dict[str, set[str]] = {}
    for row in rows("ofac/legacy_sets/2025-12-24/alt.csv.gz"):
        names.setdefault(row[0], set()).add(row[3])
    for entry in pack("us_ofac_sdn").entries:
        uid = entry.entity.entity_id.partition(":")[2].partition("-")[0]
        if uid in LATER:
            continue
        row = primary[uid]
        check_ofac_entry(entry, row, names.get(uid, set()) | {row[1]})


def check_ofac_entry(entry: ListEntry, row: list[str], names: set[str]) -> None:
    """One entry of ours against OFAC's row and names."""
    key, remarks = entry.entity.entity_id, row[11]
    for source in entry.fields:
        if source.prop in ("name", "alias", "weakAlias", "previousName"):
            text = source.raw or source.value
            assert text in names or f"'{text}'" in remarks, (key, text)
    if row[0] != "22488":  # Two more programmes were added in September 2024.
        assert {d.programme for d in entry.designations} == set(row[3].strip().split("] [")), key
    for prop in ("passportNumber", "taxNumber", "registrationNumber", "imoNumber", "publicKey"):
        for value in entry.entity.get(prop):
            assert value in remarks, (key, prop, value)


def test_ofac_parties_were_still_listed_later() -> None:
    """Every uid stands in the name list of November 2025, those listed after May 2024 as well."""
    names: dict[str, set[str]] = {}
    with gzip.open(need("ofac/sdn_advanced_names_2025-11.jsonl.gz"), "rt") as stream:
        for line in stream:
            one: dict[str, Any] = json.loads(line)
            names[str(one["entity_id"])] = {name["full_name"].casefold() for name in one["names"]}
    for entry in pack("us_ofac_sdn").entries:
        uid = entry.entity.entity_id.partition(":")[2].partition("-")[0]
        assert uid in names
        if uid in LATER:
            assert {name.text.casefold() for name in entry.names} <= names[uid]


def test_ofac_programmes_of_later_parties() -> None:
    """The programmes of what was listed or changed after May 2024 are those of May 2025."""
    found = {row[0]: row[4].split(", ") for row in rows("ofac/sdn_parsed_2025-05.csv.gz")}
    ours = {e.entity.caption: e for e in pack("us_ofac_sdn").entries}
    for name in ("MRB BANK", "VOSTOK TRADING LIMITED LIABILITY COMPANY", "TSMRBANK, OOO"):
        assert [d.programme for d in ours[name].designations] == found[name]


def test_ofac_dates_lie_where_the_history_puts_them() -> None:
    """A party is in the first list downloaded on or after its listing date, in none before.

    OFAC's CSV states no date; the dates are those of OFAC's announcements.
    """
    dates = listing_dates()
    downloads = history()
    for uid, listed in dates.items():
        before = [uids for day, uids in downloads if day < listed]
        after = [uids for day, uids in downloads if day > listed]
        assert not before or uid not in before[-1], (uid, listed)
        assert not after or uid in LATER or uid in after[0], (uid, listed)


def listing_dates() -> dict[str, str]:
    """The listing dates of the OFAC entries, by uid."""
    with SOURCES.open(encoding="utf-8", newline="") as stream:
        return {
            row["entity_id"].partition(":")[2]: row["listed_on"]
            for row in csv.DictReader(stream)
            if row["entity_id"].startswith("us_ofac_sdn:") and row["listed_on"]
        }


def history() -> list[tuple[str, set[str]]]:
    """The uids in sdn.csv on some days from 2018 to 2024, oldest first."""
    days = {
        "2018-01-26": "ofac/sdn_csv/sdn_2018-01_archer.csv.gz",
        "2019-01-04": "ofac/legacy_sets/2019-01/sdn.csv.gz",
        "2021-04-25": "ofac/legacy_sets/2021-04_garybogle/sdn.csv.gz",
        "2021-08-18": "ofac/sdn_csv/sdn_2021-08-18.csv.gz",
        "2021-12-30": "ofac/sdn_csv/sdn_2021-12-30.csv.gz",
        "2022-02-25": "ofac/sdn_csv/sdn_2022-02-25.csv.gz",
        "2022-06-28": "ofac/sdn_csv/sdn_2022-06-28.csv.gz",
        "2022-12-28": "ofac/sdn_csv/sdn_2022-12-28.csv.gz",
        "2023-06-29": "ofac/sdn_csv/sdn_2023-06-29.csv.gz",
        "2023-11-02": "ofac/sdn_csv/sdn_2023-11-02.csv.gz",
        "2023-12-12": "ofac/sdn_csv/sdn_2023-12-12.csv.gz",
        "2024-05-03": "ofac/sdn_csv/sdn_2024-05-03.csv.gz",
    }
    return [(day, {row[0] for row in rows(name)}) for day, name in days.items()]


def test_wallets_are_in_the_address_lists() -> None:
    """Each wallet stands, letter for letter, in an independent extract of OFAC's addresses."""
    folder = need("crypto/0xB10C_2024-09-27")
    known = set()
    for path in folder.glob("*.txt"):
        known |= {line.strip().lower() for line in path.read_text("utf-8").splitlines()}
    for entry in pack("us_ofac_sdn").entries:
        for address in entry.entity.get("publicKey"):
            assert address.lower() in known, address
