"""Screening subjects against a small list: found, left alone, refused, and in order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_list import IMO, WALLET, listed, party, small_list

from tumen import THRESHOLD, Entity, Screener, Screening, compare
from tumen.errors import RecordError, SourceError


@pytest.fixture(scope="module")
def screener() -> Screener:
    """A screener over the small list."""
    return Screener.from_entities(small_list())


def _found(screening: Screening) -> list[str]:
    return [hit.entity_id for hit in screening.hits if hit.is_hit]


# --- found -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("Kim Jong Un", "Person", "kim"),
        ("Kim Chong-un", "Person", "kim"),
        ("Gim Jeong-eun", "Person", "kim"),
        ("김정은", "Person", "kim"),
        ("Ким Чен Ын", "Person", "kim"),
        ("Kim Jnog Un", "LegalEntity", "kim"),
        ("No Kwang-chol", "Person", "ro"),
        ("Ivan Petrov", "Person", "petrov"),
        ("Iwan Petrow", "Person", "petrov"),
        ("ПЕТРОВ Иван Иванович", "Person", "petrov"),
        ("Petrov I.I.", "Person", "petrov"),
        ("Mr. Ivan Petroff", "Person", "petrov"),
        ("Vladimir Zhovnirchuk", "Person", "vladimir"),
        ("Muammar Gaddafi", "Person", "gaddafi"),
        ("Moammar Kadafi", "Person", "gaddafi"),
        ("11420 Corp", "Company", "corp"),
        ("ABC Company", "Company", "abc"),
        ("LUKOIL OIL COMP", "Company", "lukoil"),
        ("GUANGZHOU HAIGE COMM GRP", "Company", "haige"),
        ("HAIGE GUANGZHOU", "Company", "haige"),
        ("CNOOC ENERGY TECH & SRVCES LTD", "Company", "cnooc"),
        ("Voyskovaya chast 55111", "Organization", "unit"),
        ("M/V Chon Ma San No. 2", "Vessel", "ship"),
        ("CHON MASAN 2", "Vessel", "ship"),
        ("CHONMASAN 2", "Vessel", "ship"),
        ("Zavodnikov Star Trading LLC", "Company", "star"),
    ],
)
def test_a_listed_party_is_found_however_it_is_spelt(
    screener: Screener, name: str, schema: str, expected: str
) -> None:
    """The whole way from the name as typed through the index to the hit."""
    assert expected in _found(screener.screen(party(name, schema=schema)))


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("Kim Jong Sik", "Person"),
        ("Kim Chol", "Person"),
        ("Kim", "Person"),
        ("Jane Doe", "Person"),
        ("Ivan Sergeevich Petrov", "Person"),
        ("The Silver Fox", "Person"),
        ("CORP", "Company"),
        ("Company", "Company"),
        ("Trading LLC", "Company"),
        ("XYZ Company", "Company"),
        ("20711 CORP.", "Company"),
        ("Military Unit 55112", "Organization"),
        ("Chon Ma San 3", "Vessel"),
        ("Kim Jong Un", "Vessel"),
        ("Chon Ma San 2", "Company"),
        ("Oil Company", "Company"),
    ],
)
def test_others_are_left_alone(screener: Screener, name: str, schema: str) -> None:
    """Namesakes in part, generic words, other numbers, other kinds, weak aliases alone."""
    screening = screener.screen(party(name, schema=schema))
    assert screening.was_screened
    assert _found(screening) == []


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (party("Blue Horizon", schema="Vessel", imoNumber=f"IMO {IMO}"), "ship"),
        (party("Nobody At All", schema="Person", passportNumber="P1234567"), "petrov"),
        (party(schema="Person", passportNumber="P1234567"), "petrov"),
        (party("Renamed Ltd", schema="Company", leiCode="253400M18U5TB02TW421"), "lukoil"),
        (party("my savings", schema="CryptoWallet", publicKey=WALLET), "wallet"),
        (party(schema="CryptoWallet", publicKey=WALLET), "wallet"),
    ],
)
def test_an_identifier_alone_is_found(
    screener: Screener, subject: dict[str, object], expected: str
) -> None:
    """A new name does not hide a ship, a passport, a company or a wallet."""
    screening = screener.screen(subject)
    assert _found(screening) == [expected]
    assert "agrees" in screening.hits[0].sentence


def test_a_weak_alias_is_a_hit_with_its_birth_date(screener: Screener) -> None:
    """Alone it only shows below the threshold."""
    alone = screener.screen(party("The Silver Fox"), cutoff=0.5)
    assert [(hit.entity_id, hit.is_hit) for hit in alone.hits] == [("fox", False)]
    dated = screener.screen(party("The Silver Fox", birthDate="1971-03-04"))
    assert _found(dated) == ["fox"]


def test_the_hit_says_what_and_why(screener: Screener) -> None:
    """Everything a reviewer needs: who, of which list, how sure, and the reasons in words."""
    subject = party("No Kwang-chol", birthDate="1948", nationality="kp", identity="c-7")
    screening = screener.screen(subject)
    assert (screening.subject_id, screening.caption) == ("c-7", "No Kwang-chol")
    (hit,) = screening.hits
    assert (hit.entity_id, hit.list_id, hit.schema) == ("ro", "alpha", "Person")
    assert hit.caption == "RO Kwang Chol"
    for clause in (
        "romanisation",
        "birth years 1948 and 1948 agree",
        "nationality North Korea agrees",
    ):
        assert clause in hit.sentence
    assert sum(reason.effect for reason in hit.reasons) == pytest.approx(hit.score, abs=2e-3)


# --- order and grading -------------------------------------------------------------------------


def test_what_is_known_grades_the_score(screener: Screener) -> None:
    """The name, then a birth date, then a passport."""
    known: dict[str, str] = {}
    scores = []
    for name, value in {"": "", "birthDate": "1968-02-24", "passportNumber": "P1234567"}.items():
        known |= {name: value} if name else {}
        hits = screener.screen(party("Ivan Ivanovich Petrov", **known)).hits
        scores.append(next(hit.score for hit in hits if hit.entity_id == "petrov"))
    assert scores[0] < scores[1] < scores[2]


def test_hits_come_best_first(screener: Screener) -> None:
    """Then by id, so that two runs show the same."""
    subject = party("Ivan Petrov", birthDate="1968-02-24", nationality="ru")
    hits = screener.screen(subject, cutoff=0.0).hits
    order = [(-hit.score, hit.entity_id) for hit in hits]
    assert order == sorted(order)
    assert [hit.entity_id for hit in hits[:2]] == ["petrov", "petrov2"]


# --- terms ---------------------------------------------------------------------------------


def test_a_cutoff_below_the_threshold_shows_what_is_merely_possible(screener: Screener) -> None:
    """Possible ones are marked as no hits; those below the cut-off are not shown at all."""
    subject = party("Chon Ma San", schema="Vessel")
    assert screener.screen(subject).hits == ()
    (shown,) = screener.screen(subject, cutoff=0.45).hits
    assert (shown.entity_id, shown.is_hit) == ("ship", False)
    assert 0.45 <= shown.score < THRESHOLD
    assert screener.screen(subject, cutoff=shown.score).hits == (shown,)
    assert screener.screen(subject, cutoff=shown.score + 0.001).hits == ()


def test_a_cutoff_above_the_threshold_hides_no_hit(screener: Screener) -> None:
    """The cut-off is for display; a hit is always shown."""
    shown = screener.screen(party("Ivan Petrov"), cutoff=0.99).hits
    assert shown == screener.screen(party("Ivan Petrov")).hits != ()


def test_the_threshold_is_the_callers(screener: Screener) -> None:
    """A policy may ask for more or less."""
    subject = party("Ivan Petrov")
    (first, *_) = screener.screen(subject).hits
    assert screener.screen(subject, threshold=first.score + 0.001).hits == ()
    (again, *_) = screener.screen(subject, threshold=first.score).hits
    assert again.is_hit


def test_lists_narrow_the_screening(screener: Screener) -> None:
    """A policy may name lists; the other lists' entries are not shown."""
    subject = party("Ivan Ivanovich Petrov")
    assert set(_found(screener.screen(subject))) == {"petrov", "petrov2"}
    assert _found(screener.screen(subject, lists=["beta"])) == ["petrov2"]
    assert _found(screener.screen(subject, lists=["alpha"])) == ["petrov"]
    assert _found(screener.screen(subject, lists=[])) == []
    assert _found(screener.screen(party(schema="Vessel", imoNumber=IMO), lists=["alpha"])) == []


# --- not screened ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "problem", "mend"),
    [
        (party("x y", schema="Alien"), "Unknown schema 'Alien'", "Use Person"),
        (party("x y", schema="person"), "Unknown schema", "Use Person"),
        (party(), "Neither a name nor an identifier", "Give at least one"),
        (party("!!!"), "Neither a name nor an identifier", "Give at least one"),
        (party(birthDate="1968"), "Neither a name nor an identifier", "Give at least one"),
        (party("x", nme="y"), "no property 'nme'", "Do you mean 'name'?"),
        (party("x", dateOfBirth="1968"), "no property 'dateOfBirth'", "."),
        ({"schema": "Person", "properties": ["x"]}, "not a mapping", "Give"),
        ({"schema": "Person", "properties": {"name": [True]}}, "holds bool", "Give text"),
        ({"schema": "Person", "properties": {"name": [{"a": 1}]}}, "holds dict", "Give text"),
        ({}, "Neither a name nor an identifier", "Give at least one"),
    ],
)
def test_what_cannot_be_screened_says_so_with_a_mend(
    screener: Screener, subject: dict[str, object], problem: str, mend: str
) -> None:
    """Never "no hit": a misspelt property must not silently take a birth date away."""
    screening = screener.screen({**subject, "id": "c-9"})
    assert not screening.was_screened
    assert screening.hits == ()
    assert screening.subject_id == "c-9"
    assert problem in screening.problem
    assert mend in screening.problem


def test_one_bad_subject_stops_no_other(screener: Screener) -> None:
    """The rest of a book of customers is screened all the same, in its order."""
    subjects = [party("Kim Jong Un"), party("x", schema="Alien"), party("Ivan Petrov")]
    results = list(screener.screen_many(subjects))
    assert [one.was_screened for one in results] == [True, False, True]
    assert [bool(one.hits) for one in results] == [True, False, True]


def test_a_date_that_cannot_be_read_is_a_warning(screener: Screener) -> None:
    """The name is screened, and it is said that the date played no part."""
    screening = screener.screen(party("Ivan Petrov", birthDate="some time in May"))
    assert screening.was_screened
    assert screening.warnings == ("birthDate 'some time in May' could not be read",)
    assert screening.hits == screener.screen(party("Ivan Petrov")).hits
    assert screener.screen(party("Ivan Petrov", birthDate="1968")).warnings == ()


# --- many ------------------------------------------------------------------------------------


def _book() -> list[dict[str, object]]:
    names = [
        "Kim Jong Un",
        "Jane Doe",
        "Ivan Petrov",
        "김정은",
        "Muammar Gaddafi",
        "!!!",
        "Ali Khan",
    ]
    return [party(names[i % len(names)], identity=f"c-{i}") for i in range(1100)]


def test_many_come_back_in_order(screener: Screener) -> None:
    """One result for each subject, beyond the size of a batch too."""
    book = _book()
    results = list(screener.screen_many(book))
    assert [one.subject_id for one in results] == [one["id"] for one in book]
    assert [bool(one.hits) for one in results[:7]] == [True, False, True, True, True, False, False]
    assert [one.hits for one in results[7:14]] == [one.hits for one in results[:7]]


def test_subjects_are_read_as_they_are_needed(screener: Screener) -> None:
    """A stream without end is screened, not swallowed."""

    def endless() -> object:
        while True:
            yield party("Kim Jong Un")

    results = screener.screen_many(endless())  # type: ignore[arg-type]
    assert all(next(results).hits for _ in range(3))


def test_no_subjects_give_no_results(screener: Screener) -> None:
    """An empty book is no error."""
    assert list(screener.screen_many([])) == []


_SUBJECTS = st.lists(
    st.builds(
        party,
        st.sampled_from(
            ["Kim Jong Un", "Kim Chol", "Ivan Petrov", "Iwan Petroff", "김정은", "X", "!!!", ""]
        )
        | st.text(max_size=12),
        schema=st.sampled_from(["Person", "LegalEntity", "Company", "Alien", "Vessel"]),
    ),
    max_size=6,
)


@settings(max_examples=60)
@given(_SUBJECTS)
def test_one_by_one_and_together_are_the_same(subjects: list[dict[str, object]]) -> None:
    """Who stands beside a subject in its batch changes nothing."""
    assert list(_SHARED.screen_many(subjects)) == [_SHARED.screen(one) for one in subjects]


_SHARED = Screener.from_entities(small_list())


@settings(max_examples=100)
@given(
    st.sampled_from(["Kim Jong Un", "Ivan Petrov", "Jane Roe", "The Silver Fox", "Ro Kwang-chol"]),
    st.fixed_dictionaries(
        {},
        optional={
            "birthDate": st.sampled_from(["1968-02-24", "1968", "1984-01-08", "1931-05-05"]),
            "nationality": st.sampled_from(["ru", "kp", "br"]),
            "passportNumber": st.sampled_from(["P1234567", "X7654321"]),
        },
    ),
    st.sampled_from([0.2, 0.5, 0.7]),
)
def test_a_hit_has_the_score_of_its_comparison(
    name: str, known: dict[str, str], cutoff: float
) -> None:
    """What screening spares itself to compare would not have reached the cut-off."""
    subject = party(name, **known)
    found = {hit.entity_id: hit.score for hit in _SHARED.screen(subject, cutoff=cutoff).hits}
    for one in small_list():
        score = compare(subject, one).score
        if one["schema"] == "Person" and one["id"] in found:
            assert found[one["id"]] == pytest.approx(score, abs=0.02)
        elif score >= max(cutoff, 0.6):
            assert one["schema"] != "Person", (one["id"], score)


def test_entities_and_mappings_are_the_same(screener: Screener) -> None:
    """A caller may hold either."""
    mapping = party("Ivan Petrov", identity="c-1", birthDate="1968-02-24")
    entity = Entity("c-1", "Person", {"name": ("Ivan Petrov",), "birthDate": ("1968-02-24",)})
    assert screener.screen(mapping) == screener.screen(entity)
    single = {"id": "c-1", "schema": "Person", "properties": {"name": "Ivan Petrov"}}
    assert screener.screen(single).hits == screener.screen(party("Ivan Petrov")).hits


# --- lists that are small or wrong --------------------------------------------------------------


def test_an_empty_list_answers() -> None:
    """No listed party at all is a list too: nothing is found, and nothing fails."""
    empty = Screener.from_entities([])
    for subject in (party("Ivan Petrov"), party(schema="Vessel", imoNumber=IMO), party("X Ltd")):
        screening = empty.screen(subject, cutoff=0.0)
        assert screening.was_screened
        assert screening.hits == ()


def test_a_list_of_one_nameless_wallet_answers() -> None:
    """A list without any name has an empty index, and its identifiers are found."""
    only = Screener.from_entities([listed("w", schema="CryptoWallet", publicKey=WALLET)])
    assert _found(only.screen(party(schema="CryptoWallet", publicKey=WALLET))) == ["w"]
    assert _found(only.screen(party("Ivan Petrov"))) == []


def test_a_list_without_ids_is_refused() -> None:
    """A hit that names nobody is no use."""
    with pytest.raises(SourceError, match=r"entity 2.*no id"):
        Screener.from_entities([listed("a", "A B"), listed("", "C D")])


def test_a_list_of_what_is_no_entity_is_refused() -> None:
    """A property misspelt on the list's side would never be compared."""
    with pytest.raises(RecordError, match="nme"):
        Screener.from_entities([listed("a", "A B", nme="C")])
