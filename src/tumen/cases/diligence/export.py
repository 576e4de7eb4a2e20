"""A due-diligence file to hand over: JSON, pages, and an archive with a manifest of hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any

from tumen.cases.diligence.answering import files_of
from tumen.cases.diligence.file import record_to_dict
from tumen.cases.diligence.overview import overview
from tumen.cases.diligence.paper import paper
from tumen.cases.diligence.shown import overview_to_dict
from tumen.cases.evidence.archive import packed
from tumen.cases.evidence.fonts import set_with
from tumen.cases.evidence.legible import all_legible
from tumen.cases.evidence.pdf import set_pages
from tumen.cases.evidence.shape import canonical
from tumen.model.audit import GENESIS
from tumen.screening.policy import Policy
from tumen.store.work import Work

FORMAT = "tumen due diligence 1"
DOCUMENT, PAGES, ENTITY, HISTORY, INSTRUCTIONS = (
    "diligence.json",
    "diligence.pdf",
    "party.json",
    "history.jsonl",
    "VERIFY.txt",
)
_ATTACHMENTS = "attachments/"
_STEPS = """\
How to verify this due-diligence file

1. manifest.json names every other file with its size and SHA-256. Compare them with what
   "sha256sum" says. No file may be missing, and none too many.
2. The SHA-256 of diligence.json stands at the foot of every page of diligence.pdf, and the same
   data are attached to it.
3. Each line of history.jsonl is one record. Begin with 64 zeros; for each line take the SHA-256
   of the hash before it (64 letters) followed by the line without its end. The last hash is
   "history_hash" of diligence.json. The audit log of the store has each hash as "after" of the
   record on this file, so that whoever runs the store can confirm them.
4. A file under attachments/ is named by its own SHA-256.

The same in Python 3 with nothing installed: unpack the archive, go into its folder, and run

import hashlib, json

def sha256(data):
    return hashlib.sha256(data).hexdigest()

manifest = json.load(open("manifest.json", encoding="utf-8"))
for one in manifest["files"]:
    data = open(one["name"], "rb").read()
    assert (len(data), sha256(data)) == (one["size_bytes"], one["sha256"]), one["name"]
found = "0" * 64
for line in open("history.jsonl", "rb").read().splitlines():
    found = sha256(found.encode() + line)
told = json.load(open("diligence.json", encoding="utf-8"))["file"]["history_hash"]
assert found == told, "the history"
print("All hashes are right")
"""


class Form(StrEnum):
    """In which form a file is handed over."""

    JSON = "json"
    PDF = "pdf"
    ZIP = "zip"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return f"application/{self.value}"


@dataclass(frozen=True, slots=True)
class Export:
    """What is handed over: the data, and the files that answers name, by their hash."""

    data: Mapping[str, Any]
    shown: Mapping[str, Any]
    made_at: datetime
    history: bytes
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def document(self) -> bytes:
        """The bytes of `diligence.json`; equal files are equal bytes."""
        return canonical(self.data)

    @property
    def name(self) -> str:
        """What to call the file, in letters that every file system takes."""
        told = f"{self.data['file']['book_id']}-{self.data['file']['party_id']}"
        safe = "".join(one if one.isascii() and one.isalnum() else "_" for one in told)
        return f"diligence-{safe[:80]}"

    def to(self, form: Form) -> bytes:
        """The file in a form."""
        if form is Form.JSON:
            return self.document
        return self.to_pdf() if form is Form.PDF else self.to_zip()

    def to_pdf(self) -> bytes:
        """The pages. What strangers wrote reaches the template as JSON and is set as it is."""
        at = self.made_at.astimezone(UTC)
        shown = {
            **all_legible(self.shown, DOCUMENT),
            "digest": hashlib.sha256(self.document).hexdigest(),
            "made": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        }
        template = files(__package__).joinpath("pages.typ").read_bytes()
        beside = {"shown.json": canonical(shown), DOCUMENT: self.document}
        return set_pages(template, beside, self.made_at)

    def to_zip(self) -> bytes:
        """Everything, with the files that answers name and a manifest of hashes."""
        members = {
            DOCUMENT: self.document,
            PAGES: self.to_pdf(),
            ENTITY: canonical(self.data["entity"]),
            HISTORY: self.history,
            INSTRUCTIONS: _STEPS.encode(),
            **{f"{_ATTACHMENTS}{name}": content for name, content in self.attachments.items()},
        }
        return packed(members, self.made_at, FORMAT)


def collect(work: Work, book_id: str, party_id: str, usual_policy: Policy, now: datetime) -> Export:
    """The file of a party as it stands, to be handed over. Raises NoSuchPartyError."""
    view = overview(work, book_id, party_id, usual_policy, now)
    attachments = {
        name: content
        for name in files_of(*view.records)
        if (content := work.attachments.content(name)) is not None
    }
    lines = [canonical(record_to_dict(one)) for one in view.records]
    return Export(
        {
            "format": FORMAT,
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "set_with": set_with(),
            "entity": view.known.party.entity.to_dict(),
            "file": overview_to_dict(view),
            "attachments": sorted(attachments),
        },
        paper(view),
        now,
        b"".join(line + b"\n" for line in lines),
        attachments,
    )


def verify_history(history: bytes) -> str:
    """The hash over the lines of `history.jsonl`, as `VERIFY.txt` tells to make it."""
    found = GENESIS
    for line in history.splitlines():
        found = hashlib.sha256(found.encode() + line).hexdigest()
    return found
