"""Verifies an evidence file with nothing but the file: ZIP or PDF, made by whomever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
import typst

from tumen.cases.evidence import checks
from tumen.cases.evidence.archive import Unpacked, from_zip, manifest
from tumen.cases.evidence.findings import MISSHAPEN, Findings
from tumen.cases.evidence.fonts import set_with
from tumen.cases.evidence.instructions import instructions
from tumen.cases.evidence.pdf import document_in, to_pdf
from tumen.cases.evidence.shape import (
    ATTACHMENTS,
    DOCUMENT,
    FORMAT,
    INSTRUCTIONS,
    MANIFEST,
    PAGES,
    Evidence,
    canonical,
)
from tumen.cases.evidence.wording import case_finding, search_finding
from tumen.errors import RequestError

_OURS = (DOCUMENT, PAGES, INSTRUCTIONS)


@dataclass(frozen=True, slots=True)
class Verified:
    """What the file says (`evidence`), and what was found about it."""

    evidence: Evidence
    findings: Findings


def verify(content: bytes) -> Verified:
    """Check a file against itself.

    Raises RequestError for what is no evidence file, or one of a format that we do not know.
    """
    findings = Findings()
    if content.startswith(b"%PDF-"):
        evidence = Evidence(_document(document_in(content), findings))
        _check_pages(content, evidence, findings)
        if evidence.data.get("attachments"):
            findings.remarks.append("Attachments are in the archive alone: here is their hash")
    elif content.startswith(b"PK"):
        evidence = _archived(from_zip(content), findings)
    else:
        raise RequestError("This is neither a PDF nor a ZIP of ours")
    _check_data(evidence.data, findings)
    return Verified(evidence, findings)


def _archived(unpacked: Unpacked, findings: Findings) -> Evidence:
    files = unpacked.files
    if DOCUMENT not in files and DOCUMENT not in unpacked.damaged:
        raise RequestError(f"This is no evidence file: it has no {DOCUMENT}")
    if DOCUMENT in unpacked.damaged:
        raise RequestError(f"{DOCUMENT} is damaged: its checksum is not its own")
    findings.check("Every file is as the manifest says", lambda: _manifest_faults(unpacked))
    attachments = {name: data for name, data in files.items() if name.startswith(ATTACHMENTS)}
    evidence = Evidence(_document(files[DOCUMENT], findings), attachments)
    findings.check("Every attachment is there", lambda: _attachment_faults(evidence))
    if PAGES in files:
        findings.check("The PDF holds the same data", lambda: _inside_faults(files))
        _check_pages(files[PAGES], evidence, findings)
    if INSTRUCTIONS in files and _is_set_alike(evidence.data):
        findings.check("The instructions are ours", lambda: _instruction_faults(files, evidence))
    return evidence


def _document(content: bytes, findings: Findings) -> Mapping[str, Any]:
    """The data. Raises RequestError where it is none of ours."""
    try:
        data = orjson.loads(content)
    except ValueError as error:
        raise RequestError(f"{DOCUMENT} is damaged: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else None
        raise RequestError(f"{DOCUMENT} has the format {found!r}; this version knows {FORMAT!r}")
    if not _is_canonical(data, content):
        findings.problems.append(f"{DOCUMENT} is not written as we write it: it was changed")
    return data


def _is_canonical(data: Any, content: bytes) -> bool:
    try:
        return canonical(data) == content
    except TypeError as error:  # What can be read nested so deeply cannot be written.
        raise RequestError(f"{DOCUMENT} is none of ours: {error}") from error


def _manifest_faults(unpacked: Unpacked) -> Iterator[str]:
    files = unpacked.files
    for name in unpacked.damaged:
        yield f"{name} is damaged: its checksum is not its own"
    if MANIFEST not in files:
        if MANIFEST not in unpacked.damaged:
            yield f"{MANIFEST} is missing"
        return
    others = {name: data for name, data in files.items() if name != MANIFEST}
    if files[MANIFEST] == manifest(others):
        yield from (f"{name} is missing" for name in _OURS if name not in files)
        return
    told = {one["name"]: one for one in orjson.loads(files[MANIFEST])["files"]}
    found = {one["name"]: one for one in orjson.loads(manifest(others))["files"]}
    if told == found:
        yield f"{MANIFEST} is not written as we write it: it was changed"
    for name in sorted(told.keys() - found.keys() - set(unpacked.damaged)):
        yield f"{name} is missing"
    for name in sorted(found.keys() - told.keys()):
        yield f"{name} is not in the manifest: it was added"
    for name in sorted(told.keys() & found.keys()):
        if told[name] != found[name]:
            yield f"{name} was changed: it does not have the size and hash in the manifest"


def _attachment_faults(evidence: Evidence) -> Iterator[str]:
    lost = " ".join(evidence.data["missing"])
    told = {one["member"]: one["sha256"] for one in evidence.data["attachments"]}
    for member, digest in sorted(told.items()):
        content = evidence.attachments.get(member)
        if content is None:
            if digest not in lost:
                yield f"The attachment {member} is missing"
        elif sha256(content).hexdigest() != digest:
            yield f"The attachment {member} is not the file that was attached"
    for member in sorted(evidence.attachments.keys() - told.keys()):
        yield f"The attachment {member} belongs to no record: it was added"


def _inside_faults(files: Mapping[str, bytes]) -> Iterator[str]:
    if document_in(files[PAGES]) != files[DOCUMENT]:
        yield f"The data inside {PAGES} are not those of {DOCUMENT}"


def _instruction_faults(files: Mapping[str, bytes], evidence: Evidence) -> Iterator[str]:
    if files[INSTRUCTIONS] != instructions(evidence.digest).encode():
        yield f"{INSTRUCTIONS} is not what we write"


def _check_pages(pages: bytes, evidence: Evidence, findings: Findings) -> None:
    if not _is_set_alike(evidence.data):
        findings.remarks.append(
            "The pages were set by other versions than run here, so that they could not be "
            f"compared with the data: {evidence.data.get('set_with')}"
        )
        return

    def look() -> Iterator[str]:
        try:
            expected = to_pdf(evidence)
        except typst.TypstError as error:
            raise RequestError("the pages cannot be set anew") from error
        if expected != pages:
            yield "The pages of the PDF do not say what the data inside say: they were changed"

    findings.check("The pages say what the data say, byte for byte", look)


def _is_set_alike(data: Mapping[str, Any]) -> bool:
    return data.get("set_with") == set_with()


def _check_data(data: Mapping[str, Any], findings: Findings) -> None:
    check = findings.check
    if data.get("kind") == "case":
        check("The records of the case have their hashes", lambda: checks.history_faults(data))
        check("Case, people and alerts follow from the records", lambda: checks.case_faults(data))
        check("Every decision took two persons", lambda: checks.four_eyes_faults(data))
        check("The audit log speaks of these records", lambda: checks.bound_faults(data))
        _note_unbound(data, findings)
    check("The audit records have their hashes", lambda: checks.audit_faults(data))
    if checks.is_any_proved(data):
        check("The outcomes give the result hashes", lambda: checks.result_faults(data))
    check("The entries are those that were compared", lambda: checks.entry_faults(data))
    _note_loose(data, findings)
    check("The list versions have their hashes", lambda: checks.version_faults(data))
    _note_results(data, findings)
    if _is_set_alike(data):
        check("The finding says what the data say", lambda: _finding_faults(data))


def _finding_faults(data: Mapping[str, Any]) -> Iterator[str]:
    expected = case_finding(data) if data["kind"] == "case" else search_finding(data)
    if data["finding"] != expected:
        yield "The finding in front is not what the data say"


def _note_unbound(data: Mapping[str, Any], findings: Findings) -> None:
    try:
        loose = checks.unbound(data)
    except MISSHAPEN:
        return  # The check before has said so.
    if loose:
        numbers = ", ".join(map(str, loose[:20]))
        findings.remarks.append(f"No audit record here speaks of the case's records {numbers}")


def _note_loose(data: Mapping[str, Any], findings: Findings) -> None:
    try:
        loose = checks.loose_entries(data)
    except MISSHAPEN:
        return  # The check before has said so.
    if loose:
        names = ", ".join(loose[:10])
        more = f" and {len(loose) - 10:,} more" if len(loose) > 10 else ""
        findings.remarks.append(
            f"No fingerprint here says whether the entries of {names}{more} are as published: "
            "compare with the store"
        )


def _note_results(data: Mapping[str, Any], findings: Findings) -> None:
    runs = data.get("screenings")
    for run in runs if isinstance(runs, list) else ():
        if isinstance(run, dict) and run.get("hashed") is None:
            findings.remarks.append(
                f"The result hash of screening {run.get('screening_id')} is over outcomes that are "
                "not all in this file: `tumen replay` repeats it where the store is"
            )
