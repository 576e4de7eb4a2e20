"""A verification finds what was changed, by whomever and with whatever skill, and says it."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from evidence_desk import HIT, MADE, Desk, decided, opened, tampered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import MadeSqlite
from tumen.cases.evidence import verify as verifying
from tumen.cases.evidence.archive import from_zip, to_zip
from tumen.cases.evidence.in_store import compare, handed_out
from tumen.cases.evidence.instructions import SCRIPT
from tumen.cases.evidence.pdf import to_pdf
from tumen.cases.evidence.shape import DOCUMENT, INSTRUCTIONS, MANIFEST, PAGES, Evidence
from tumen.cases.evidence.verify import verify
from tumen.errors import RequestError
from tumen.store import Store

Data = dict[str, Any]


@pytest.fixture(scope="module")
def desk(made_sqlite: MadeSqlite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A decided case; nothing in here changes it."""
    folder = tmp_path_factory.mktemp("evidence")
    with Store.open(made_sqlite.url(folder)) as store:
        yield decided(store, folder)


@pytest.fixture(scope="module")
def packed(desk: Desk) -> bytes:
    """Its evidence as an archive."""
    return to_zip(desk.evidence())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of equal data are set once: what a flip of one bit asks for thousands of times."""
    set_once = cache(lambda document: to_pdf(Evidence(orjson.loads(document))))
    monkeypatch.setattr(verifying, "to_pdf", lambda evidence: set_once(evidence.document))


def problems(content: bytes) -> str:
    """What differs, in one text."""
    return "\n".join(verify(content).findings.problems)


def members(content: bytes) -> dict[str, bytes]:
    """The files of an archive."""
    return dict(from_zip(content).files)


def repacked(files: dict[str, bytes], *, twice: str = "") -> bytes:
    """An archive of these files, without any care."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        if twice:
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr(twice, b"another")
    return buffer.getvalue()


def is_refused(content: bytes) -> bool:
    """Whether the file is not taken at all, or found to differ."""
    try:
        return bool(verify(content).findings.problems)
    except RequestError:
        return True


def test_what_was_handed_out_is_intact(store: Store, tmp_path: Path) -> None:
    """The archive and the pages alike, offline and beside the store, from either database."""
    desk = decided(store, tmp_path)
    evidence = desk.evidence()
    with store.writing() as work:
        work.audit.append(handed_out(evidence, MADE, "anna"))
    for content in (to_zip(evidence), to_pdf(evidence)):
        found = verify(content)
        with store.reading() as work:
            compare(work, found.evidence, found.findings)
        assert found.findings.problems == []
        assert "Every decision took two persons" in found.findings.checked
        assert "The pages say what the data say, byte for byte" in found.findings.checked
        assert "The store has the same records of the case" in found.findings.checked
        assert not any("handed out" in one for one in found.findings.remarks)


def test_the_evidence_of_a_clean_search_is_intact(desk: Desk) -> None:
    """It has no case, and all that it has is checked."""
    for subject_id in (None, "p2"):
        assert problems(to_zip(desk.search(subject_id))) == ""


def test_the_same_evidence_is_the_same_bytes(desk: Desk, packed: bytes) -> None:
    """Archive and pages."""
    assert to_zip(desk.evidence()) == packed
    assert members(packed)[PAGES] == to_pdf(desk.evidence())


@pytest.mark.usefixtures("quick")
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_byte_of_any_member_is_found(packed: bytes, data: st.DataObject) -> None:
    """One bit in one byte of the data, the pages, an attachment, the manifest, the words."""
    files = members(packed)
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    changed = bytearray(files[name])
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    assert is_refused(repacked({**files, name: bytes(changed)}))


@pytest.mark.usefixtures("quick")
def test_every_byte_of_the_manifest_counts(packed: bytes) -> None:
    """No letter of it may be another."""
    files = members(packed)
    for place in range(len(files[MANIFEST])):
        changed = bytearray(files[MANIFEST])
        changed[place] ^= 1
        assert is_refused(repacked({**files, MANIFEST: bytes(changed)})), place


@pytest.mark.usefixtures("quick")
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_byte_of_the_pages_is_found(packed: bytes, data: st.DataObject) -> None:
    """A PDF alone, without its archive: the data inside say what every byte has to be."""
    pages = bytearray(members(packed)[PAGES])
    pages[data.draw(st.integers(0, len(pages) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert is_refused(bytes(pages))


@pytest.mark.parametrize("name", [DOCUMENT, PAGES, INSTRUCTIONS, MANIFEST, "attachments"])
def test_a_missing_member_is_found(packed: bytes, name: str) -> None:
    """Whatever is taken out."""
    files = members(packed)
    gone = next(one for one in files if one.startswith(name))
    del files[gone]
    assert is_refused(repacked(files))


def test_an_added_member_is_found(packed: bytes) -> None:
    """Also one that looks like an attachment."""
    files = members(packed)
    assert "note.txt is not in the manifest" in problems(repacked({**files, "note.txt": b"x"}))
    name = f"attachments/{hashlib.sha256(b'x').hexdigest()}.txt"
    assert "belongs to no record" in problems(repacked({**files, name: b"x"}))


def _rehashed(data: Data, number: int, **changed: Any) -> None:
    """Write a record of the case anew, with its hash."""
    row = data["history"][number]
    record = orjson.loads(row["text"])
    record.update(changed)
    row["text"] = orjson.dumps(record, option=orjson.OPT_SORT_KEYS).decode()
    row["sha256"] = hashlib.sha256(row["text"].encode()).hexdigest()


def _one_pair_of_eyes(data: Data) -> None:
    """The approval by whoever recommended, told the same everywhere."""
    actors = [orjson.loads(one["text"])["actor"] for one in data["history"]]
    anna = next(one for one in actors if one["name"] == "Anna")
    for number, one in enumerate(data["history"]):
        if orjson.loads(one["text"])["act"] in ("approved", "actioned", "closed"):
            _rehashed(data, number, actor=anna)
    data["case"]["decisions"][0]["approved_by"] = anna


def _first_hit(data: Data) -> Data:
    found: Data = data["results"][0]["hits"][0]
    return found


TAMPERINGS: dict[str, tuple[Callable[[Data], object], str]] = {
    "approver": (
        lambda data: data["case"]["decisions"][0]["approved_by"].update(name="Zoe"),
        "decisions 1, approved by, name: 'Zoe' is shown, 'Boris' follows",
    ),
    "outcome": (
        lambda data: data["case"]["decisions"][0]["recommendation"].update(outcome="report"),
        "'report' is shown, 'release' follows",
    ),
    "decision taken out": (
        lambda data: data["case"].update(decisions=[]),
        "The case, decisions: 0 are shown, 1 follow",
    ),
    "hit taken out": (
        lambda data: data["results"][0]["hits"].clear(),
        "Alert 1, hits: 0 are shown, 1 follow",
    ),
    "score": (lambda data: _first_hit(data).update(score=0.1), "0.1 is shown"),
    "subject": (
        lambda data: data["results"][0]["subject"]["properties"].update(birthDate=["1999"]),
        "'1999' is shown, '1960' follows",
    ),
    "entry": (
        lambda data: _first_hit(data)["published"]["entry"]["entity"]["properties"].update(
            birthDate=["1999"]
        ),
        "The entry alpha:1 shown is not the one that was compared",
    ),
    "person": (
        lambda data: data["people"].pop(),
        "Person: 2 are shown, 3 follow",
    ),
    "record": (
        lambda data: data["history"][3].update(text=data["history"][3]["text"] + " "),
        "Record 4 of the case was changed",
    ),
    "record taken out": (
        lambda data: data["history"].pop(1),
        "stands where record 2 belongs",
    ),
    "record written anew": (
        lambda data: _rehashed(data, 3, at="2024-02-28T06:00:00+00:00"),
        "Record 4 of the case is not the one that the audit log speaks of",
    ),
    "one pair of eyes": (_one_pair_of_eyes, "approved what the same person recommended"),
    "audit record": (
        lambda data: data["audit"]["records"][0].update(
            text=data["audit"]["records"][0]["text"].replace("tumen", "robot")
        ),
        "Audit record 1 was changed",
    ),
    "audit order": (
        lambda data: data["audit"]["records"].reverse(),
        "stands behind record",
    ),
    "end of the log": (
        lambda data: data["audit"].update(head={"sequence": 1, "hash": "0" * 64}),
        "is behind the end of the log, 1",
    ),
    "list version": (
        lambda data: data["versions"][0].update(content_hash="0" * 64),
        "does not have the hash in its name",
    ),
    "version taken out": (lambda data: data["versions"].clear(), "was used and is not told of"),
    "finding": (
        lambda data: data.update(finding=["Nothing was found."]),
        "The finding in front is not what the data say",
    ),
    "shape": (lambda data: data.update(history={"a": 1}), "cannot be read"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_file_made_anew_from_changed_data_is_found(desk: Desk, name: str) -> None:
    """Manifest, pages and instructions fit the data again, as our own program makes them."""
    change, words = TAMPERINGS[name]
    changed = tampered(desk.evidence(), change)
    if name == "shape":  # No pages can be made of that.
        files = {**members(to_zip(desk.evidence())), DOCUMENT: changed.document}
        assert words in problems(repacked(files))
        return
    assert words in problems(to_zip(changed))


def test_outcomes_that_were_changed_do_not_give_the_result(store: Store, tmp_path: Path) -> None:
    """Where all outcomes are inside, hash and hits hold one another."""
    evidence = opened(store, tmp_path, [HIT]).search()

    def to_other_text(data: Data) -> None:
        data["screenings"][0]["hashed"] += "\n"

    def to_other_hits(data: Data) -> None:
        data["results"][0]["hits"][0]["score"] = 0.71

    assert problems(to_zip(evidence)) == ""
    assert "do not give its result hash" in problems(to_zip(tampered(evidence, to_other_text)))
    assert "are not those that the result hash" in problems(
        to_zip(tampered(evidence, to_other_hits))
    )


def test_an_entry_without_a_fingerprint_is_left_to_the_store(desk: Desk) -> None:
    """Of a search none is kept: the file says so, and the store tells."""

    def to_another_entry(data: Data) -> None:
        _first_hit(data)["published"]["entry"]["remarks"] = "Harmless."

    assert any(
        "the entries of alpha:1" in one for one in verify(to_pdf(desk.search())).findings.remarks
    )
    found = verify(to_pdf(tampered(desk.search(), to_another_entry)))
    assert any("the entries of alpha:1" in one for one in found.findings.remarks)
    with desk.store.reading() as work:
        compare(work, found.evidence, found.findings)
    assert found.findings.problems == ["The entry alpha:1 is another in the store"]


def test_a_file_made_up_as_a_whole_is_found_in_the_store(desk: Desk) -> None:
    """What no hash inside can show: the store never had it so."""

    def to_another_story(data: Data) -> None:
        data["audit"]["records"].clear()
        _rehashed(data, 3, at="2024-02-28T06:00:00+00:00")
        record = orjson.loads(data["history"][3]["text"])
        data["people"][1]["acts"][-1]["at"] = record["at"]

    changed = tampered(desk.evidence(), to_another_story)
    found = verify(to_pdf(changed))
    with desk.store.reading() as work:
        compare(work, found.evidence, found.findings)
    assert any("are others in the store" in one for one in found.findings.problems)
    assert any("does not say that this very file" in one for one in found.findings.remarks)


def test_a_file_of_another_store_is_found(desk: Desk, store: Store, tmp_path: Path) -> None:
    """Its versions, screenings and audit records are not there."""
    found = verify(to_pdf(desk.evidence()))
    with store.reading() as work:
        compare(work, found.evidence, found.findings)
    told = "\n".join(found.findings.problems)
    for words in ("list version", "screening", "Audit record 1 is another", "records of the case"):
        assert words in told


def test_pages_of_another_layout_are_not_called_changed(desk: Desk) -> None:
    """What other versions set cannot be compared, and the file says which they were."""

    def of_other_versions(data: Data) -> None:
        data["set_with"]["typst"] = "0.1"

    found = verify(to_pdf(tampered(desk.evidence(), of_other_versions))).findings
    assert found.is_intact
    assert any("set by other versions" in one for one in found.remarks)


EVIL = ["../evil.txt", "/etc/passwd", "a\\..\\b", "C:/x", "attachments/../x", "a//b", "ä.txt"]


@pytest.mark.parametrize("name", EVIL)
def test_names_that_lead_astray_are_refused(packed: bytes, name: str) -> None:
    """Nothing of such an archive is read, let alone unpacked."""
    with pytest.raises(RequestError, match="This is no evidence file: the name"):
        verify(repacked({**members(packed), name: b"x"}))


def test_a_member_twice_is_refused(packed: bytes) -> None:
    """One program would read the first, another the last."""
    with pytest.raises(RequestError, match="stands in it twice"):
        verify(repacked(members(packed), twice=DOCUMENT))
    with pytest.raises(RequestError, match="stands in it twice"):
        verify(repacked({**members(packed), "Evidence.JSON": b"{}"}))


def test_bombs_are_refused(packed: bytes) -> None:
    """What says that it is huge, what is more than it says, and more members than anybody has."""
    told = bytearray(repacked({**members(packed), "big.bin": b"x"}))
    place = told.rfind(b"PK\x01\x02")
    told[place + 24 : place + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    with pytest.raises(RequestError, match="bytes, 1,073,741,824 at most"):
        verify(bytes(told))
    with pytest.raises(RequestError, match="members, 2,000 at most"):
        verify(repacked({f"a{number}": b"" for number in range(2001)}))
    lying = bytearray(repacked({**members(packed), "big.bin": b"0" * 100_000}))
    place = lying.rfind(b"PK\x01\x02")
    lying[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert "big.bin is damaged" in problems(bytes(lying))


def test_locked_and_oddly_packed_members_are_refused(packed: bytes) -> None:
    """We neither lock nor pack so."""
    locked = bytearray(packed)
    place = locked.find(b"PK\x01\x02")
    locked[place + 8] |= 1
    with pytest.raises(RequestError, match="is locked"):
        verify(bytes(locked))
    odd = bytearray(packed)
    odd[place + 10] = 12
    with pytest.raises(RequestError, match="packed in a way"):
        verify(bytes(odd))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"PK\x05\x06"]))
def test_what_is_no_evidence_file_is_refused_in_words(content: bytes, start: bytes) -> None:
    """Never a stack trace."""
    with pytest.raises(RequestError):
        verify(start + content)


def test_data_nested_without_end_are_refused(packed: bytes) -> None:
    """What can be read and not be written again."""
    nested = b'{"format":"tumen evidence 1","x":' + b"[" * 900 + b"]" * 900 + b"}"
    with pytest.raises(RequestError, match="is none of ours"):
        verify(repacked({**members(packed), DOCUMENT: nested}))


def test_the_script_in_the_file_needs_nothing_of_ours(packed: bytes, tmp_path: Path) -> None:
    """It runs in a bare Python, says yes to this file, and no to a changed one."""
    for name, content in members(packed).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert SCRIPT in (tmp_path / INSTRUCTIONS).read_text("utf-8")

    def ran() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "-c", SCRIPT]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ran().returncode, ran().stdout) == (0, "All hashes are right\n")
    (tmp_path / INSTRUCTIONS).write_text("Trust us.", "utf-8")
    assert ran().returncode == 1
