"""Files of every format and kind of damage: each row is a subject or a named problem."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tumen.errors import RecordError, RequestError, SourceError
from tumen.screening.book import BookOptions, read_book
from tumen.screening.columns import ColumnChoice
from tumen.screening.subject import RecordProblem, Subject

BOOK = "id,name,dob,country\n1,Ivan Testov,1970-01-02,RU\n2,Kim Test,1980,KP\n"


@pytest.fixture
def book(tmp_path: Path) -> Callable[[bytes | str, str], Path]:
    """Writes a book and gives its path."""

    def write(content: bytes | str, name: str = "book.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


Write = Callable[..., Path]


def names(path: Path, **options: Any) -> list[str]:
    """The name of each subject, or "!" and the problem."""
    return [
        item.entity.caption if isinstance(item, Subject) else f"!{item.where}: {item.problem}"
        for item in read_book(path, BookOptions(**options))
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(book: Write, delimiter: str) -> None:
    """Books come with the delimiter of their country, also where a value holds another."""
    text = BOOK.replace(",", delimiter).replace("Kim Test", '"Kim, Test; Jr | X"')
    assert names(book(text))[0] == "Ivan Testov"
    assert len(names(book(text))) == 2


def test_excels_own_delimiter_line_is_understood(book: Write) -> None:
    """`sep=;` is no heading, and rows keep their numbers."""
    found = list(read_book(book("sep=;\nname;dob\nIvan;1970\n")))
    assert [item.where for item in found] == ["book.csv row 3"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_is_told_by_its_bytes(book: Write, encoding: str) -> None:
    """No warning, no damage, whatever form of Unicode."""
    found = list(read_book(book(BOOK.replace("Kim", "Кім").encode(encoding))))
    assert [item.warnings for item in found] == [(), ()]
    assert isinstance(found[1], Subject)
    assert found[1].entity.caption == "Кім Test"


@pytest.mark.parametrize(
    ("encoding", "people"),
    [
        ("cp1251", ["Иван Тестов", "Пётр Пробный", "Анна Мария", "Олег", "John"]),
        ("cp1252", ["José Muñoz", "Jürgen Test", "François", "Ana Peña", "John"]),
    ],
)
def test_an_old_encoding_is_guessed_with_a_warning(
    book: Write, encoding: str, people: list[str]
) -> None:
    """The letters are right, and each row that depends on the guess says so."""
    notices: list[str] = []
    path = book(("name\n" + "\n".join(people) + "\n").encode(encoding))
    found = list(read_book(path, BookOptions(notice=notices.append)))
    assert [item.entity.caption for item in found if isinstance(item, Subject)] == people
    warned = (f"Read as {encoding}, a guess; say --encoding if that is not so",)
    assert [item.warnings for item in found] == [warned] * 4 + [()]
    assert len(notices) == 1


def test_a_stated_encoding_is_no_guess(book: Write) -> None:
    """--encoding takes the warning away; one that does not exist is refused."""
    path = book("name\nПётр\n".encode("cp1251"))
    (found,) = read_book(path, BookOptions(encoding="cp1251"))
    assert isinstance(found, Subject)
    assert (found.entity.caption, found.warnings) == ("Пётр", ())
    with pytest.raises(RequestError, match="Unknown encoding 'cp99'"):
        names(path, encoding="cp99")


def test_one_row_of_bad_bytes_is_not_screened(book: Write) -> None:
    """A damaged name is never screened as something else; the rows around it go on."""
    found = names(book("name\nИван\nM\xfcller\nKim\n".encode().replace(b"\xc3\xbc", b"\xfc")))
    assert found[::2] == ["Иван", "Kim"]
    assert found[1].startswith("!book.csv row 3: The row holds bytes")


def test_damaged_utf_16_is_not_screened(book: Write) -> None:
    """Half a surrogate pair leaves a mark, and the mark is found."""
    data = "name\nIvan\nKim".encode("utf-16") + b"\x00\xd8"
    assert names(book(data))[1].startswith("!book.csv row 3")


def test_a_wrong_number_of_columns_is_that_rows_problem(book: Write) -> None:
    """Shifted columns would put a country under the birth date."""
    found = names(book("name,dob\nIvan,1970\nKim\nPak,1980,KP\nLee,1990\n"))
    assert [found[0], found[3]] == ["Ivan", "Lee"]
    assert found[1] == "!book.csv row 3: The row has 1 columns where the headings are 2"
    assert found[2] == "!book.csv row 4: The row has 3 columns where the headings are 2"


@pytest.mark.parametrize(
    "broken", ['"Open', '"Open,1970', 'A,"x"y', '"Open\n"Kim",1', 'Pak,"19\n70\n80']
)
def test_a_stray_quote_hides_no_party_below_it(book: Write, broken: str) -> None:
    """A quote never closed swallows the rest of a file; reading starts again below it."""
    found = names(book(f"name,dob\nIvan,1970\n{broken}\nLee,1990\nChoe,1991\n"))
    assert found[0] == "Ivan"
    assert found[-2:] == ["Lee", "Choe"]
    assert found[1].startswith("!book.csv row 3")


def test_two_stray_quotes_make_no_party_of_two(book: Write) -> None:
    """Between them a second party would vanish inside the first one's name."""
    found = names(book('id,name,address\n1,"Kim,x\n2,Lee","y"\n3,Pak,z\n'))
    assert found[-1] == "Pak"
    assert found[0].startswith("!book.csv row 2")


def test_a_quoted_address_may_go_over_lines(book: Write) -> None:
    """That is ordinary CSV, and the next row keeps its line's number."""
    found = list(read_book(book('name,address\nIvan,"1 Way\nRiga"\nKim,x\n')))
    assert isinstance(found[0], Subject)
    assert found[0].entity.get("address") == ("1 Way Riga",)
    assert found[1].where == "book.csv row 4"


def test_blank_lines_are_no_parties_but_empty_rows_are_named(book: Write) -> None:
    """A row of delimiters may be a party whose export failed."""
    found = names(book("name,dob\n\nIvan,1970\n,\n\n"))
    assert found == ["Ivan", "!book.csv row 4: No name and no identifier"]


def test_an_endless_row_is_skipped_in_bounded_memory(book: Write) -> None:
    """One line of 30 MB must neither be held nor hide the rows after it."""
    path = book(b"name,dob\nIvan,1970\n" + b"x" * 30_000_000 + b",1980\nKim,1990\n")
    tracemalloc.start()
    found = names(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found[::2] == ["Ivan", "Kim"]
    assert found[1] == "!book.csv row 3: The row is longer than a million characters"
    assert peak < 20_000_000


def test_a_long_book_is_read_in_constant_memory(book: Write) -> None:
    """Memory grows by a number per id, not by the rows."""
    path = book("id,name,dob\n" + "".join(f"{n},Ivan Test {n},1970\n" for n in range(12_000)))
    tracemalloc.start()
    count = sum(1 for _ in read_book(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 12_000
    assert peak < 8_000_000


def test_columns_without_heading_must_be_empty(book: Write) -> None:
    """Trailing delimiters are harmless; a value there belongs to something."""
    found = names(book("name,dob,\nIvan,1970,\nKim,1980,KP\n"))
    assert found == ["Ivan", "!book.csv row 3: A value stands in a column without heading"]


def test_an_unknown_column_refuses_the_book_until_mended(book: Write) -> None:
    """--column and --ignore-column mend it."""
    path = book("name,shoe,born in\nIvan,44,RU\n")
    with pytest.raises(SourceError, match="Unknown columns 'shoe'"):
        names(path)
    choice = ColumnChoice({"Born in": "country"}, ("shoe",))
    (found,) = read_book(path, BookOptions(columns=choice))
    assert isinstance(found, Subject)
    assert found.entity.get("country") == ("ru",)


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "book.csv", "The file is empty"),
        (b"name,dob\n", "book.csv", "The book has no rows"),
        (b"\n\n", "book.csv", "The file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "book.xls", "old .xls"),
        (b"%PDF-1.7 ...", "book.csv", "This is a PDF"),
        (b"PK\x03\x04 no workbook", "book.xlsx", "No readable workbook"),
        (b"PAR1 no footer", "book.parquet", "No readable Parquet file"),
        (b"\x00\x01\x02\x00\x00\x07\x00\x00\x00" * 50, "book.bin", "neither text nor a format"),
        (b"\x1f\x8b\x08\x00broken", "book.csv.gz", "The packed file cannot be read"),
        (b'[{"name": "Ivan"}]', "book.json", "one JSON array"),
        (b"Ivan Testov\nKim\n", "book.csv", "no heading that tumen knows: 'Ivan"),
    ],
)
def test_what_is_no_book_is_refused_whole(
    book: Write, content: bytes, name: str, problem: str
) -> None:
    """The file is named, with what is wrong and how to mend it."""
    with pytest.raises(SourceError, match=problem) as caught:
        names(book(content, name))
    assert name in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A wrong path is bad input, not an empty book."""
    with pytest.raises(SourceError, match="No such file"):
        names(tmp_path / "none.csv")


def test_an_unknown_schema_is_refused(book: Write) -> None:
    """--schema takes plain words, and refuses what is no type."""
    assert names(book(BOOK), schema="ship")[0] == "Ivan Testov"
    with pytest.raises(RecordError, match="Unknown schema 'widget'"):
        names(book(BOOK), schema="widget")


@pytest.mark.parametrize("name", ["book.csv.gz", "book.csv"])
def test_packed_text_is_told_by_content(book: Write, name: str) -> None:
    """The extension does not decide."""
    assert names(book(gzip.compress(BOOK.encode()), name)) == ["Ivan Testov", "Kim Test"]


def test_a_packed_file_that_breaks_off_says_so(book: Write) -> None:
    """What was read is screened; the rest is one problem that makes the run incomplete."""
    rows = "".join(f"{n},Ivan {n * 7919},1970,RU\n" for n in range(60_000))
    whole = gzip.compress(f"id,name,dob,country\n{rows}".encode())
    found = list(read_book(book(whole[: len(whole) // 2], "book.csv.gz")))
    last = found[-1]
    assert isinstance(last, RecordProblem)
    assert "The rest of the file was not read: The packed file breaks off" in last.problem
    assert last.where == f"book.csv.gz from row {len(found) + 1} on"
    assert len(found) > 10_000
    assert all(isinstance(item, Subject) for item in found[:-1])


def workbook(path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    """An XLSX file with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def test_a_workbook_is_read_with_its_dates(tmp_path: Path) -> None:
    """Date cells, numbers as text and blank rows read as a person sees them."""
    rows: list[list[Any]] = [
        ["Customer No", "Full name", "Date of birth", "Passport", None],
        [17, "Ivan Testov", datetime(1970, 1, 2), 512345],  # noqa: DTZ001
        [None, None, None, None],
        [18, "Kim Test", "1980", None, "stray"],
        [19, "Lee Test"],
    ]
    found = list(read_book(workbook(tmp_path / "book.xlsx", ("People", rows))))
    assert isinstance(found[0], Subject)
    assert found[0].subject_id == "17"
    assert found[0].entity.get("birthDate") == ("1970-01-02",)
    assert found[0].entity.get("passportNumber") == ("512345",)
    assert isinstance(found[1], RecordProblem)
    assert found[1].where == "book.xlsx row 4"
    assert found[2].where == "book.xlsx row 5"
    assert len(found) == 3


def test_a_sheet_is_chosen_and_the_others_are_named(tmp_path: Path) -> None:
    """Parties on a second sheet must not be forgotten in silence."""
    one: tuple[str, list[list[Any]]] = ("People", [["name"], ["Ivan"]])
    two: tuple[str, list[list[Any]]] = ("Ships", [["name"], ["TESTER"]])
    path = workbook(tmp_path / "book.xlsx", one, two)
    notices: list[str] = []
    assert names(path, notice=notices.append) == ["Ivan"]
    assert "sheet 'People' is read, 'Ships' not" in notices[0]
    assert names(path, sheet="Ships", notice=notices.append) == ["TESTER"]
    assert len(notices) == 1
    with pytest.raises(SourceError, match="No sheet 'Planes'"):
        names(path, sheet="Planes")


def test_a_formula_without_value_is_not_screened(tmp_path: Path) -> None:
    """It would read as an empty cell: the birth date would be gone in silence."""
    rows: list[list[Any]] = [["name", "dob"], ["Ivan", "=A1"], ["Kim", 1980]]
    found = names(workbook(tmp_path / "book.xlsx", ("People", rows)))
    assert found == ["!book.xlsx row 2: The row holds a formula without its value", "Kim"]


def test_a_failed_formula_is_no_name(tmp_path: Path) -> None:
    """Nobody is called #REF!."""
    found = names(workbook(tmp_path / "book.xlsx", ("People", [["name"], ["#REF!"]])))
    assert found == ["!book.xlsx row 2: No name and no identifier"]


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    """Nothing to screen is an accident, not a clean result."""
    with pytest.raises(SourceError, match="is empty"):
        names(workbook(tmp_path / "book.xlsx", ("People", [])))


def test_a_workbook_cut_in_half_is_refused(tmp_path: Path) -> None:
    """Its table of contents stands at the end: no row can be trusted."""
    path = workbook(tmp_path / "book.xlsx", ("People", [["name"], ["Ivan"]]))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(SourceError, match="No readable workbook"):
        names(path)


def test_parquet_is_read_batch_by_batch(tmp_path: Path) -> None:
    """Lists, dates, numbers and nulls come as values; rows count from 1."""
    table = pa.table(
        {
            "id": [1, 2],
            "name": [["Ivan Testov", "Ivan T."], ["Kim Test"]],
            "dob": [datetime(1970, 1, 2).date(), None],  # noqa: DTZ001
            "country": pa.array(["RU", "KP"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "book.parquet")
    found = list(read_book(tmp_path / "book.parquet"))
    assert isinstance(found[0], Subject)
    assert found[0].entity.get("name") == ("Ivan Testov", "Ivan T.")
    assert found[0].entity.get("birthDate") == ("1970-01-02",)
    assert [item.where for item in found] == ["book.parquet row 1", "book.parquet row 2"]


def test_parquet_with_entities_is_read(tmp_path: Path) -> None:
    """FollowTheMoney entities as a column of structures."""
    rows = [
        {"id": "a", "schema": "Person", "properties": {"name": ["Ivan"], "shoe": None}},
        {"id": "b", "schema": "Person", "properties": {"name": ["Kim"], "shoe": ["44"]}},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "e.parquet")
    found = names(tmp_path / "e.parquet")
    assert found[1] == "!e.parquet row 2: Person has no property 'shoe'"


def test_parquet_damaged_inside_says_where_it_ends(tmp_path: Path) -> None:
    """Damage in a later row group leaves the earlier rows, and one problem for the rest."""
    path = tmp_path / "book.parquet"
    table = pa.table({"name": [f"Ivan {n * 7919}" for n in range(20_000)]})
    pq.write_table(table, path, row_group_size=5_000, compression="gzip", use_dictionary=False)
    group = pq.ParquetFile(path).metadata.row_group(2).column(0)
    data = bytearray(path.read_bytes())
    start = group.data_page_offset + group.total_compressed_size // 2
    data[start : start + 2000] = b"\x00" * 2000
    path.write_bytes(data)
    found = list(read_book(path))
    assert isinstance(found[-1], RecordProblem)
    assert "The rest of the file was not read" in found[-1].problem
    assert 0 < len(found) <= 10_001


def lines(*records: Any) -> str:
    """JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def test_json_lines_are_records_or_entities(book: Write) -> None:
    """Flat keys are headings; entities are taken as they are, with `;` inside a value."""
    entity = {
        "id": "e",
        "schema": "Company",
        "properties": {"name": ["Test; Ltd"], "country": "ru"},
    }
    path = book(lines({"Name": ["Ivan", "Vanya"], "DOB": 1970}, entity), "book.jsonl")
    found = list(read_book(path))
    assert isinstance(found[0], Subject)
    assert found[0].entity.names == ("Ivan", "Vanya")
    assert isinstance(found[1], Subject)
    assert (found[1].subject_id, found[1].entity.caption) == ("e", "Test; Ltd")


def test_json_is_told_by_content(book: Write) -> None:
    """A wrong extension does not matter where the content is plain."""
    assert names(book(lines({"name": "Ivan"}), "book.txt.bak")) == ["Ivan"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"name": "Ki', "This line is not whole JSON"),
        ('["Kim"]', "The line holds list, no record"),
        ('{"name": "A", "name": "B"}', "A key stands twice"),
        ('{"name": {"first": "Kim"}}', "A value is dict, not text"),
        ('{"name": "Kim", "shoe": 44}', "Unknown column 'shoe'"),
        ('{"properties": {"name": ["Kim"]}}', "The entity has no schema"),
        ('{"schema": "Persn", "properties": {"name": ["Kim"]}}', "Unknown schema 'Persn'"),
        ('{"schema": "Person", "properties": {"nme": ["Kim"]}}', "has no property 'nme'"),
        ('{"name": 1e999}', "No name and no identifier"),
        ('{"name": ' + "[" * 100_000, "This line is not whole JSON"),
        ('{"name": "' + "x" * 1_100_000 + '"}', "The line is longer than a million"),
    ],
)
def test_a_damaged_line_is_one_problem(book: Write, line: str, problem: str) -> None:
    """The lines around it are screened."""
    found = names(book(f'{{"name": "Ivan"}}\n\n{line}\n{{"name": "Lee"}}\n', "book.jsonl"))
    assert [found[0], found[2]] == ["Ivan", "Lee"]
    assert found[1].startswith("!book.jsonl row 3: ")
    assert problem in found[1]


def test_an_unknown_key_of_the_first_record_refuses_the_file(book: Write) -> None:
    """All records will have it: better one error than a million problems."""
    with pytest.raises(SourceError, match="Unknown column 'shoe'"):
        names(book(lines({"name": "Ivan", "shoe": 44}), "book.jsonl"))


def test_links_and_addresses_between_parties_are_left_out_with_a_count(book: Write) -> None:
    """An export of entities holds them; they are no parties, and the user hears how many."""
    parties = [{"id": n, "schema": "Person", "properties": {"name": [n]}} for n in ("Ivan", "Kim")]
    link = {"id": "f", "schema": "Family", "properties": {"person": ["Ivan"]}}
    address = {"id": "a", "schema": "Address", "properties": {"full": ["1 Way"]}}
    notices: list[str] = []
    path = book(lines(link, parties[0], address, link, parties[1]), "e.json")
    assert names(path, notice=notices.append) == ["Ivan", "Kim"]
    assert notices == ["e.json: left out, as they are no parties: 2 Family, 1 Address"]


def test_an_unknown_property_of_an_entity_can_be_mended(book: Write) -> None:
    """A later FollowTheMoney has properties that ours has not."""
    entity = {"schema": "Person", "properties": {"name": ["Ivan"], "deathCity": ["Riga"]}}
    path = book(lines(entity), "e.jsonl")
    (found,) = read_book(path)
    assert isinstance(found, RecordProblem)
    assert "--ignore-column 'deathCity'" in found.mend
    assert names(path, columns=ColumnChoice({}, ("deathCity",))) == ["Ivan"]
    (renamed,) = read_book(path, BookOptions(columns=ColumnChoice({"deathCity": "birthPlace"})))
    assert isinstance(renamed, Subject)
    assert renamed.entity.get("birthPlace") == ("Riga",)
