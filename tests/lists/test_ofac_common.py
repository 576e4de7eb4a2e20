"""One OFAC record gathered: names, programmes, wallets, links."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ofac_builder import make_builder

from tumen.lists.formats.ofac_common import (
    clean,
    is_wallet,
    legal_basis,
    resolve_links,
    split_person,
)
from tumen.model.listing import Link, NameKind, NameQuality


@pytest.mark.parametrize(
    ("published", "parts"),
    [
        ("KIM, Invented Man", ("Invented Man", "KIM", "")),
        ("KNOWLES, JR., Samuel", ("Samuel", "KNOWLES", "JR.")),
        ("REYES, Feliciano, Jr.", ("Feliciano", "REYES", "Jr.")),
        ("MARUF, Taha, Muhyi", ("Taha Muhyi", "MARUF", "")),
        ("ABU AMIR", ("", "ABU AMIR", "")),
        ("", ("", "", "")),
    ],
)
def test_split_person(published: str, parts: tuple[str, str, str]) -> None:
    """Given names follow the comma; a suffix is neither given name nor surname."""
    assert split_person(published) == parts


@given(st.text(max_size=60))
def test_split_person_takes_any_text(text: str) -> None:
    """No published name breaks the reader, and none of its letters are invented."""
    assert set("".join(split_person(text))) <= set(text) | {" "}


def test_person_name_is_turned_round() -> None:
    """`SURNAME, Given` becomes `Given SURNAME`, its parts kept, the published text with it."""
    builder = make_builder()
    builder.add_published_name("IVANOV, Ivan Ivanovich", "SDN_Name")
    (entry,) = builder.build_all()
    assert entry.entity.get("name") == ("Ivan Ivanovich IVANOV",)
    assert entry.entity.get("firstName") == ("Ivan Ivanovich",)
    assert entry.entity.get("lastName") == ("IVANOV",)
    assert entry.fields[0].raw == "IVANOV, Ivan Ivanovich"
    assert builder.published_name == "IVANOV, Ivan Ivanovich"


def test_company_name_with_comma_stays() -> None:
    """The comma of `CO., LTD.` parts no surname."""
    builder = make_builder("-0- ")
    builder.add_published_name("INVENTED TRADING CO., LTD.", "SDN_Name")
    (entry,) = builder.build_all()
    assert entry.entity.schema == "Organization"
    assert entry.entity.get("name") == ("INVENTED TRADING CO., LTD.",)


def test_weak_and_former_names_give_no_name_parts() -> None:
    """A nickname is nobody's first name, and both marks are kept."""
    builder = make_builder()
    builder.add_published_name("KIM, Man", "SDN_Name")
    builder.add_published_name(
        "BOSS, The", "Remarks", kind=NameKind.ALIAS, quality=NameQuality.WEAK
    )
    builder.add_published_name(
        "PAK, Man", "alt_name", kind=NameKind.FORMER, quality=NameQuality.STRONG
    )
    (entry,) = builder.build_all()
    assert entry.entity.get("lastName") == ("KIM",)
    assert entry.entity.get("weakAlias") == ("The BOSS",)
    assert entry.entity.get("previousName") == ("Man PAK",)
    assert [name.quality for name in entry.names] == [
        NameQuality.UNSTATED,
        NameQuality.WEAK,
        NameQuality.STRONG,
    ]


def test_ticker_makes_an_organisation_a_company() -> None:
    """FollowTheMoney gives tickers to companies alone: the value is kept, not noted."""
    builder = make_builder("Entity")
    builder.add("ticker", "XYZ HK", "Equity Ticker")
    (entry,) = builder.build_all()
    assert entry.entity.schema == "Company"
    assert entry.entity.get("ticker") == ("XYZ HK",)
    assert not builder.unknown


def test_property_the_schema_lacks_is_counted_and_noted() -> None:
    """A vessel with a nationality: nothing dropped in silence."""
    builder = make_builder("vessel")
    builder.add("nationality", "kp", "nationality")
    (entry,) = builder.build_all()
    assert entry.entity.get("nationality") == ()
    assert any("kp" in note for note in entry.entity.get("notes"))
    assert builder.unknown.total() == 1


def test_unknown_type_is_counted() -> None:
    """A type that OFAC has coined anew becomes a legal entity, and shows in `unknown`."""
    builder = make_builder("Submarine")
    assert builder.schema == "LegalEntity"
    assert builder.unknown == Counter({"type: Submarine": 1})


@pytest.mark.parametrize(
    ("tag", "basis"),
    [
        ("RUSSIA-EO14024", "Executive Order 14024"),
        ("BPI-RUSSIA-EO14024", "Executive Order 14024"),
        ("SDGT", ""),
        ("CUBA", ""),
    ],
)
def test_legal_basis_is_only_what_the_tag_states(tag: str, basis: str) -> None:
    """The executive order is taken from the tag, and never guessed."""
    assert legal_basis(tag) == basis


def test_each_programme_is_a_designation_with_all_measures() -> None:
    """Two programmes are two legal acts; risk notes go with both."""
    builder = make_builder()
    builder.add_programme("NPWMD")
    builder.add_programme("IFSR")
    builder.add_programme("NPWMD")
    builder.add_measure("Additional Sanctions Information: Subject to Secondary Sanctions")
    (entry,) = builder.build_all()
    assert [one.programme for one in entry.designations] == ["NPWMD", "IFSR"]
    assert all(len(one.measures) == 1 for one in entry.designations)
    assert entry.entity.get("programId") == ("NPWMD", "IFSR")


@pytest.mark.parametrize(
    ("dates", "listed_on"), [(["2022-02-24"], "2022-02-24"), (["2022-02-24", "2014-09-12"], "")]
)
def test_listing_date_only_where_there_is_one(dates: list[str], listed_on: str) -> None:
    """With several dates, of several directives, no designation claims one of them."""
    builder = make_builder("entity")
    builder.add_programme("UKRAINE-EO13662")
    builder.listed_on |= dict.fromkeys(dates)
    (entry,) = builder.build_all()
    assert entry.designations[0].listed_on == listed_on


def test_wallet_becomes_an_entry_linked_both_ways() -> None:
    """An address is found by itself, with its holder's designations, one entry per address."""
    builder = make_builder()
    builder.add_published_name("KIM, Man", "SDN_Name")
    builder.add_programme("DPRK3")
    builder.add_wallet("ETH", "0xInvented1")
    builder.add_wallet("USDT", "0xInvented1")
    builder.add_wallet("XBT", "1Invented2")
    owner, first, second = builder.build_all()
    assert first.entity.entity_id == "us_ofac_sdn:7-wallet-0xInvented1"
    assert first.entity.get("publicKey") == ("0xInvented1",)
    assert first.entity.get("currency") == ("ETH", "USDT")
    assert first.entity.get("holder") == ("us_ofac_sdn:7",)
    assert first.designations == owner.designations
    assert first.links[0].target_id == "us_ofac_sdn:7"
    assert first.links[0].is_inverse
    assert [link.target_id for link in owner.links] == [
        first.entity.entity_id,
        second.entity.entity_id,
    ]
    assert [is_wallet(one) for one in (owner, first, second)] == [False, True, True]


def test_links_are_resolved_by_exact_and_only_name() -> None:
    """A name that two entries bear, or none, is left as text: a link is never guessed."""
    target, twin_a, twin_b, source = (make_builder("entity", uid) for uid in ("1", "2", "3", "4"))
    target.add_published_name("INVENTED BANK", "SDN_Name")
    for twin in (twin_a, twin_b):
        twin.add_published_name("TWIN LTD", "SDN_Name")
    for name in ("Invented Bank", "TWIN LTD", "NOBODY"):
        source.link(Link("UnknownLink", "", name, "Linked To"))
    resolve_links([target, twin_a, twin_b, source])
    assert [link.target_id for link in source.links] == ["us_ofac_sdn:1", "", ""]


def test_address_without_country_gives_none() -> None:
    """`undetermined` is not the name of a country, and no fault either."""
    builder = make_builder("entity")
    builder.add_postal_address(["-0- ", "Invented City"], "undetermined", "Address")
    builder.add_postal_address(["1 Street"], "Korea, North", "Address")
    (entry,) = builder.build_all()
    assert entry.entity.get("address") == ("Invented City", "1 Street, Korea, North")
    assert entry.entity.get("country") == ("kp",)
    assert not builder.unknown


@pytest.mark.parametrize("text", ["-0- ", "-0-", " ", "", None, "undetermined"])
def test_clean_knows_nothing(text: str | None) -> None:
    """All that OFAC writes for an empty field is empty."""
    assert clean(text) == ""
