"""The result of a screening as a file, as `tumen screen` writes it."""

from __future__ import annotations

import io
from enum import StrEnum

from tumen.model.listing import ListVersion
from tumen.screening.output import OutputOptions, text_writer
from tumen.screening.runs import policy_of
from tumen.screening.versions import UsedVersion
from tumen.service.pages.screen_data import read_run
from tumen.store.work import Work

# Without this mark a spreadsheet reads the letters of UTF-8 as something else.
_MARK = "\ufeff"


class ResultKind(StrEnum):
    """A table for spreadsheets, or one record a line for programs."""

    CSV = "csv"
    JSON_LINES = "jsonl"

    @property
    def media_type(self) -> str:
        """What a browser is told."""
        return "text/csv" if self is ResultKind.CSV else "application/x-ndjson"


def result_file(work: Work, screening_id: str, kind: ResultKind) -> bytes:
    """All outcomes that are kept, also those without a hit."""
    shown = read_run(work, screening_id)
    run = shown.run
    options = OutputOptions(
        versions=tuple(_used(one.version) for one in shown.used),
        notes=run.warnings,
        policy=policy_of(run.policy),
        screened_at=run.screened_at.isoformat(timespec="seconds"),
        has_clean=True,
    )
    stream = io.StringIO()
    if kind is ResultKind.CSV:
        stream.write(_MARK)
    writer = text_writer(stream, kind.value, options)
    for outcome in work.screenings.outcomes(screening_id):
        writer.write(outcome)
    return stream.getvalue().encode()


def _used(version: ListVersion) -> UsedVersion:
    return UsedVersion(
        version.list_id,
        version.version_id,
        version.published_on,
        version.retrieved_at.date(),
        version.entries,
        version.is_starter,
    )
