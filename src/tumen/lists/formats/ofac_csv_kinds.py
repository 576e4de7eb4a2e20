"""Which of OFAC's CSV files one is, and of which list, told by its first rows."""

from __future__ import annotations

import csv
import io
import re

from tumen.lists.formats.ofac_common import clean
from tumen.lists.reader import SourceFile
from tumen.model.listing import NameKind

KINDS = {12: "primary", 5: "alias", 6: "address", 2: "comment"}
ALIAS_KINDS = {"aka": NameKind.ALIAS, "fka": NameKind.FORMER, "nka": NameKind.ALIAS}
HEADERS = frozenset({"ent_num", "id", "uid"})  # of files that a tool has saved anew
# Programmes under which nobody's assets are blocked. NS-PLC stands at the head of the
# consolidated list, with two parties also in the SDN list.
_CONS_ONLY = frozenset({"CMIC-EO13959", "561-RELATED", "FSE-IR", "FSE-SY"})
_CONS_MOSTLY = frozenset({"NS-PLC", *_CONS_ONLY})
_REMARK = re.compile(r"[afn]\.k\.a\. |Linked To: |; (?:alt\. )?[A-Z]|\(Linked")


def kind_of(head: bytes) -> str | None:
    """`primary`, `alias`, `address` or `comment`, by the columns of the first rows; else None.

    Half of the rows must fit: damage further down is for the reader to refuse, by its line.
    """
    rows = first_rows(head)
    if not rows:
        return None
    kind = KINDS.get(len(rows[0]))
    fitting = [row for row in rows if KINDS.get(len(row)) == kind and row[0].strip().isdecimal()]
    if kind is None or not rows[0][0].strip().isdecimal() or len(fitting) * 2 < len(rows):
        return None
    if kind in ("alias", "address") and not all(row[1].strip().isdecimal() for row in fitting):
        return None
    if kind == "alias" and not all(row[2].strip() in ALIAS_KINDS for row in fitting):
        return None
    # Two columns are no format: the second must read like the rest of a remark.
    is_remark = kind != "comment" or any(_REMARK.search(row[1]) for row in fitting)
    return kind if is_remark else None


def recognise(file: SourceFile) -> str | None:
    """`us_ofac_sdn` or `us_ofac_cons` for a CSV file of OFAC's, else None.

    Primary rows tell by their programmes; the other files only by name and lowest uid (the
    SDN list begins at 36, the other at 9639).
    """
    kind = kind_of(file.head)
    if kind is None:
        return None
    rows = [row for row in first_rows(file.head) if row[0].strip().isdecimal()]
    if kind == "primary":
        return _list_of([set(programmes(row[3])) for row in rows if len(row) > 3])
    if "cons" in file.name.lower():
        return "us_ofac_cons"
    if kind == "comment" or file.name.lower().startswith("sdn"):
        return "us_ofac_sdn"
    return "us_ofac_cons" if min(int(row[0]) for row in rows) == 9639 else "us_ofac_sdn"


def _list_of(tags: list[set[str]]) -> str:
    if any(tag & _CONS_ONLY for tag in tags):
        return "us_ofac_cons"
    mostly = sum(bool(tag & _CONS_MOSTLY) for tag in tags)
    return "us_ofac_cons" if mostly * 2 > len(tags) else "us_ofac_sdn"


def programmes(text: str) -> list[str]:
    """`NPWMD] [IFSR` is two programmes."""
    return [part.strip(" []") for part in text.split("] [") if clean(part.strip(" []"))]


def first_rows(head: bytes) -> list[list[str]]:
    """The whole rows in the beginning of a file, without header and end mark."""
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if "".join(row).strip("\x1a")]
    if len(head) >= 8192 and len(rows) > 1:
        rows = rows[:-1]  # the last may be cut
    if rows and rows[0][0].strip().lower() in HEADERS:
        rows = rows[1:]
    return rows
