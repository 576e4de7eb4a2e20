"""The real lists that are measured against: the newest version there is of each."""

from __future__ import annotations

from pathlib import Path

from bench.data import DATA

OFAC_SDN = "ofac/legacy_sets/2024-01-08"
UN = "un/un_consolidated_2026-02-27.xml.gz"
# What the readers know, one version of each; the folder `data` holds older ones besides.
_ALL = {
    OFAC_SDN: "OFAC SDN 2023-12-28",
    UN: "UN 2026-02-27",
    "ofac/xml/CONS_ENHANCED_2025-01-10.xml.gz": "OFAC consolidated 2025-01-10",
    "eu/eu_global_whole_2016-02-11.xml.gz": "EU 2016-02-11",
    "eu/journal_sanctions/consolidated": "annexes of the EU's acts, August 2026",
    "uk/ofsi_ConList_2018-04-13.csv.gz": "UK OFSI 2018-04-13",
    "uk/uksl_csv_format_2026-10-08_sample.csv": "UK sanctions list 2026-10-08 (a sample)",
    "ch/seco_whole_list_trimmed_2026-08-27.xml": "Switzerland 2026-08-27 (a sample)",
    "ca/sema_consolidated_2025-05.xml.gz": "Canada May 2025",
    "us_trade/csl_2022-04.csv.gz": "US Consolidated Screening List April 2022",
    "us_trade/bis_dpl_2023-11.txt.gz": "BIS denied persons November 2023",
    "ftm/ua_war_sanctions_targets.simple.csv.gz": "Ukraine's War & Sanctions 2026-03-13",
    "ftm/interpol_red_notices_targets.simple.csv.gz": "Interpol red notices 2025-05-23",
}


def un_and_ofac() -> list[Path]:
    """The UN's list of February 2026 and OFAC's of December 2023."""
    return [DATA / UN, DATA / OFAC_SDN]


def all_lists() -> list[Path]:
    """Every list that the readers know, in its newest version."""
    return [DATA / part for part in _ALL]


def describe() -> str:
    """All lists with their publishers' dates, in a sentence."""
    return ", ".join(_ALL.values())
