"""Files beside cases over HTTP: put there, handed out inert, and of their own case alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_cases import CaseDesk, case_desk
from invented import add_lists

from tumen.cases.attaching import MOST_BYTES
from tumen.model.access import Role

TEXT = "Übersetzung: not the same man".encode()


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseDesk]:
    """A desk of this file's own."""
    home: Path = tmp_path_factory.mktemp("files")
    add_lists(f"sqlite:///{home / 'tumen.db'}")
    with case_desk(home) as found:
        yield found


def attached(
    desk: CaseDesk, case_id: str, name: str, content: bytes, who: str = "anna", **data: object
) -> httpx.Response:
    """The answer to a file that is put beside a case."""
    files = {"file": (name, content)}
    return desk.ask(who, "POST", f"cases/{case_id}/attachments", files=files, data=data)


def test_a_file_is_handed_out_inert(cases: CaseDesk) -> None:
    """As it was, to be saved under its name, with all that keeps a browser from running it."""
    case_id = cases.opened("un:1")
    made = attached(cases, case_id, "Auskunft Müller.txt", TEXT, seen=2)
    assert made.status_code == 201, made.text
    (file,) = made.json()["files"]
    assert file["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert (file["name"], file["by"]["name"]) == ("Auskunft Müller.txt", "anna")
    given = cases.ask("vera", "GET", made.headers["Location"])
    assert given.status_code == 200
    assert given.content == TEXT
    headers = given.headers
    assert headers["Content-Type"] == "text/plain"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Auskunft M_ller.txt\"; filename*=UTF-8''Auskunft%20M%C3%BCller.txt"
    )


def test_a_name_cannot_add_a_header(cases: CaseDesk) -> None:
    """Breaks, quotes and turned writing are gone before it is kept."""
    case_id = cases.opened("un:1")
    made = attached(cases, case_id, 'a"; x=\u202e"b.txt', TEXT)
    assert made.status_code == 201, made.text
    given = cases.ask("vera", "GET", made.headers["Location"])
    assert given.headers["Content-Disposition"].count('"') == 2
    assert "\u202e" not in made.json()["files"][0]["name"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<html>", "not taken"),
        ("page.txt", b"<html><script>1</script>", "web page"),
        ("empty.pdf", b"", "empty"),
        ("large.txt", b"a" * (MOST_BYTES + 1), "25 MiB"),
    ],
)
def test_a_refused_file_says_why(cases: CaseDesk, name: str, content: bytes, words: str) -> None:
    """And leaves no trace."""
    case_id = cases.opened("un:1")
    refused = attached(cases, case_id, name, content)
    cases.refused(refused, 422, words)
    assert refused.json()["errors"][0]["place"] == "body.file"
    assert cases.sequence(case_id) == 2


def test_a_file_is_of_its_case_alone(cases: CaseDesk) -> None:
    """Whoever knows a hash gets no file through another case, and a stranger none at all."""
    case_id, other = cases.opened("un:1"), cases.opened("un:1")
    made = attached(cases, case_id, "a.txt", b"Of this case")
    place = made.headers["Location"]
    elsewhere = cases.ask("anna", "GET", place.replace(case_id, other))
    assert elsewhere.status_code == 404
    assert cases.ask("anna", "GET", f"cases/{case_id}/attachments/{'0' * 64}").status_code == 404
    assert cases.desk.client.get(place).status_code == 401
    for role in Role:
        assert cases.desk.ask("GET", place, role).status_code == 200


def test_who_may_attach(cases: CaseDesk) -> None:
    """Those who work on cases, and programs of that role; nobody who only looks."""
    case_id = cases.opened("un:1")
    for who, status in (("vera", 403), ("emil", 403), ("dora", 403), ("carl", 201)):
        assert attached(cases, case_id, "a.txt", TEXT, who).status_code == status
    late = attached(cases, case_id, "b.txt", TEXT, seen=2)
    cases.refused(late, 409, "carl: attached")
    assert attached(cases, "case-none", "b.txt", TEXT).status_code == 404


def test_a_file_that_was_changed_in_the_database_is_not_handed_out(cases: CaseDesk) -> None:
    """Evidence is what was put there, or nothing."""
    from sqlalchemy import text

    case_id = cases.opened("un:1")
    place = attached(cases, case_id, "c.txt", b"As it was").headers["Location"]
    with cases.store.writing() as work:
        change = text("UPDATE attachment SET content = :new WHERE sha256 = :name")
        name = place.rpartition("/")[2]
        work._connection.execute(change, {"new": b"As it is now", "name": name})
    assert cases.ask("vera", "GET", place).status_code == 503
