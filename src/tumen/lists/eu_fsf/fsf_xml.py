"""xmlFullSanctionsList 1.1: export/sanctionEntity, everything in attributes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from tumen.errors import SourceError
from tumen.lists.eu_fsf.record import Detail, Record
from tumen.lists.reader import SourceFile
from tumen.lists.xml import Element, iter_xml, local_name, text_at

_GENERATED = re.compile(rb"generationDate\s*=\s*[\"'](\d{4}-\d\d-\d\d)")
_DETAILS = frozenset(
    {
        "regulation",
        "subjectType",
        "nameAlias",
        "citizenship",
        "birthdate",
        "address",
        "identification",
    }
)
_ACTS = frozenset({"regulationSummary", "corrigendum"})
_PAIRS = frozenset({"contactInfo", "additionalInformation"})


def published_on(file: SourceFile) -> date | None:
    """The day the file was generated."""
    found = _GENERATED.search(file.head)
    try:
        return date.fromisoformat(found.group(1).decode()) if found else None
    except ValueError:
        return None


def read_records(file: SourceFile, unknown: Counter[str]) -> Iterator[Record]:
    """All sanction entities. Raises SourceError where one has no logical id."""
    for element in iter_xml(file, "sanctionEntity"):
        logical_id = str(element.get("logicalId", "")).strip()
        if not logical_id:
            raise SourceError(
                "sanctionEntity without a logicalId",
                where=f"{file.name}, line {element.sourceline}",
                mend="Download it again",
            )
        head = Detail("sanctionEntity", _attributes(element))
        locator = f"sanctionEntity[logicalId={logical_id}], line {element.sourceline}"
        record = Record(logical_id, locator, head)
        for child in element:
            if local_name(child) in _DETAILS:
                record.details.append(_detail(child, unknown))
            else:
                _read_child(head, child, unknown)
        yield record


def _detail(element: Element, unknown: Counter[str]) -> Detail:
    detail = Detail(local_name(element), _attributes(element))
    for child in element:
        _read_child(detail, child, unknown)
    return detail


def _read_child(detail: Detail, child: Element, unknown: Counter[str]) -> None:
    name = local_name(child)
    if name == "remark":
        detail.remarks.append(text_at(child))
    elif name == "publicationUrl":
        detail.facts[name] = text_at(child)
    elif name in _ACTS:
        detail.acts.append(_attributes(child))
    elif name in _PAIRS:
        detail.pairs.append((name, str(child.get("key", "")), str(child.get("value", ""))))
    else:
        unknown[f"{detail.kind}/{name}: {text_at(child)}"] += 1


def _attributes(element: Element) -> dict[str, str]:
    return {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}
