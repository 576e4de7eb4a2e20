"""csvFullSanctionsList: one row for each part of an entity, in the layouts 1.0 and 1.1.

A row repeats the entity and fills one block of columns: a name, an address, a birth, an
identification or a citizenship. The blocks are told by the prefix of their column names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from tumen.errors import SourceError
from tumen.lists.csv_table import Row, damaged, decode, rows
from tumen.lists.eu_fsf.record import Detail, Record
from tumen.lists.eu_fsf.whole_xml import spell_out
from tumen.lists.reader import SourceFile
from tumen.model.dates import read_date

_KINDS = {
    "naal": "nameAlias",
    "namealias": "nameAlias",
    "addr": "address",
    "address": "address",
    "birt": "birthdate",
    "birthdate": "birthdate",
    "iden": "identification",
    "identification": "identification",
    "citi": "citizenship",
    "citizenship": "citizenship",
}
# Column names after the prefix, without underscores and in lower case → attribute of the XML.
_FACTS = {
    name.casefold(): name
    for line in (
        "logicalId lastName firstName middleName wholeName nameLanguage gender title function",
        "regulationLanguage strong city street poBox zipCode region place asAtListingTime",
        "countryIso2Code countryDescription birthdate yearRangeFrom yearRangeTo year circa",
        "calendarType number latinNumber nameOnDocument issuedBy validFrom validTo diplomatic",
        "knownExpired knownFalse reportedLost revokedByIssuer",
        "acquisitionDate disenfranchisementDate",
    )
    for name in line.split()
} | {
    "date": "birthdate",
    "day": "dayOfMonth",
    "month": "monthOfYear",
    "issueddate": "issueDate",
    "typecode": "identificationTypeCode",
    "typedescription": "identificationTypeDescription",
    "country": "countryIso2Code",
    "language": "nameLanguage",
}
_ACT = {
    "type": "regulationType",
    "organisationtype": "organisationType",
    "publicationdate": "publicationDate",
    "entryintoforcedate": "entryIntoForceDate",
    "numbertitle": "numberTitle",
    "numtitle": "numberTitle",
    "programme": "programme",
    "publicationurl": "publicationUrl",
    "url": "publicationUrl",
}
_HEAD = {
    "eureferencenumber": "euReferenceNumber",
    "eurefnum": "euReferenceNumber",
    "unitednationid": "unitedNationId",
    "designationdate": "designationDate",
    "designationdetails": "designationDetails",
    "delistingdate": "delistingDate",
}
_SUBJECT = {
    "subjecttype": "code",
    "subjecttypeclassificationcode": "classificationCode",
}
Column = tuple[str, str, str]  # block, group within it (fact, act, remark …), attribute


def read_rows(file: SourceFile) -> tuple[list[Row], list[str]]:
    """All rows with their line numbers, the header first, and warnings.

    Raises SourceError where the text cannot be decoded or taken apart.
    """
    text, warnings = _decode(file)
    if not _is_wrapped(text):
        return list(rows(file, text, ";")), warnings
    # A spreadsheet that opened the file by commas has quoted each line whole.
    lines = ((number, row[0].rstrip("\t").split(";")) for number, row in rows(file, text, ","))
    return [(number, [cell.strip() for cell in row]) for number, row in lines], warnings


def read_records(file: SourceFile, table: Sequence[Row], unknown: Counter[str]) -> Iterator[Record]:
    """Entities in the order of their first row. Raises SourceError for a row without an id."""
    (_, header), *body = table
    columns = [_column(name) for name in header]
    records: dict[str, Record] = {}
    for name, column in zip(header, columns, strict=True):
        if column[1] == "unknown" and name:
            unknown[f"column: {name}"] += 1
    for line, row in body:
        blocks = _blocks(columns, row)
        entity_id = blocks["entity"].facts.pop("logicalId", "")
        if not entity_id:
            raise SourceError(
                "A row without the logical id of its entity",
                where=f"{file.name}, line {line}",
                mend="Download it again",
            )
        if len(row) > len(header):
            unknown[f"row with {len(row)} cells under {len(header)} columns"] += 1
            blocks = {"entity": blocks["entity"]}
            blocks["entity"].remarks.append("; ".join(cell for cell in row if cell))
        if entity_id not in records:
            head = Detail("sanctionEntity", {})
            records[entity_id] = Record(
                entity_id, f"Entity_logical_id {entity_id}, line {line}", head
            )
        _merge(records[entity_id], blocks)
    yield from records.values()


def published_on(table: Sequence[Row]) -> date | None:
    """The date in the first column of the first row, day first."""
    text = table[1][1][0] if len(table) > 1 else ""
    read = read_date(text.split("T")[0].split(" ")[0])
    return date.fromisoformat(read) if read and len(read) == 10 else None


def _column(name: str) -> Column:
    first, _, rest = name.lstrip("\ufeff").casefold().partition("_")
    plain = rest.replace("_", "")
    if first in _KINDS:
        for mark in ("regulation", "leba"):
            if plain.startswith(mark) and plain.removeprefix(mark) in _ACT:
                return _KINDS[first], "act", _ACT[plain.removeprefix(mark)]
        if plain in ("remark", "contactinfo", "other"):
            return _KINDS[first], plain, plain
        if plain in _FACTS:
            return _KINDS[first], "fact", _FACTS[plain]
        return (
            (_KINDS[first], "act", "programme") if plain == "programme" else ("", "unknown", name)
        )
    return _entity_column(name.casefold().replace("_", ""), name)


def _entity_column(plain: str, name: str) -> Column:
    short = plain.removeprefix("entity")
    for mark in ("regulation", "leba"):
        if short.startswith(mark) and short.removeprefix(mark) in _ACT:
            return "regulation", "fact", _ACT[short.removeprefix(mark)]
    if short == "programme":
        return "regulation", "fact", "programme"
    if short in _SUBJECT:
        return "subjectType", "fact", _SUBJECT[short]
    if short in _HEAD:
        return "entity", "fact", _HEAD[short]
    if short == "logicalid":
        return "entity", "fact", "logicalId"
    if short == "remark":
        return "entity", "remark", "remark"
    is_date = "date" in plain and plain.startswith(("datefile", "filegeneration", "\ufefffile"))
    return ("", "skip", "") if is_date or not name else ("", "unknown", name)


def _blocks(columns: Sequence[Column], row: Sequence[str]) -> dict[str, Detail]:
    blocks = {"entity": Detail("sanctionEntity", {})}
    for (block, group, name), cell in zip(columns, row, strict=False):
        if not block or not cell:
            continue
        detail = blocks.setdefault(block, Detail(block, {}))
        if group == "fact":
            detail.facts.setdefault(name, cell)  # the entity's id stands in every block
        elif group == "act":
            detail.acts = [{**(detail.acts[0] if detail.acts else {}), name: cell}]
        elif group == "remark":
            detail.remarks.append(cell.replace("\\n", "\n"))
        else:
            detail.facts["other"] = cell.replace("\\n", "\n")
    return blocks


def _merge(record: Record, blocks: dict[str, Detail]) -> None:
    entity = blocks.pop("entity")
    for name, value in entity.facts.items():
        record.head.facts.setdefault(name, value)
    record.head.remarks += [text for text in entity.remarks if text not in record.head.remarks]
    for detail in blocks.values():
        spell_out(detail)
        if detail not in record.details:
            record.details.append(detail)


def _decode(file: SourceFile) -> tuple[str, list[str]]:
    try:
        return decode(file), []
    except SourceError:
        try:
            text = file.data.decode("cp1252")
        except UnicodeDecodeError as error:
            line = file.data.count(b"\n", 0, error.start) + 1
            raise damaged(file, line, "neither UTF-8 nor Windows-1252 text") from error
        # A name in another alphabet is lost in this encoding, so the reader must be told.
        return text, [f"{file.name} is not UTF-8: read as Windows-1252"]


def _is_wrapped(text: str) -> bool:
    first = text.partition("\n")[0].strip()
    return first.startswith('"') and first.endswith('"') and first.count('"') == 2
