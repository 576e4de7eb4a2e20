"""A row of any shape becomes one subject, or one problem that says what to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import RecordError, RequestError, SourceError
from tumen.screening.columns import ColumnChoice, read_columns
from tumen.screening.headings import find_property, find_schema, known_headings
from tumen.screening.rows import RowReader
from tumen.screening.subject import RecordProblem, Subject
from tumen.screening.values import cell_texts, is_placeholder, read_values


def read(*pairs: tuple[str, Any], **options: Any) -> Subject:
    """The subject of one row."""
    (found,) = RowReader("book.csv", **options).read(pairs, 2)
    assert isinstance(found, Subject), found
    return found


def refuse(*pairs: tuple[str, Any], **options: Any) -> RecordProblem:
    """The problem of one row."""
    (found,) = RowReader("book.csv", **options).read(pairs, 2)
    assert isinstance(found, RecordProblem), found
    return found


@pytest.mark.parametrize(
    ("heading", "prop"),
    [
        ("Name", "name"),
        ("FULL_NAME", "name"),
        ("first name", "firstName"),
        ("Date of Birth (DD/MM/YYYY)", "birthDate"),
        ("dob", "birthDate"),
        ("Passport No.", "passportNumber"),
        ("IMO", "imoNumber"),
        ("Swift-Code", "swiftBic"),
        ("alias_2", "alias"),
        ("Alias 3", "alias"),
        ("Customer ID", "id"),
        ("party_type", "schema"),
        ("birthDate", "birthDate"),
        ("nationality", "nationality"),
        ("shoe size", None),
        ("category", None),
        ("date", None),
        ("", None),
        ("12", None),
    ],
)
def test_headings_are_read_generously(heading: str, prop: str | None) -> None:
    """Case, spaces, brackets and numbers do not count; a strange heading gives nothing."""
    assert find_property(heading) == prop


def test_every_heading_of_the_table_is_found() -> None:
    """No row of the table is shadowed by another."""
    assert all(find_property(heading) for heading in known_headings())


@pytest.mark.parametrize(
    ("word", "schema"),
    [("Individual", "Person"), ("SHIP", "Vessel"), ("company", "Company"), ("Widget", None)],
)
def test_types_are_read_in_plain_words(word: str, schema: str | None) -> None:
    """Books say "individual" where the model says Person."""
    assert find_schema(word) == schema


def test_an_unknown_column_is_refused_with_the_nearest_known() -> None:
    """A column that nobody knows may hold the birth date: it is never left out in silence."""
    with pytest.raises(SourceError) as caught:
        read_columns(["name", "natonality", "shoe size"], ColumnChoice(), "book.csv")
    text = str(caught.value)
    assert text.startswith("book.csv: Unknown columns 'natonality'")
    assert "the nearest known is 'nationality'" in text
    assert "'shoe size'" in text
    assert "--column 'natonality=property'" in text
    assert "--ignore-column 'natonality' --ignore-column 'shoe size'" in text


def test_columns_can_be_named_and_left_out() -> None:
    """What the user says of a column goes before the table."""
    choice = ColumnChoice({"Who": "name", "type": "type"}, ("Shoe Size",))
    found = read_columns(["Who", "type", "shoe_size", "dob"], choice, "book.csv")
    assert found == ("name", "type", "", "birthDate")


def test_a_choice_of_a_column_that_is_not_there_is_refused() -> None:
    """A slip in --ignore-column must not pass as done."""
    with pytest.raises(RequestError, match="has no column 'Shoes'; it has 'name'"):
        read_columns(["name"], ColumnChoice({}, ("Shoes",)), "book.csv")


def test_a_property_that_does_not_exist_is_refused() -> None:
    """A column cannot be mapped to nothing."""
    with pytest.raises(RequestError, match="do you mean 'birthDate'"):
        ColumnChoice({"Born": "birthdate"})


def test_a_book_without_any_naming_column_is_refused() -> None:
    """The first row is data, or the file is no book: every row would be not screened."""
    with pytest.raises(SourceError, match="No column gives a name or an identifier"):
        read_columns(["country", "dob"], ColumnChoice(), "book.csv")


def test_a_row_becomes_an_entity_in_comparable_form() -> None:
    """Countries, dates and genders take the forms that comparison expects."""
    subject = read(
        ("id", "C-1"),
        ("name", "Kim  Il\tTest"),
        ("birthDate", "24 Feb 1968"),
        ("nationality", "North Korea; Russia"),
        ("gender", "M"),
    )
    assert subject.subject_id == "C-1"
    assert subject.where == "book.csv row 2"
    assert subject.warnings == ()
    assert subject.entity.schema == "Person"
    assert subject.entity.properties == {
        "name": ("Kim Il Test",),
        "birthDate": ("1968-02-24",),
        "nationality": ("kp", "ru"),
        "gender": ("male",),
    }


def test_a_missing_id_is_the_row() -> None:
    """Every result can be led back to its row."""
    assert read(("name", "Ivan Test")).subject_id == "book.csv#2"
    assert read(("id", " "), ("name", "Ivan Test")).subject_id == "book.csv#2"


def test_name_parts_make_a_whole_name() -> None:
    """The engine compares whole names; a surname alone under "name" is completed."""
    parts = (("firstName", "Ivan"), ("middleName", "Ivanovich"), ("lastName", "Testov"))
    assert read(*parts).entity.get("name") == ("Ivan Ivanovich Testov",)
    assert read(("name", "Testov"), ("firstName", "Ivan")).entity.get("name") == ("Ivan Testov",)
    kept = read(("name", "Testov, Ivan"), ("firstName", "Ivan"), ("lastName", "Testov"))
    assert kept.entity.get("name") == ("Testov, Ivan",)


def test_address_parts_make_one_address() -> None:
    """Street, city and postal code are one place."""
    row = (
        ("name", "Test Ltd"),
        ("address", "1 Way"),
        ("address part", "Riga"),
        ("address part", "LV"),
    )
    assert read(*row).entity.get("address") == ("1 Way, Riga, LV",)


@pytest.mark.parametrize(
    ("pairs", "schema"),
    [
        ((), "LegalEntity"),
        ((("birthDate", "1970"),), "Person"),
        ((("passportNumber", "X123"),), "Person"),
        ((("imoNumber", "9074729"),), "Vessel"),
        ((("flag", "Panama"),), "LegalEntity"),
        ((("imoNumber", "9074729"), ("flag", "Panama")), "Vessel"),
        ((("leiCode", "529900T8BM49AURSDO55"),), "LegalEntity"),
        ((("nationality", "Russia"),), "LegalEntity"),
        ((("schema", "Aircraft"),), "Airplane"),
    ],
)
def test_a_row_without_type_is_what_its_facts_say(
    pairs: tuple[tuple[str, str], ...], schema: str
) -> None:
    """A birth date makes a person; a bare name or a nationality leaves it open."""
    assert read(("name", "Test"), *pairs).entity.schema == schema


def test_the_chosen_type_is_for_rows_without_one() -> None:
    """--schema does not overrule what a row says."""
    assert read(("name", "T"), schema="Company").entity.schema == "Company"
    assert read(("name", "T"), ("schema", "person"), schema="Company").entity.schema == "Person"


def test_a_company_with_nationality_keeps_it_as_country() -> None:
    """A value under a property that the type lacks goes to the one that says the same."""
    found = read(("name", "T"), ("schema", "Company"), ("nationality", "RU"), ("country", "KP"))
    assert found.entity.get("country") == ("ru", "kp")
    assert found.warnings == ()


def test_a_value_that_the_type_cannot_hold_is_a_warning() -> None:
    """A company's birth date is not used, and not dropped in silence."""
    found = read(("name", "T"), ("schema", "Company"), ("birthDate", "1970"))
    assert found.warnings == ("Company has no birthDate: '1970' played no part",)


@pytest.mark.parametrize(
    ("prop", "text"),
    [
        ("birthDate", "31/02/1980"),
        ("birthDate", "12/03/68"),
        ("country", "Narnia"),
        ("gender", "?"),
    ],
)
def test_a_value_nobody_can_read_is_a_warning_and_in_strict_a_problem(prop: str, text: str) -> None:
    """The row is screened by its name, and says which value played no part."""
    row = (("name", "Ivan Test"), (prop, text), ("schema", "Person"))
    warned = f"{prop} {text!r} cannot be read and played no part"
    assert read(*row).warnings == (warned,)
    assert read(*row).entity.get(prop) == ()
    problem = refuse(*row, is_strict=True)
    assert problem.problem == warned
    assert problem.caption == "Ivan Test"


def test_an_open_date_is_compared_both_ways() -> None:
    """03/04/1980 is the third of April or the fourth of March: neither is guessed."""
    row = (("name", "T"), ("birthDate", "03/04/1980"))
    assert read(*row).entity.get("birthDate") == ("1980-04-03", "1980-03-04")
    assert read(*row, date_order="day").entity.get("birthDate") == ("1980-04-03",)
    assert read(*row, date_order="month").entity.get("birthDate") == ("1980-03-04",)
    assert read_values("date", ["25/12/1980", "3.4.1980"]) == (["1980-12-25", "1980-04-03"], [])


@pytest.mark.parametrize("name", ["", "  ", "N/A", "unknown", "???", "-"])
def test_a_row_that_names_nobody_is_not_screened(name: str) -> None:
    """A placeholder would come back as "no hit"."""
    problem = refuse(("id", "7"), ("name", name))
    assert problem.problem == "No name and no identifier"
    assert (problem.subject_id, problem.where) == ("7", "book.csv row 2")
    assert problem.to_screening().was_screened is False


def test_an_identifier_alone_is_enough() -> None:
    """A vessel may be known by its IMO number only."""
    assert read(("imoNumber", "9074729")).entity.get("imoNumber") == ("9074729",)


@pytest.mark.parametrize(
    ("pairs", "problem"),
    [
        ((("schema", "Widget"),), "Unknown type 'Widget'"),
        ((("schema", "Person; Vessel"),), "Two types: Person, Vessel"),
        ((("schema", "Ownership"),), "Ownership is no party to screen"),
        ((("schema", "Address"),), "Address is no party to screen"),
        ((("alias", "b\udcff"),), "bytes that are not in the file's encoding"),
        ((("alias", "b\ufffd"),), "letters were lost"),
        ((("alias", "b\x00"),), "control character"),
        ((("alias", {"a": 1}),), "A value is dict, not text"),
        ((("alias", [["a"]]),), "A value is list, not text"),
        ((("alias", True),), "A value is bool, not text"),
        ((("alias", "x" * 1_000_001),), "longer than a million"),
        ((("alias", ";".join(map(str, range(1001)))),), "More than 1000 values of alias"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_not_screened(
    pairs: tuple[tuple[str, Any], ...], problem: str
) -> None:
    """Each kind of damage names itself, and the row stays visible."""
    found = refuse(("id", "7"), ("name", "Ivan Test"), *pairs)
    assert problem in found.problem
    assert found.subject_id == "7"
    assert found.mend


def test_a_second_row_of_the_same_id_is_warned_of() -> None:
    """Results of two rows under one id could be taken for each other."""
    reader = RowReader("book.csv")
    (first,) = reader.read([("id", "7"), ("name", "A")], 2)
    (second,) = reader.read([("id", "7"), ("name", "B")], 3)
    assert first.warnings == ()
    assert second.warnings == ("The id '7' also names an earlier row",)


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        (None, []),
        (512345.0, ["512345"]),
        (1.5, ["1.5"]),
        (1984, ["1984"]),
        (float("nan"), []),
        (datetime(1984, 3, 4, 10, 30), ["1984-03-04"]),  # noqa: DTZ001
        (date(1984, 3, 4), ["1984-03-04"]),
        ("a; b;;c ", ["a", "b", "c"]),
        (["a;b", None, 3], ["a", "b", "3"]),
    ],
)
def test_cells_of_any_format_become_texts(cell: Any, texts: list[str]) -> None:
    """A spreadsheet's floats and dates read as a person would write them."""
    assert cell_texts(cell) == texts


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a cell holds, the row is a subject or a problem, never a crash."""
    row = [("name", text), ("birthDate", text), ("country", text)]
    (found,) = RowReader("book.csv").read(row, 2)
    assert isinstance(found, Subject | RecordProblem)
    assert bool(is_placeholder(" ".join(text.split()))) <= isinstance(found, RecordProblem) or (
        ";" in text
    )


def test_a_problem_of_an_error_keeps_the_errors_own_place() -> None:
    """Where the error knows better where it is, it is believed."""
    error = RecordError("Broken", where="inner row 9", mend="Mend")
    found = RecordProblem.from_error(error, subject_id="x", where="outer")
    assert found.where == "inner row 9"
    assert found.to_screening().problem == "Broken. Mend"
