"""The entry builder: every value ends in a property, or in a note and a count."""

from __future__ import annotations

from collections import Counter

import pytest

from tumen.lists.entry import EntryBuilder
from tumen.model.listing import Designation, Link, ListedName, NameKind, NameQuality


@pytest.fixture
def unknown() -> Counter[str]:
    """The list's count of what could not be mapped."""
    return Counter()


@pytest.fixture
def builder(unknown: Counter[str]) -> EntryBuilder:
    """An empty person."""
    return EntryBuilder("xx_list:1", "Person", file="f.xml", locator="row 3", unknown=unknown)


def test_values_keep_their_field_and_raw_text(builder: EntryBuilder) -> None:
    """Evidence needs the published field and the text that we changed."""
    builder.add_country("nationality", "North Korea", "Nation")
    builder.add_date("birthDate", "24/02/1968", "D.O.B")
    builder.add("position", " Minister ", "Position")
    entry = builder.build()
    assert entry.entity.properties == {
        "nationality": ("kp",),
        "birthDate": ("1968-02-24",),
        "position": ("Minister",),
    }
    assert [(field.field, field.raw) for field in entry.fields] == [
        ("Nation", "North Korea"),
        ("D.O.B", "24/02/1968"),
        ("Position", ""),
    ]
    assert (entry.file, entry.locator) == ("f.xml", "row 3")


def test_what_cannot_be_read_is_counted_and_kept(
    builder: EntryBuilder, unknown: Counter[str]
) -> None:
    """An unreadable country or date is neither guessed nor lost."""
    builder.add_country("nationality", "Atlantis", "Nation")
    builder.add_date("birthDate", "when young", "D.O.B")
    entry = builder.build()
    assert entry.entity.get("notes") == ("Nation: Atlantis", "D.O.B: when young")
    assert entry.entity.get("nationality") == ()
    assert unknown == {"Nation: Atlantis": 1, "D.O.B: when young": 1}


def test_a_property_the_schema_lacks_becomes_a_note(
    builder: EntryBuilder, unknown: Counter[str]
) -> None:
    """A ship's number on a person is published, so it stays, and is counted."""
    builder.add("imoNumber", "9074729", "IMO")
    assert builder.build().entity.properties == {"notes": ("IMO: 9074729",)}
    assert unknown == {"IMO: no imoNumber in Person": 1}


def test_the_schema_counts_at_the_end(builder: EntryBuilder, unknown: Counter[str]) -> None:
    """A reader may learn the type after the values."""
    builder.add("imoNumber", "9074729", "IMO")
    builder.schema = "Vessel"
    assert builder.build().entity.get("imoNumber") == ("9074729",)
    assert not unknown


def test_names_by_kind_and_quality(builder: EntryBuilder) -> None:
    """Weak aliases are told apart, and the primary name comes first."""
    builder.add_name(ListedName("Former", NameKind.FORMER), "n")
    builder.add_name(ListedName("Nick", NameKind.ALIAS, NameQuality.WEAK), "n")
    builder.add_name(ListedName("Other", NameKind.ALIAS, NameQuality.STRONG), "n")
    builder.add_name(ListedName("Main", NameKind.PRIMARY, NameQuality.WEAK), "n")
    builder.add_name(ListedName(""), "n")
    entry = builder.build()
    assert entry.names[0].text == "Main"
    assert len(entry.names) == 4
    assert entry.entity.properties == {
        "previousName": ("Former",),
        "weakAlias": ("Nick",),
        "alias": ("Other",),
        "name": ("Main",),
    }


def test_nothing_is_said_twice(builder: EntryBuilder, unknown: Counter[str]) -> None:
    """Lists repeat themselves row by row; an entry does not."""
    for _ in range(2):
        builder.add_name(ListedName("Main"), "n")
        builder.add("position", "Minister", "Position")
        builder.add_country("country", "Atlantis", "Country")
        builder.add_remark("Text")
        builder.add_remark(" ")
        builder.designate(Designation("OFAC", "DPRK"))
        builder.link(Link("Family", "", "Somebody"))
    entry = builder.build()
    assert entry.remarks == "Text"
    assert (len(entry.names), len(entry.designations), len(entry.links)) == (1, 1, 1)
    assert len(entry.fields) == 3
    assert unknown == {"Country: Atlantis": 1}
