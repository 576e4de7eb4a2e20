"""Files beside a case: what is taken, and how they are handed out; and the evidence file."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from case_desk import FIRST, address, approve, case_of, opened, recommend, refusal, seen, standing
from workbench import Browser, Workbench

from tumen.cases.attaching import MOST_BYTES

_PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"


def _attach(browser: Browser, case_id: str, name: str, content: bytes) -> int:
    fields = {"seen": seen(browser, case_id)}
    return browser.post(
        address(case_id, "attachments"), fields, files={"file": (name, content)}
    ).status_code


def test_a_file_is_attached_and_handed_out_inert(workbench: Workbench) -> None:
    """To be saved, never shown: no sniffing, no scripts, under the name it was given."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    assert _attach(anna, case_id, "выписка № 3.pdf", _PDF) == 303
    (name,) = case_of(workbench, case_id).attachments
    page = anna.get(address(case_id)).text
    assert "выписка № 3.pdf" in page
    assert f'href="{address(case_id, f"attachments/{name}")}"' in page
    found = workbench.browser("vera").get(address(case_id, f"attachments/{name}"))
    assert found.content == _PDF
    headers = found.headers
    assert headers["content-disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%D0%B2%D1%8B" in headers["content-disposition"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["content-type"] == "application/pdf"


def test_a_file_is_handed_out_by_its_own_case_alone(workbench: Workbench) -> None:
    """Knowing the hash of a file opens it at no other case."""
    case_id, other = opened(workbench), opened(workbench, standing(FIRST, party_id="p-2"))
    anna = workbench.browser("anna")
    assert _attach(anna, case_id, "extract.pdf", _PDF) == 303
    (name,) = case_of(workbench, case_id).attachments
    assert anna.get(address(case_id, f"attachments/{name}")).status_code == 200
    assert anna.get(address(other, f"attachments/{name}")).status_code == 404
    assert anna.get(address(case_id, "attachments/..%2F..%2Fetc%2Fpasswd")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<script>alert(1)</script>", "not taken"),
        ("picture.svg", b"<svg onload='alert(1)'/>", "not taken"),
        ("extract.pdf", b"<script>alert(1)</script>", "PDF"),
        ("picture.png", b"MZ\x90\x00program", ""),
        ("extract.pdf.exe", b"MZ\x90\x00", "not taken"),
        ("../../../etc/cron.d/x", b"* * * * *", "not taken"),
        ("empty.txt", b"", "empty"),
        ("large.txt", b"x" * (MOST_BYTES + 1), "larger than"),
    ],
)
def test_tricks_are_refused_with_words(
    workbench: Workbench, name: str, content: bytes, words: str
) -> None:
    """Active content, a lie about the type, a path for a name, too much of it."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    fields = {"seen": seen(anna, case_id)}
    answer = anna.post(address(case_id, "attachments"), fields, files={"file": (name, content)})
    assert answer.status_code == 422
    assert words in refusal(answer)
    assert case_of(workbench, case_id).attachments == ()


def test_a_file_can_be_the_evidence(workbench: Workbench) -> None:
    """An attached file is ticked in the recommendation, and named there by its hash."""
    case_id = opened(workbench)
    anna = workbench.browser("anna")
    _attach(anna, case_id, "extract.pdf", _PDF)
    (name,) = case_of(workbench, case_id).attachments
    page = anna.get(address(case_id) + "?verdict=false%20positive").text
    said = f"extract.pdf (SHA-256 {name})"
    assert f'name="file" value="{said}"' in page
    recommend(anna, case_id, seen(anna, case_id), evidence="", file=[said])
    pending = case_of(workbench, case_id).pending
    assert pending is not None
    assert pending.evidence == (said,)


def test_the_evidence_file_leaves_by_the_page(workbench: Workbench, tmp_path: Path) -> None:
    """As PDF and as an archive that holds the decision; to be saved, not shown."""
    case_id = opened(workbench)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    _attach(anna, case_id, "extract.pdf", _PDF)
    recommend(anna, case_id, seen(anna, case_id))
    approve(carl, case_id, seen(carl, case_id))
    emil = workbench.browser("emil")
    pdf = emil.get(address(case_id, "evidence?format=pdf"))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"].endswith(f"evidence-{case_id}.pdf")
    packed = emil.get(address(case_id, "evidence?format=zip"))
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        told = json.loads(archive.read("evidence.json"))
        assert any(archive.read(one) == _PDF for one in archive.namelist())
    assert told["case"]["case_id"] == case_id
    assert len(told["case"]["decisions"]) == 1
    assert emil.get(address(case_id, "evidence?format=exe")).status_code == 422
