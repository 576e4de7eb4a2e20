"""Results as CSV, JSON lines or Parquet; a file appears whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Protocol

from tumen.errors import RequestError
from tumen.model.screening import Hit, Reason, Screening
from tumen.screening.policy import Policy
from tumen.screening.versions import UsedVersion

COLUMNS = (
    "subject_id",
    "subject_name",
    "outcome",
    "score",
    "list_id",
    "entity_id",
    "schema",
    "listed_name",
    "programmes",
    "reasons",
    "problem",
    "warnings",
    "where",
    "list_version",
    "policy",
    "screened_at",
)
FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_PARQUET_ROWS = 5_000
# A spreadsheet runs a cell that begins so as a formula (CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Outcome(StrEnum):
    """What a row of a result says; "not screened" is never "no hit"."""

    HIT = "hit"
    POSSIBLE = "possible"
    NO_HIT = "no hit"
    NOT_SCREENED = "not screened"


class Explain(StrEnum):
    """How much of the reasons a result states."""

    NONE = "none"
    SENTENCE = "sentence"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What goes into a result file. With `has_clean`, also subjects without hit or warning.

    `notes` are the warnings that stand on every result: they alone do not make it worth a row.
    """

    versions: Sequence[UsedVersion] = ()
    notes: Sequence[str] = ()
    policy: Policy = field(default_factory=Policy)
    screened_at: str = ""
    explain: Explain = Explain.SENTENCE
    has_clean: bool = False


class Writer(Protocol):
    """Takes results one at a time."""

    def write(self, screening: Screening) -> None:
        """Write one result, where the options ask for it."""


def outcome_of(screening: Screening) -> Outcome:
    """The outcome for the subject as a whole."""
    if not screening.was_screened:
        return Outcome.NOT_SCREENED
    if any(hit.is_hit for hit in screening.hits):
        return Outcome.HIT
    return Outcome.POSSIBLE if screening.hits else Outcome.NO_HIT


def is_shown(screening: Screening, options: OutputOptions) -> bool:
    """Whether a result has anything to say: a hit, a problem, a warning, or all are wanted."""
    says = screening.hits or screening.problem or own_warnings(screening, options)
    return bool(says) or options.has_clean


def own_warnings(screening: Screening, options: OutputOptions) -> list[str]:
    """The warnings of this result that do not stand on every other."""
    return [warning for warning in screening.warnings if warning not in options.notes]


def flat_rows(screening: Screening, options: OutputOptions) -> Iterator[dict[str, Any]]:
    """One row per hit; one for a subject that has none. Keys are `COLUMNS`."""
    if not is_shown(screening, options):
        return
    base = {
        "subject_id": screening.subject_id,
        "subject_name": screening.caption,
        "outcome": outcome_of(screening).value,
        "problem": screening.problem,
        "warnings": "; ".join(screening.warnings),
        "where": screening.where,
        "list_version": "; ".join(version.version_id for version in options.versions),
        "policy": str(options.policy),
        "screened_at": options.screened_at,
    }
    if not screening.hits:
        yield {**dict.fromkeys(COLUMNS, ""), **base, "score": None}
    for hit in screening.hits:
        yield {**base, **_hit_row(hit, options)}


def _hit_row(hit: Hit, options: OutputOptions) -> dict[str, Any]:
    own = [v.version_id for v in options.versions if v.list_id == hit.list_id]
    return {
        "outcome": (Outcome.HIT if hit.is_hit else Outcome.POSSIBLE).value,
        "score": round(hit.score, 4),
        "list_id": hit.list_id,
        "entity_id": hit.entity_id,
        "schema": hit.schema,
        "listed_name": hit.caption,
        "programmes": "; ".join(hit.programmes),
        "reasons": reasons_text(hit, options.explain),
        "list_version": "; ".join(own),
    }


def reasons_text(hit: Hit, explain: Explain) -> str:
    """The reasons of a hit in one cell."""
    if explain is Explain.NONE:
        return ""
    if explain is Explain.SENTENCE:
        return hit.sentence
    return "; ".join(_reason_text(reason) for reason in hit.reasons)


def _reason_text(reason: Reason) -> str:
    values = f" [{reason.left} | {reason.right}]" if reason.left or reason.right else ""
    return f"{reason.feature} {reason.effect:+.2f}: {reason.text}{values}"


def json_record(screening: Screening, options: OutputOptions) -> dict[str, Any]:
    """One result as a JSON-ready mapping, with the list versions it was screened against."""
    record = screening.to_dict()
    record["outcome"] = outcome_of(screening).value
    record["list_versions"] = [version.version_id for version in options.versions]
    record["policy"] = options.policy.to_dict()
    record["screened_at"] = options.screened_at
    dropped = {
        Explain.NONE: ("reasons", "sentence"),
        Explain.SENTENCE: ("reasons",),
        Explain.FULL: (),
    }[options.explain]
    for hit in record["hits"]:
        for key in dropped:
            del hit[key]
    return record


class CsvWriter:
    """CSV in UTF-8 with `COLUMNS`; cells that a spreadsheet would run are made text."""

    def __init__(self, stream: IO[str], options: OutputOptions) -> None:
        self._options = options
        self._rows = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        self._rows.writeheader()

    def write(self, screening: Screening) -> None:
        """Write the rows of one result."""
        for row in flat_rows(screening, self._options):
            self._rows.writerow({name: _guarded(value) for name, value in row.items()})


def _guarded(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


class JsonLinesWriter:
    """One result a line."""

    def __init__(self, stream: IO[str], options: OutputOptions) -> None:
        self._stream, self._options = stream, options

    def write(self, screening: Screening) -> None:
        """Write one result."""
        if is_shown(screening, self._options):
            record = json_record(screening, self._options)
            self._stream.write(json.dumps(record, ensure_ascii=False) + "\n")


class ParquetWriter:
    """Parquet with `COLUMNS`: `score` is a number, all others are text."""

    def __init__(self, path: Path, options: OutputOptions, files: ExitStack) -> None:
        import pyarrow
        import pyarrow.parquet

        kinds = {name: pyarrow.string() for name in COLUMNS} | {"score": pyarrow.float64()}
        self._schema = pyarrow.schema(kinds)
        self._options = options
        self._waiting: list[dict[str, Any]] = []
        self._file = files.enter_context(pyarrow.parquet.ParquetWriter(path, self._schema))

    def write(self, screening: Screening) -> None:
        """Write the rows of one result, some thousands at a time."""
        self._waiting.extend(flat_rows(screening, self._options))
        if len(self._waiting) >= _PARQUET_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        import pyarrow

        if self._waiting:
            self._file.write_table(pyarrow.Table.from_pylist(self._waiting, self._schema))
            self._waiting.clear()


def format_of(path: Path, wanted: str = "") -> str:
    """The format of a result file: `wanted`, or the one its extension names."""
    if wanted:
        return wanted
    if path.suffix.lower() not in FORMATS:
        known = ", ".join(FORMATS)
        raise RequestError(f"{path}: no format is known by this extension; use {known} or --format")
    return FORMATS[path.suffix.lower()]


@contextmanager
def writing_file(path: Path, wanted: str, options: OutputOptions) -> Iterator[Writer]:
    """A writer to `path`, which appears whole when the block ends well, and else not at all.

    Raises RequestError for an unknown extension or a folder that cannot be written to.
    """
    kind = format_of(path, wanted)
    with _replaced(path) as part, ExitStack() as files:
        if kind == "parquet":
            writer = ParquetWriter(part, options, files)
            yield writer
            writer.flush()
        else:
            stream = files.enter_context(part.open("w", encoding="utf-8", newline=""))
            yield text_writer(stream, kind, options)


def text_writer(stream: IO[str], kind: str, options: OutputOptions) -> Writer:
    """A writer of CSV or JSON lines to an open stream."""
    if kind not in ("csv", "jsonl"):
        raise RequestError(f"{kind} needs a file: give --out")
    return CsvWriter(stream, options) if kind == "csv" else JsonLinesWriter(stream, options)


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place once the block ends well."""
    target = path.resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        # Made as any new file is, so that the user's umask decides who may read it.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise RequestError(f"{path}: cannot be written ({error.strerror})") from error
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
