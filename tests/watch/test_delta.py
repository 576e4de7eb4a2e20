"""What the difference between two states of a list must be, whatever the entries."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_entries import an_entry, entries, entry

from tumen.errors import RequestError
from tumen.model.delta import ChangeKind, Delta, EntryChange, FieldChange, Materiality
from tumen.model.field_changes import field_changes
from tumen.model.listing import (
    Designation,
    ListedName,
    ListEntry,
    ListVersion,
    NameKind,
    NameQuality,
    SourceField,
)
from tumen.model.materiality import entry_fingerprint
from tumen.model.statements import statements_of
from tumen.store import Store
from tumen.watch.delta import delta_between, diff
from tumen.watch.delta_report import is_reprogrammed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def stated(entry: ListEntry) -> set[tuple[str, str]]:
    """Every statement of an entry, as (field, value)."""
    return {(field, value) for field, values in statements_of(entry).items() for value in values}


def applied(before: set[tuple[str, str]], change: EntryChange) -> set[tuple[str, str]]:
    """The statements after a change was made to them."""
    marks = {"name marks", "published text", "order"}
    fields = [one for one in change.fields if one.field not in marks]
    gone = {(one.field, value) for one in fields for value in one.gone}
    come = {(one.field, value) for one in fields for value in one.come}
    assert gone <= before
    assert not come & before
    return (before - gone) | come


@given(entries())
def test_nothing_changed_from_a_state_to_itself(state: list[ListEntry]) -> None:
    """No entry, and no field."""
    assert diff(state, state).changes == ()


@given(entries(), entries())
def test_a_delta_leads_from_one_state_to_the_other(
    before: list[ListEntry], after: list[ListEntry]
) -> None:
    """Every addition, removal and field is in it, and nothing else."""
    old = {one.entity.entity_id: one for one in before}
    new = {one.entity.entity_id: one for one in after}
    state = {key: stated(one) for key, one in old.items()}
    for change in diff(before, after).changes:
        key = change.entity_id
        if change.kind is ChangeKind.REMOVED:
            del state[key]
        elif change.kind is ChangeKind.ADDED:
            assert key not in state
            state[key] = stated(new[key])
        else:
            state[key] = applied(state[key], change)
    assert state == {key: stated(one) for key, one in new.items()}


@given(entries(), entries())
def test_the_way_back_is_the_mirror(before: list[ListEntry], after: list[ListEntry]) -> None:
    """What came one way goes the other."""
    turned = {
        ChangeKind.ADDED: ChangeKind.REMOVED,
        ChangeKind.REMOVED: ChangeKind.ADDED,
        ChangeKind.CHANGED: ChangeKind.CHANGED,
    }

    def plain(delta: Delta, *, is_turned: bool = False) -> set[object]:
        return {
            (
                change.entity_id,
                turned[change.kind] if is_turned else change.kind,
                frozenset(
                    replace(one, gone=one.come, come=one.gone) if is_turned else one
                    for one in change.fields
                ),
                change.is_material,
            )
            for change in delta.changes
        }

    assert plain(diff(before, after)) == plain(diff(after, before), is_turned=True)


@given(entries(), entries(), st.randoms(use_true_random=False))
def test_the_order_of_entries_plays_no_part(
    before: list[ListEntry], after: list[ListEntry], chance: random.Random
) -> None:
    """A publisher who sorts anew has changed nothing."""
    shuffled = chance.sample(after, len(after))
    assert diff(before, shuffled) == diff(before, after)
    assert diff(after, shuffled).changes == ()


@given(an_entry("a"), an_entry("a"))
def test_fingerprints_differ_where_a_material_field_does(one: ListEntry, other: ListEntry) -> None:
    """And only there: suppressions lapse by one, people read the other."""
    fields = field_changes(one, other)
    is_material = any(field.materiality is Materiality.MATERIAL for field in fields)
    assert (entry_fingerprint(one) != entry_fingerprint(other)) is is_material


@given(an_entry("a"), st.randoms(use_true_random=False))
def test_order_blanks_and_capitals_are_cosmetic(one: ListEntry, chance: random.Random) -> None:
    """Whatever is written otherwise and says the same."""

    def restyled(field: str, values: Iterable[str]) -> tuple[str, ...]:
        kept = list(values)
        chance.shuffle(kept)
        if field == "publicKey":
            return tuple(kept)
        return tuple(f" {value.upper()}  " if chance.random() < 0.5 else value for value in kept)

    properties = {field: restyled(field, values) for field, values in one.entity.properties.items()}
    other = replace(
        one,
        entity=replace(one.entity, properties=properties),
        names=tuple(chance.sample(one.names, len(one.names))),
        designations=tuple(chance.sample(one.designations, len(one.designations))),
        links=tuple(chance.sample(one.links, len(one.links))),
        remarks=f" {one.remarks} ",
    )
    delta = diff([one], [other])
    assert delta.material == ()
    assert (delta.changes == ()) is (one == other)


def test_a_change_says_what_went_and_what_came() -> None:
    """Names before the rest, material before cosmetic."""
    before = entry(name=("Kim",), birthDate=("1965",), summary=("Old text.",))
    after = entry(name=("KIM", "Pak"), birthDate=("1965-03",), summary=("New text.",))
    (change,) = diff([before], [after]).changes
    assert change.is_material
    assert change.fields == (
        FieldChange("name", (), ("Pak",), Materiality.MATERIAL),
        FieldChange("birthDate", ("1965",), ("1965-03",), Materiality.MATERIAL),
        FieldChange("name", ("Kim",), ("KIM",), Materiality.COSMETIC),
        FieldChange("summary", ("Old text.",), ("New text.",), Materiality.COSMETIC),
    )


def test_what_only_moved_in_the_file_did_not_change() -> None:
    """Row numbers shift with every publication."""
    before = replace(entry(name=("Kim",)), file="a.csv", locator="row 1")
    assert diff([before], [replace(before, file="b.csv", locator="row 7")]).changes == ()


def test_the_published_text_of_a_value_that_stayed_is_cosmetic() -> None:
    """The value was read the same, so nothing about the party changed."""
    sources = (SourceField("birthDate", "1965-03", "DOB", "Mar 1965"),)
    before = replace(entry(birthDate=("1965-03",)), fields=sources)
    after = replace(before, fields=(replace(sources[0], raw="03/1965"),))
    (change,) = diff([before], [after]).changes
    assert not change.is_material
    assert change.fields[0].field == "published text"
    assert change.fields[0].come == ("1965-03 from DOB “03/1965”",)


def test_a_name_that_became_weak_is_told_as_such() -> None:
    """It alone makes no hit any more."""
    before = replace(
        entry(alias=("Kimmy",)), names=(ListedName("Kimmy", NameKind.ALIAS, NameQuality.STRONG),)
    )
    weak = (ListedName("Kimmy", NameKind.ALIAS, NameQuality.WEAK),)
    after = replace(entry(weakAlias=("Kimmy",)), names=weak)
    (change,) = diff([before], [after]).changes
    assert [(one.field, one.gone, one.come) for one in change.fields] == [
        ("alias", ("Kimmy",), ()),
        ("weakAlias", (), ("Kimmy",)),
    ]


def test_another_programme_is_material_and_both_are_named() -> None:
    """Whoever follows the old programme hears that the party left it."""
    old, new = Designation("A", "DPRK", "Order 1"), Designation("A", "RUSSIA", "Order 2")
    before = replace(entry(country=("kp",)), designations=(old,))
    after = replace(entry(country=("ru",)), designations=(new,))
    (change,) = diff([before], [after]).changes
    assert is_reprogrammed(change)
    assert change.is_material
    assert change.programmes == ("RUSSIA", "DPRK")
    assert change.countries == ("ru", "kp")
    (other,) = diff([before], [replace(before, remarks="x")]).changes
    assert not is_reprogrammed(other)


def test_an_addition_carries_what_is_filtered_by() -> None:
    """Programme, country, type and name."""
    came = replace(
        entry("9", name=("Pak Invented",), nationality=("kp",), country=("cn", "kp")),
        designations=(Designation("A", "DPRK"), Designation("A", "DPRK", "Order 2")),
    )
    delta = diff([], [came], list_id="toy", before_id="", after_id="toy@1")
    assert (delta.list_id, delta.before_id, delta.after_id) == ("toy", "", "toy@1")
    assert delta.changes == (
        EntryChange(
            ChangeKind.ADDED,
            "toy:9",
            "Person",
            "Pak Invented",
            (),
            ("DPRK",),
            ("kp", "cn"),
        ),
    )


WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


@pytest.mark.parametrize(
    ("shared", "is_same"),
    [
        ({"leiCode": ("253400YGH90JM0RMLU50",)}, True),
        ({"leiCode": ("253400YGH90JM0RMLU51",)}, False),
        ({"imoNumber": ("IMO 9179842",)}, True),
        ({"imoNumber": ("9179843",)}, False),
        ({"swiftBic": ("FTBDKPPY",)}, True),
        ({"swiftBic": ("FTBD1",)}, False),
        ({"publicKey": (WALLET,)}, True),
        ({"publicKey": ("too short",)}, False),
        ({"passportNumber": ("836410105",), "nationality": ("kp",)}, True),
        ({"passportNumber": ("836410105",)}, False),
        ({"idNumber": ("123",), "nationality": ("kp",)}, False),
        ({"name": ("Kim Invented",)}, False),
        ({"email": ("kim@toy.example",)}, False),
    ],
)
def test_a_party_under_a_new_id_is_known_by_a_strong_identifier(
    shared: dict[str, tuple[str, ...]], is_same: bool
) -> None:
    """A valid one; a passport only with its country; never a name."""
    delta = diff([entry("old", "LegalEntity", **shared)], [entry("new", "LegalEntity", **shared)])
    (added,) = delta.of_kind(ChangeKind.ADDED)
    assert added.relisted_from == ("toy:old" if is_same else "")
    (removed,) = delta.of_kind(ChangeKind.REMOVED)
    assert removed.relisted_from == ""


def test_a_passport_of_another_country_is_another_passport() -> None:
    """Two countries may give the same number."""
    before = entry("old", passportNumber=("836410105",), nationality=("kp",))
    after = entry("new", passportNumber=("836410105",), nationality=("ru",))
    (added,) = diff([before], [after]).of_kind(ChangeKind.ADDED)
    assert added.relisted_from == ""


def test_who_left_long_ago_is_recognised_when_listed_again() -> None:
    """Under the old id, or under a new one by an identifier."""
    departed = entry("old", "Vessel", imoNumber=("9179842",))
    for key in ("old", "new"):
        came = entry(key, "Vessel", imoNumber=("9179842",))
        (added,) = diff([], [came], departed=[departed]).changes
        assert added.relisted_from == "toy:old"
    (added,) = diff([], [entry("x")], known_ids=["toy:x"]).changes
    assert added.relisted_from == "toy:x"


def version(content: str, count: int, list_id: str = "toy", day: int = 1) -> ListVersion:
    """An invented version; `content` stands for its bytes."""
    published = date(2026, 2, day)
    return ListVersion(list_id, content * 64, "csv", published, NOW, count, count, ("toy.csv",))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, of each database that we support."""
    with Store.open(store_url) as opened:
        yield opened


def test_the_store_gives_the_same_delta(store: Store) -> None:
    """Read from the entries that differ alone."""
    many = [entry(str(number), name=(f"Kim {number}",)) for number in range(2500)]
    after = [entry("3", name=("Pak",)), *many[5:], entry("new", name=("Ri",))]
    store.add_version(version("a", len(many)), many)
    store.add_version(version("b", len(after)), after)
    ids = ("toy@aaaaaaaaaaaa", "toy@bbbbbbbbbbbb")
    expected = diff(many, after, list_id="toy", before_id=ids[0], after_id=ids[1])
    assert len(expected.changes) == 6
    assert delta_between(store, *ids) == expected
    first = delta_between(store, "", ids[1])
    assert len(first.of_kind(ChangeKind.ADDED)) == len(after)
    assert first.before_id == ""


def test_versions_of_two_lists_are_not_compared(store: Store) -> None:
    """All of one would look removed."""
    store.add_version(version("a", 1), [entry()])
    store.add_version(version("b", 1, "other"), [entry()])
    with pytest.raises(RequestError, match="not versions of one list"):
        delta_between(store, "toy@aaaaaaaaaaaa", "other@bbbbbbbbbbbb")
    with pytest.raises(RequestError, match="no list version 'toy@no'"):
        delta_between(store, "toy@aaaaaaaaaaaa", "toy@no")


def test_who_comes_back_is_marked_as_listed_again(store: Store) -> None:
    """By its id from any earlier version; by its number where the delta of its leaving was kept."""
    left = [
        entry("1", "Vessel", imoNumber=("9179842",)),
        entry("2", "Vessel", imoNumber=("9187629",)),
    ]
    stay = entry("s", name=("Kim",))
    back = [entry("1", name=("Pak",)), entry("9", "Vessel", imoNumber=("9187629",)), entry("new")]
    states = [[stay, *left], [stay], [stay, *back]]
    ids = []
    for day, (mark, state) in enumerate(zip("abc", states, strict=True), start=1):
        added = version(mark, len(state), day=day)
        store.add_version(added, state)
        ids.append(added.version_id)

    def again() -> dict[str, str]:
        delta = delta_between(store, ids[1], ids[2])
        return {one.entity_id: one.relisted_from for one in delta.changes}

    assert again() == {"toy:1": "toy:1", "toy:9": "", "toy:new": ""}
    with store.writing() as work:
        work.deltas.add(delta_between(store, ids[0], ids[1]), NOW)
    assert again() == {"toy:1": "toy:1", "toy:9": "toy:2", "toy:new": ""}
    # Seen from the first version on, nobody came back: they never left.
    first = delta_between(store, ids[0], ids[2])
    assert [one.entity_id for one in first.changes if one.relisted_from] == ["toy:9"]
