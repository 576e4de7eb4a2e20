"""Remarks of the CSV files: clauses, labels, documents, nicknames, wallets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from ofac_builder import make_builder

from tumen.lists.formats.ofac_common import OfacEntryBuilder
from tumen.lists.formats.ofac_remarks import read_remarks, split_clauses
from tumen.model.listing import ListEntry, NameKind, NameQuality

_PERSON = (
    "DOB 24 Feb 1968; alt. DOB circa 1970; POB Pyongyang, Korea, North; nationality Korea, North; "
    "Email Address nobody@example.com; Gender Male; Secondary sanctions risk: North Korea "
    "Sanctions Regulations, sections 510.201 and 510.210; Passport 1084010 (Korea, North) issued "
    "01 Jan 2010 expires 31 Dec 2020; alt. Passport 55 (China); National ID No. 216040 (Yemen); "
    "Digital Currency Address - ETH 0x00Invented; alt. Digital Currency Address - XBT 1Invented; "
    "a.k.a. 'THE FOX'; f.k.a. 'OLD FOX'; Deputy Minister of Invention; wife of Some Body; "
    "Linked To: INVENTED TRADING CO., LTD."
)


def _read(remarks: str, ofac_type: str = "individual") -> tuple[OfacEntryBuilder, ListEntry]:
    builder = make_builder(ofac_type)
    read_remarks(builder, remarks)
    return builder, builder.build_all()[0]


def test_person_is_read_whole() -> None:
    """Each clause reaches its property, and none is left over."""
    builder, entry = _read(_PERSON)
    entity = entry.entity
    assert not builder.unknown
    assert entity.get("birthDate") == ("1968-02-24", "1970~")
    assert entity.get("birthPlace") == ("Pyongyang, Korea, North",)
    assert entity.get("nationality") == ("kp",)
    assert entity.get("email") == ("nobody@example.com",)
    assert entity.get("gender") == ("male",)
    assert entity.get("passportNumber") == ("1084010", "55")
    assert entity.get("idNumber") == ("216040",)
    assert entity.get("position") == ("Deputy Minister of Invention",)
    assert entity.get("weakAlias") == ("THE FOX", "OLD FOX")
    assert list(builder.wallets) == ["0x00Invented", "1Invented"]
    assert [link.target_name for link in entry.links[:2]] == [
        "Some Body",
        "INVENTED TRADING CO., LTD",
    ]
    assert entry.remarks == _PERSON


def test_document_keeps_its_country_and_dates() -> None:
    """Where a passport was issued is not a nationality; it stays with the number."""
    _, entry = _read("Passport 1084010 (Egypt) issued 2010 expires 2020.")
    assert entry.entity.get("nationality") == ()
    (field,) = (one for one in entry.fields if one.prop == "passportNumber")
    assert field.raw == "Passport 1084010 (Egypt) issued 2010 expires 2020"


def test_nicknames_are_weak_and_keep_their_kind() -> None:
    """Quotation marks in remarks are OFAC's mark for a weak alias."""
    _, entry = _read("a.k.a. 'BNC'; f.k.a. 'OLD'.", "-0- ")
    assert [(name.text, name.kind, name.quality) for name in entry.names] == [
        ("BNC", NameKind.ALIAS, NameQuality.WEAK),
        ("OLD", NameKind.FORMER, NameQuality.WEAK),
    ]


def test_labels_do_not_eat_the_value() -> None:
    """`Nov 1950` and `Norway` begin like the `No.` of `National ID No. 5`."""
    _, entry = _read("DOB Nov 1950; nationality Norway; National ID No. 5.")
    assert entry.entity.get("birthDate") == ("1950-11",)
    assert entry.entity.get("nationality") == ("no",)
    assert entry.entity.get("idNumber") == ("5",)


def test_directive_dates_are_whole_measures() -> None:
    """The directive belongs to the label; one date alone is also the listing date."""
    builder = make_builder("-0- ")
    builder.add_programme("RUSSIA-EO14024")
    read_remarks(
        builder,
        "Listing Date (EO 14024 Directive 3): 24 Feb 2022; Effective Date (EO 14024 Directive 3): "
        "26 Mar 2022; Executive Order 13662 Directive Determination - Subject to Directive 1.",
    )
    (designation,) = builder.build_all()[0].designations
    assert designation.listed_on == "2022-02-24"
    assert designation.measures == (
        "Listing Date (EO 14024 Directive 3): 24 Feb 2022",
        "Effective Date (EO 14024 Directive 3): 26 Mar 2022",
        "Executive Order 13662 Directive Determination: Subject to Directive 1",
    )


def test_what_is_not_understood_is_counted_and_kept() -> None:
    """First words as the key, the clause in the notes, the whole in the remarks."""
    builder, entry = _read("Gender Male; juice manufacturer of note.")
    assert builder.unknown == {"remark: juice manufacturer": 1}
    assert entry.entity.get("notes") == ("juice manufacturer of note",)
    assert entry.remarks == "Gender Male; juice manufacturer of note."


def test_cut_remark_gives_no_half_address() -> None:
    """OFAC cuts at 1,000 characters: `1B64QRxf` is no wallet of anybody."""
    builder = make_builder()
    missed = read_remarks(
        builder,
        "Digital Currency Address - XBT 1Whole; alt. Digital Currency Address - XBT 1B64",
        is_cut=True,
    )
    assert missed == 1
    assert list(builder.wallets) == ["1Whole"]
    assert builder.unknown == {"remark: cut off": 1}


def test_posts_are_read_for_people_only() -> None:
    """A company is no minister: the same clause there is unknown."""
    _, person = _read("Minister of Invention.")
    builder, company = _read("Minister of Invention.", "-0- ")
    assert person.entity.get("position") == ("Minister of Invention",)
    assert company.entity.get("position") == ()
    assert builder.unknown.total() == 1


@given(st.lists(st.text(alphabet="abc XYZ0123.,:'()-#@", min_size=1, max_size=30), max_size=6))
def test_no_remark_is_lost(clauses: list[str]) -> None:
    """Whatever stands in a remark is read, or counted and kept, never dropped."""
    remarks = "; ".join(clauses)
    builder = make_builder()
    missed = read_remarks(builder, remarks)
    entry = builder.build_all()[0]
    assert builder.unknown.total() >= missed
    assert entry.remarks == remarks.strip()
    assert missed <= len(split_clauses(remarks))
