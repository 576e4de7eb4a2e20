"""The starter pack: a few real designations in the publishers' formats, and an invented book.

It is for trying tumen out and out of date by design. `data/sources.csv` says of each entry who
designated it, when, on what legal basis and why (in our words), and where to read the act.

The workbench of the demo belongs to an invented trading house near the river. Its partners are in
`data/partners.csv`; `data/earlier.xml` says what a list held before it changed, `data/desk.yml`
what the people of its desk have done so far.
"""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).resolve().with_name("data")

LISTS = _DATA / "lists"
SOURCES = _DATA / "sources.csv"
BOOK = _DATA / "book.csv"
PARTNERS = _DATA / "partners.csv"
EARLIER = _DATA / "earlier.xml"
DESK = _DATA / "desk.yml"
