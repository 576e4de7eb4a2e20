"""Files beside cases: told by their content, kept once by their hash, handed out inert."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from tumen.cases import workflow
from tumen.cases.acting import act
from tumen.cases.files.mail import check_eml, check_msg
from tumen.cases.files.names import clean_name, ending_of
from tumen.cases.files.office import check_office
from tumen.cases.files.pdf import check_pdf
from tumen.cases.files.pictures import check_jpeg, check_png
from tumen.cases.files.refusal import FileRefusedError, is_program
from tumen.cases.files.texts import check_csv, check_json, check_text
from tumen.model.case import Actor, Case
from tumen.store.work import Work

MOST_BYTES = 25 << 20
_OFFICE = "application/vnd.openxmlformats-officedocument."


class Kind(NamedTuple):
    """A type of file that is taken: its name among media types, and what must be true of it."""

    media_type: str
    check: Callable[[bytes], None]


# By ending. Content and ending must agree: a file that lies about itself is not taken.
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("application/pdf", check_pdf),
    "png": Kind("image/png", check_png),
    "jpg": Kind("image/jpeg", check_jpeg),
    "jpeg": Kind("image/jpeg", check_jpeg),
    "txt": Kind("text/plain", check_text),
    "csv": Kind("text/csv", check_csv),
    "json": Kind("application/json", check_json),
    "eml": Kind("message/rfc822", check_eml),
    "msg": Kind("application/vnd.ms-outlook", check_msg),
    "docx": Kind(f"{_OFFICE}wordprocessingml.document", partial(check_office, ending="docx")),
    "xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", partial(check_office, ending="xlsx")),
}


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A file that may be kept: its cleaned name, and its type as its content says."""

    name: str
    media_type: str
    sha256: str
    size_bytes: int


def accept(name: str, content: bytes) -> AcceptedFile:
    """The file as it may be kept. Raises FileRefusedError, which says why and what to do."""
    cleaned = clean_name(name)
    if not content:
        raise FileRefusedError(f"{cleaned} is empty")
    if len(content) > MOST_BYTES:
        raise FileRefusedError(f"{cleaned} is larger than {MOST_BYTES >> 20} MiB")
    kind = KINDS.get(ending_of(cleaned))
    if kind is None:
        raise FileRefusedError(f"{cleaned} is not taken: it must be one of {', '.join(KINDS)}")
    if is_program(content):
        raise FileRefusedError(f"There is a program in {cleaned}")
    kind.check(content)
    return AcceptedFile(cleaned, kind.media_type, sha256(content).hexdigest(), len(content))


def attach(
    work: Work,
    case_id: str,
    seen: int | None,
    file: AcceptedFile,
    content: bytes,
    actor: Actor,
    now: datetime,
) -> Case:
    """Keep an accepted file beside a case."""
    if sha256(content).hexdigest() != file.sha256:
        raise FileRefusedError(f"{file.name} is not the file that was looked at")
    facts = {
        "sha256": file.sha256,
        "name": file.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
    }
    case = act(work, case_id, seen, lambda found: workflow.attach(found, facts, actor, now))
    work.attachments.add(content, file.media_type, now)
    return case
