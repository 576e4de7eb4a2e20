"""A due-diligence file handed over: the same bytes for the same file, verified without us."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from diligence_desk import ANNA, POLICY, said, unknown
from pypdf import PdfReader

from tumen.cases.diligence import keeping
from tumen.cases.diligence.export import Export, Form, collect, verify_history
from tumen.store import Store
from watched_book import at, keep_book, party

HOSTILE = "#panic(1) $x$ *b* </script> 김철수 ‮gnp.exe"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    """The file of a party whose name and answers are hostile to whatever shows them."""
    url = f"sqlite:///{tmp_path_factory.mktemp('export')}/tumen.db"
    with Store.open(url) as store:
        company = {"schema": "Company", "country": "kp"}
        keep_book(store, [party(1, HOSTILE, **company)], at(0))  # type: ignore[arg-type]
        with store.writing() as work:
            name = work.attachments.add(b"a chart", "text/plain", at(0)).sha256
        changes = [
            said("people.directors", HOSTILE, 'a"] #read("/etc/passwd")'),
            said("ownership.chart", name, evidence=(name,)),
            unknown("people.owners"),
        ]
        for change in changes:
            step = keeping.set_field(change, ANNA, at(1))
            with store.writing() as work:
                keeping.act(work, "b", "p1", step, at(1), usual_policy=POLICY)
        with store.reading() as work:
            yield collect(work, "b", "p1", POLICY, at(2))


def test_the_data_have_the_party_and_the_whole_file(export: Export) -> None:
    """FollowTheMoney beside our own, readable by any program, the same bytes each time."""
    data = json.loads(export.to(Form.JSON))
    assert data["entity"]["schema"] == "Company"
    assert data["entity"]["properties"]["name"] == [HOSTILE]
    assert [one["act"] for one in data["file"]["history"]] == ["answered", "answered", "unknown"]
    assert data["file"]["history_hash"] == verify_history(export.history)
    assert export.to(Form.JSON) == export.document
    assert export.name == "diligence-b_p1"


def test_the_pages_say_it_and_run_nothing(export: Export) -> None:
    """What strangers wrote stands on paper as they wrote it; hidden characters are named."""
    pdf = export.to_pdf()
    assert pdf == export.to_pdf()
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    whole = " ".join(text.split())
    assert "#panic(1) $x$ *b* </script>" in whole
    assert '#read("/etc/passwd")' in whole
    assert "U+202E" in whole
    assert "The register of the place is closed to us" in whole
    assert "UNKNOWN" in whole
    assert "MISSING" in whole
    (inside,) = PdfReader(io.BytesIO(pdf)).attachments["diligence.json"]
    assert inside == export.document


def test_the_archive_is_verified_without_us(export: Export, tmp_path: Path) -> None:
    """The script in it, run by a plain Python; one letter altered anywhere, and it fails."""
    with zipfile.ZipFile(io.BytesIO(export.to_zip())) as archive:
        archive.extractall(tmp_path)
        names = set(archive.namelist())
    (attached,) = export.attachments
    assert names == {
        "VERIFY.txt", "diligence.json", "diligence.pdf", "history.jsonl", "manifest.json",
        "party.json", f"attachments/{attached}",
    }  # fmt: skip
    script = (tmp_path / "VERIFY.txt").read_text().partition("\nimport hashlib")[2]

    def verdict() -> str:
        done = subprocess.run(
            [sys.executable, "-I", "-c", "import hashlib" + script],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout or done.stderr.strip().splitlines()[-1]

    assert verdict() == "All hashes are right\n"
    for name in sorted(names - {"manifest.json", "VERIFY.txt"}):
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
        assert verdict() == f"AssertionError: {name}"
        (tmp_path / name).write_bytes(whole)


def test_a_name_of_a_file_holds_nothing_odd(export: Export) -> None:
    """Ids come from users: no path, no quote, no other script gets into a file's name."""
    file = {**export.data["file"], "book_id": "../../etc", "party_id": 'x"\r\nSet-Cookie: 김'}
    odd = Export({**export.data, "file": file}, {}, export.made_at, b"")
    assert odd.name == "diligence-______etc_x___Set_Cookie___"
