"""The real lists that are measured against: the newest version there is of each."""

from __future__ import annotations

from pathlib import Path

from bench.data import DATA

OFAC_SDN = "ofac/legacy_sets/2024-01-08"
UN = "un/un_consolidated_2026-02-27.xml.gz"
# What the readers know, one version of each; the folder `data` holds older ones besides.
_ALL = (
    OFAC_SDN,
    UN,
    "ofac/xml/CONS_ENHANCED_2025-01-10.xml.gz",
    "eu/eu_global_whole_2016-02-11.xml.gz",
    "eu/journal_sanctions/consolidated",
    "uk/ofsi_ConList_2018-04-13.csv.gz",
    "uk/uksl_csv_format_2026-10-08_sample.csv",
    "ch/seco_whole_list_trimmed_2026-08-27.xml",
    "ca/sema_consolidated_2025-05.xml.gz",
    "us_trade/csl_2022-04.csv.gz",
    "us_trade/bis_dpl_2023-11.txt.gz",
    "ftm/ua_war_sanctions_targets.simple.csv.gz",
    "ftm/interpol_red_notices_targets.simple.csv.gz",
)


def un_and_ofac() -> list[Path]:
    """The UN's list of February 2026 and OFAC's of December 2023."""
    return [DATA / UN, DATA / OFAC_SDN]


def all_lists() -> list[Path]:
    """Every list that the readers know, in its newest version."""
    return [DATA / part for part in _ALL]
