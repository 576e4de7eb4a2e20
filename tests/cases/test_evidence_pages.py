"""The pages can be read: by people, by machines, and whatever the names on them try."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from evidence_desk import LISTED, MADE, Desk, decided, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import MadeSqlite
from tumen.cases.evidence.document import document
from tumen.cases.evidence.document_hits import MOST_IN_FULL, hits_shown
from tumen.cases.evidence.fonts import has_glyph
from tumen.cases.evidence.legible import MOST_LETTERS, legible
from tumen.cases.evidence.pdf import document_in, to_pdf
from tumen.cases.evidence.shape import Evidence
from tumen.cases.evidence.sides import AGREES, ALIKE, DIFFERS, ONLY_LISTED, ONLY_OURS, sides
from tumen.cases.evidence.wording import search_finding
from tumen.store import Store
from watched_book import party

# Markup of the typesetter, of the web and of terminals, and code that would read a file.
HOSTILE = (
    '#read("/etc/passwd") #panic("x") ] $ */ // = Heading *bold* _it_ `raw` <b>x</b> \\ " \' @ref'
)
SCRIPTS = {
    "Hangul": "김철 조선무역회사",
    "Chinese": "金正恩 中国银行",
    "Arabic": "محمد علي",
    "Cyrillic": "Иван Ёлкин",
    "Georgian": "ქართული",
    "Thai": "ไทย",
    "Hebrew": "שלום",
    "kana": "カタカナ",
}


@pytest.fixture(scope="module")
def desk(made_sqlite: MadeSqlite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A decided case; nothing in here changes it."""
    folder = tmp_path_factory.mktemp("pages")
    with Store.open(made_sqlite.url(folder)) as store:
        yield decided(store, folder)


def text_of(pdf: bytes) -> str:
    """All text of the pages, blanks made one, and places to break a line taken out."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(found.replace("\u200b", "").split())


def with_name(evidence: Evidence, name: str) -> Evidence:
    """The evidence with another name of its subject; what is shown is what counts here."""
    case = {**evidence.data["case"], "title": name}
    results = [{**one, "caption": name} for one in evidence.data["results"]]
    return Evidence({**evidence.data, "case": case, "results": results, "finding": [name]})


def test_the_pages_tell_the_case(desk: Desk) -> None:
    """What an examiner looks for can be read back, with the hash at the foot of every page."""
    evidence = desk.evidence()
    pdf = to_pdf(evidence)
    text = text_of(pdf)
    for words in (
        "Evidence of a case",
        "false positive (FP-DOB: birth or founding dates exclude each other)",
        "approved by Boris on 24 February 2024, 06:00:00 UTC",
        "Party as screened Entry as published",
        "Nationality Russia (ru) North Korea (kp) differs",
        "Birth date 1960 1960-01-01 agrees",
        "Programme DPRK",
        "register.txt",
        "Audit excerpt",
        "How to verify this file",
        desk.run.result_hash,
        evidence.data["versions"][0]["content_hash"],
        evidence.data["audit"]["head"]["hash"],
    ):
        assert words in text, words
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        assert evidence.digest in page.extract_text()
    assert f"Page 1 of {len(reader.pages)}" in reader.pages[0].extract_text()


def test_the_data_are_inside(desk: Desk) -> None:
    """As an attached file that any reader of PDF finds, and that we find without one."""
    evidence = desk.evidence()
    pdf = to_pdf(evidence)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.attachments["evidence.json"] == [evidence.document]
    assert document_in(pdf) == evidence.document
    meta = reader.metadata
    assert meta is not None
    assert meta.creation_date == MADE


def test_a_clean_search_says_so_in_front(desk: Desk) -> None:
    """On its first page."""
    pdf = to_pdf(desk.search("p2"))
    first = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Nothing was found." in " ".join(first.split())


def test_what_was_not_screened_is_not_called_clean(desk: Desk) -> None:
    """Neither in front nor where hits would stand."""
    evidence = desk.search("p2")
    failed = [{**evidence.data["results"][0], "was_screened": False, "problem": "No name"}]
    data = {**evidence.data, "results": failed}
    text = text_of(to_pdf(Evidence({**data, "finding": search_finding(data)})))
    assert "NOT SCREENED. This is no clearance." in text
    assert "No listed party stood" not in text
    assert "Nothing was found" not in text


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_of_many_scripts_are_set(desk: Desk, script: str) -> None:
    """Every letter has a glyph, and comes back as the same letter."""
    name = SCRIPTS[script]
    assert legible(name) == name
    text = text_of(to_pdf(with_name(desk.evidence(), name)))
    # Where letters join or run from right to left, readers give words in another order.
    assert all(char in text for char in name)


def test_text_of_strangers_is_never_markup(store: Store, tmp_path: Path) -> None:
    """It is on the pages letter by letter, wherever it comes from."""
    listed = LISTED
    hostile = party(1, "Kim Chol", HOSTILE, birthDate="1960", notes=HOSTILE, address=HOSTILE)
    desk = opened(store, tmp_path, [hostile], [listed])
    text = text_of(to_pdf(desk.evidence()))
    assert text.count('#read("/etc/passwd")') >= 2
    assert "root:" not in text
    plain = legible(HOSTILE).replace("\u200b", "")
    assert "".join(plain.split()) in "".join(text.split())


def test_what_no_font_has_is_romanised_and_named() -> None:
    """No empty box: what it sounds like, and which characters they are."""
    assert legible("Ugarit 𐎀𐎁") == "Ugarit [no font has this: “ab”, code points U+10380 U+10381]"


def test_hidden_characters_are_shown() -> None:
    """What turns text round or has no form could make one name look like another."""
    assert legible("abc\u202egnp.exe") == "abc[hidden U+202E]gnp.exe"
    assert legible("Kim\u200bChol\x00") == "Kim[hidden U+200B]Chol[hidden U+0000]"
    assert legible("می\u200cخواهم") == "می\u200cخواهم"


def test_letters_of_another_script_are_told_apart() -> None:
    """A Cyrillic letter in a Latin word looks right and matches nothing."""
    assert legible("Кim Chol") == "Кim [letters of two scripts: К is Cyrillic] Chol"
    assert legible("Kim Иван Ёлкин Αθήνα") == "Kim Иван Ёлкин Αθήνα"


def test_long_text_breaks_and_ends() -> None:
    """A word without end stays on the page; a text without end stops, and says so. Hashes stay."""
    assert max(map(len, legible("x" * 500).split("\u200b"))) == 28
    assert legible("x" * (MOST_LETTERS + 5)).endswith("(and 5 letters more, see evidence.json)")
    assert legible("0123456789abcdef" * 4) == "0123456789abcdef" * 4


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_legible_can_be_set(text: str) -> None:
    """Every letter that goes on paper is in a font, and none is hidden."""
    for char in legible(text):
        assert char in "\n\u200b\u200c\u200d" or has_glyph(char), hex(ord(char))
        hidden = {"Cc", "Cf", "Cn", "Co", "Cs"}
        assert char in "\n\u200b\u200c\u200d" or unicodedata.category(char) not in hidden


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(min_size=1, max_size=80))
def test_any_name_at_all_gives_pages(desk: Desk, name: str) -> None:
    """Also such as the standards for archives forbid to set as they are."""
    pdf = to_pdf(with_name(desk.evidence(), name))
    assert pdf.startswith(b"%PDF-1.7")


def test_a_flood_of_hits_is_not_a_flood_of_pages(desk: Desk) -> None:
    """The best are set in full, the next in a line; the data has all, and the count is told."""
    (result,) = desk.evidence().data["results"]
    (hit,) = result["hits"]
    many = [
        {**hit, "entity_id": f"alpha:{number}", "score": number / 5000} for number in range(3000)
    ]
    shown = hits_shown([{**result, "hits": many}])
    assert len(shown["full"]) == MOST_IN_FULL
    assert shown["full"][0]["score"] == pytest.approx(2999 / 5000)
    assert len(shown["full"]) + len(shown["brief"]) + shown["left_out"] == 3000


def test_both_sides_are_marked_in_words() -> None:
    """Agreeing, differing, alike, or said by one side alone."""
    ours = {
        "schema": "Person",
        "properties": {
            "name": ["Kim  CHOL"],
            "birthDate": ["1960"],
            "gender": ["male"],
            "country": ["ru"],
        },
    }
    listed = {
        "schema": "Company",
        "properties": {
            "name": ["Kim Chol"],
            "birthDate": ["1960-05-05"],
            "country": ["kp"],
            "passportNumber": ["K1"],
        },
    }
    says = {row.field: row.says for row in sides(ours, listed)}
    assert says == {
        "Type": DIFFERS,
        "Names": AGREES,
        "Birth date": AGREES,
        "Gender": ONLY_OURS,
        "Country": DIFFERS,
        "Passport number": ONLY_LISTED,
    }
    other = {"schema": "Person", "properties": {"name": ["Kim Chul"]}}
    assert sides(ours, other, is_alike=True)[1].says == ALIKE
    assert sides(ours, other)[1].says == DIFFERS


def test_the_same_evidence_is_the_same_pages_in_any_order_of_work(desk: Desk) -> None:
    """What was set before leaves no trace."""
    evidence = desk.evidence()
    first = to_pdf(evidence)
    to_pdf(with_name(evidence, "김철"))
    assert to_pdf(evidence) == first
    assert re.fullmatch("[0-9a-f]{64}", document(evidence)["digest"])
