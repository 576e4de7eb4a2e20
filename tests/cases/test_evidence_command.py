"""`tumen evidence`: written, verified, and each handing out on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from evidence_desk import decided, opened

from tumen.cli.main import main
from tumen.store import Store


def tumen(*arguments: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.mark.parametrize("ending", ["zip", "pdf"])
def test_a_case_is_written_and_verified(store_url: str, tmp_path: Path, ending: str) -> None:
    """With the store and without it; the audit log says which file left."""
    with Store.open(store_url) as store:
        case_id = decided(store, tmp_path).case_id
    out = tmp_path / f"out.{ending}"
    written = tumen("evidence", "export", case_id, "--out", out, "--store", store_url)
    assert written.exit_code == 0, written.output
    plain = tumen("evidence", "verify", out)
    assert (plain.exit_code, plain.output.splitlines()[-1]) == (0, "Intact")
    found = json.loads(tumen("evidence", "verify", out, "--store", store_url, "--json").stdout)
    assert found["is_intact"]
    assert "The store has the same audit records" in found["checked"]
    assert not any("handed out" in one for one in found["remarks"])
    with Store.open(store_url) as store, store.reading() as work:
        last = work.audit.latest(1)[0].entry
    assert (last.action, last.object, last.after) == (
        "evidence handed out",
        case_id,
        found["sha256"],
    )


def test_a_clean_search_is_written(store_url: str, tmp_path: Path) -> None:
    """Of one subject of a screening."""
    with Store.open(store_url) as store:
        desk = opened(store, tmp_path)
    out = tmp_path / "clean.pdf"
    named = ("evidence", "search", desk.run.screening_id, "--subject", "p2")
    assert tumen(*named, "--out", out, "--store", store_url).exit_code == 0
    assert tumen("evidence", "verify", out, "--store", store_url).exit_code == 0


def test_what_differs_is_said_with_code_1(store_url: str, tmp_path: Path) -> None:
    """One byte of the pages."""
    with Store.open(store_url) as store:
        case_id = decided(store, tmp_path).case_id
    out = tmp_path / "out.pdf"
    tumen("evidence", "export", case_id, "--out", out, "--store", store_url)
    changed = bytearray(out.read_bytes())
    changed[-200] ^= 1
    out.write_bytes(bytes(changed))
    done = tumen("evidence", "verify", out)
    assert done.exit_code == 1
    assert "DIFFERS  The pages of the PDF do not say" in done.output
    assert done.output.splitlines()[-1] == "Not intact: 1 differ"


def test_slips_are_refused_with_code_2(store_url: str, tmp_path: Path) -> None:
    """Another ending, no such case or screening, a party never looked at, no evidence file."""
    with Store.open(store_url) as store:
        desk = opened(store, tmp_path)
    where = ("--store", store_url, "--out")
    screening_id = desk.run.screening_id
    for arguments, words in (
        (("export", desk.case_id, *where, tmp_path / "x.doc"), "end it in .zip or .pdf"),
        (("export", "none", *where, tmp_path / "x.zip"), "There is no case none"),
        (("search", "none", *where, tmp_path / "x.zip"), "There is no screening 'none'"),
        (("search", screening_id, "--subject", "p9", *where, tmp_path / "x.zip"), "did not look"),
        (("export", desk.case_id, *where, tmp_path / "no" / "x.zip"), "could not be written"),
    ):
        done = tumen("evidence", *arguments)
        assert (done.exit_code, words in done.output) == (2, True), done.output
    other = tmp_path / "other.zip"
    other.write_bytes(b"nothing")
    done = tumen("evidence", "verify", other)
    assert (done.exit_code, "neither a PDF nor a ZIP" in done.output) == (2, True)
