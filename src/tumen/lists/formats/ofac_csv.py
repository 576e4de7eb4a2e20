"""OFAC's legacy CSV files: primary names, aliases, addresses and spilt-over remarks.

No header; the columns are 12 (`sdn.csv`, `cons_prim.csv`), 5 (`alt`), 6 (`add`) and 2
(`comments`); `-0-` is "nothing"; a file that is whole ends in a line end and 0x1A (Ctrl-Z).
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tumen.errors import SourceError
from tumen.lists.formats.ofac_common import OfacEntryBuilder, clean, resolve_links
from tumen.lists.formats.ofac_csv_kinds import (
    ALIAS_KINDS,
    HEADERS,
    KINDS,
    kind_of,
    programmes,
    recognise,
)
from tumen.lists.formats.ofac_labels import Detail, add_detail
from tumen.lists.formats.ofac_remarks import read_remarks
from tumen.lists.reader import ParsedList, SourceFile
from tumen.model.listing import ListEntry, NameKind, NameQuality

NAME = "csv"
_END = "\x1a"
_MEND = "Download the file again"
_REMARKS_WIDTH = 1000
# The vessel columns of the primary file, with the labels that the other formats give them.
_VESSEL = (
    (5, "Vessel Call Sign"),
    (6, "Vessel Type"),
    (7, "Vessel Gross Tonnage"),
    (8, "Vessel Gross Registered Tonnage"),
    (9, "Vessel Flag"),
    (10, "Vessel Owner"),
)

__all__ = ["NAME", "kind_of", "parse", "recognise"]

Row = tuple[int, list[str]]


@dataclass(slots=True)
class _Set:
    """The rows of the files that belong together, by their kind, with their line numbers."""

    file: str = ""
    primary: list[Row] = field(default_factory=list)
    alias: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    address: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    comment: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, str] = field(default_factory=dict)
    unmarked: list[str] = field(default_factory=list)


def parse(files: Sequence[SourceFile], list_id: str) -> ParsedList:
    """Read a set of CSV files; the primary file is needed, the others should be there.

    Raises SourceError for a file that is cut short, has a row of the wrong width or a
    repeated uid, and for aliases, addresses or remarks of parties that are not listed.
    """
    gathered = _gather(files)
    warnings = _check_whole(gathered)
    unknown: Counter[str] = Counter()
    builders = [_builder(gathered, row, list_id, unknown) for row in gathered.primary]
    resolve_links(builders)
    entries: list[ListEntry] = []
    for builder in builders:
        entries.extend(builder.build_all())
    return ParsedList(list_id, NAME, None, entries, unknown, warnings)


def _gather(files: Sequence[SourceFile]) -> _Set:
    gathered = _Set()
    for file in files:
        kind = kind_of(file.head)
        if kind is None:
            problem = "Not one of OFAC's CSV files (12, 5, 6 or 2 columns without a header)"
            raise SourceError(problem, where=file.name, mend="Leave it out or download it again")
        if kind in gathered.names:
            problem = f"A second {kind} file; the first is {gathered.names[kind]}"
            raise SourceError(problem, where=file.name, mend="Give one set of files at a time")
        gathered.names[kind] = file.name
        if _END.encode() not in file.data[-32:]:
            gathered.unmarked.append(file.name)
        rows = _read_rows(file, kind)
        if kind == "primary":
            gathered.file, gathered.primary = file.name, rows
        else:
            by_uid: dict[str, list[Row]] = getattr(gathered, kind)
            for number, row in rows:
                by_uid[row[0]].append((number, row))
    return gathered


def _read_rows(file: SourceFile, kind: str) -> list[Row]:
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Up to 2018 the files were in the code page of Western Windows.
        if error.reason == "unexpected end of data":
            raise _cut_short(file, "in the middle of a character") from error
        text = file.data.decode("cp1252", "replace")
    _refuse_cut(file, text)
    width = next(columns for columns, name in KINDS.items() if name == kind)
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            is_first = not rows and row and row[0].strip().lower() in HEADERS
            # The end mark stands alone, or before empty cells where a tool saved the file anew.
            if is_first or not "".join(row).strip(_END):
                continue
            if len(row) != width or not row[0].strip().isdecimal():
                problem = f"{len(row)} columns instead of {width}, or no uid in the first"
                if row[0].startswith(_END):
                    problem = "The end mark 0x1A stands before this line: two files were joined"
                where = f"{file.name}, line {reader.line_num}"
                raise SourceError(problem, where=where, mend=_MEND)
            row[0] = row[0].strip()
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise _cut_short(file, f"or damaged at line {reader.line_num} ({error})") from error
    return rows


def _refuse_cut(file: SourceFile, text: str) -> None:
    """Whole is what ends in the end mark, a line end, or (saved anew) a closed last cell."""
    if not text.endswith((_END, "\n", "\r", '"', "-0-", "-0- ", ",-0")) and _END not in text[-32:]:
        raise _cut_short(file, "in the middle of a line, without the end mark 0x1A")


def _cut_short(file: SourceFile, how: str) -> SourceError:
    return SourceError(f"The file is cut short {how}", where=file.name, mend=_MEND)


def _check_whole(gathered: _Set) -> tuple[str, ...]:
    if not gathered.primary:
        names = ", ".join(gathered.names.values())
        problem = "Aliases, addresses or comments without the file of primary names"
        raise SourceError(problem, where=names, mend="Add sdn.csv (or cons_prim.csv) of that day")
    counts = Counter(row[0] for _, row in gathered.primary)
    repeated = [uid for uid, count in counts.items() if count > 1]
    if repeated:
        problem = f"{len(repeated)} uids stand twice: {_some(repeated)}"
        raise SourceError(problem, where=gathered.file, mend=_MEND)
    for kind in ("alias", "address"):
        orphans = [uid for uid in getattr(gathered, kind) if uid not in counts]
        if orphans:
            problem = (
                f"{len(orphans)} uids have no row in {gathered.file}: {_some(orphans)}; the files"
                " are of different days or one is incomplete"
            )
            mend = "Download all files of the set again, together"
            raise SourceError(problem, where=gathered.names[kind], mend=mend)
    warnings = [
        f"{gathered.file} came without its {kind} file: those details are missing"
        for kind in ("alias", "address")
        if kind not in gathered.names
    ]
    warnings += [
        f"{name} does not end in 0x1A, as OFAC's own files do: is it whole?"
        for name in gathered.unmarked
    ]
    lost = [row[0] for _, row in gathered.primary if _is_cut(row[11])]
    lost = [uid for uid in lost if uid not in gathered.comment]
    if lost:
        warnings.append(
            f"The remarks of {len(lost)} parties end at {_REMARKS_WIDTH:,} characters and go on in"
            f" a comments file that was not given or lacks them: {_some(lost)}"
        )
    # OFAC leaves remarks in the comments file after a party has been taken off the list.
    stale = [uid for uid in gathered.comment if uid not in counts]
    if stale:
        name = gathered.names["comment"]
        warnings.append(f"{name} has remarks of parties that are not listed: {_some(stale)}")
    return tuple(warnings)


def _some(uids: Sequence[str]) -> str:
    return ", ".join(uids[:10]) + (" …" if len(uids) > 10 else "")


def _builder(
    gathered: _Set, numbered: Row, list_id: str, unknown: Counter[str]
) -> OfacEntryBuilder:
    number, row = numbered
    uid = row[0]
    builder = OfacEntryBuilder(
        list_id, uid, row[2], file=gathered.file, locator=f"line {number}", unknown=unknown
    )
    builder.add_published_name(clean(row[1]), "SDN_Name")
    for _, alias in gathered.alias.get(uid, ()):
        _add_alias(builder, alias)
    for tag in programmes(row[3]):
        builder.add_programme(tag)
    _add_title(builder, clean(row[4]))
    for column, label in _VESSEL:
        if value := clean(row[column]):
            add_detail(builder, Detail(label, value))
    for _, address in gathered.address.get(uid, ()):
        builder.add_postal_address(address[2:4], address[4], "Address")
        builder.add_remark(clean(address[5]))
    _add_remarks(builder, row[11], [row[1] for _, row in gathered.comment.get(uid, ())])
    return builder


def _add_alias(builder: OfacEntryBuilder, row: list[str]) -> None:
    kind = ALIAS_KINDS.get(row[2].strip().replace(".", "").lower())
    if kind is None:
        builder.unknown[f"alt_type: {row[2]}"] += 1
    # Weak aliases are not in this file but in the remarks, in quotation marks.
    builder.add_published_name(
        clean(row[3]), "alt_name", kind=kind or NameKind.ALIAS, quality=NameQuality.STRONG
    )
    builder.add_remark(clean(row[4]))


def _add_title(builder: OfacEntryBuilder, title: str) -> None:
    for one in title.split("; ") if title else ():
        builder.add("position" if builder.is_person else "notes", one, "Title")


def _add_remarks(builder: OfacEntryBuilder, remarks: str, comments: list[str]) -> None:
    """Remarks are cut at 1,000 characters, mid-word; the comments file goes on from there."""
    if clean(remarks) or comments:
        is_cut = _is_cut(remarks) and not comments
        read_remarks(builder, " ".join("".join([remarks, *comments]).split()), is_cut=is_cut)


def _is_cut(remarks: str) -> bool:
    return len(remarks) >= _REMARKS_WIDTH
