"""A second version of an invented list, with what nobody would want on a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from invented import FIRST_ENTRIES, PRIMO, entry, version

from tumen.model.listing import Designation, ListEntry, ListVersion
from tumen.store import Store

SECOND = datetime(2026, 2, 10, 6, 30, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
HOSTILE_ID = f"{PRIMO}:h/<b>&?#'"


def second_entries() -> list[ListEntry]:
    """One entry with another birth date, one that left, one that came and means harm."""
    quill, company, _vessel = FIRST_ENTRIES
    changed = {**quill.entity.properties, "birthDate": ("1956-03-02",)}
    harmful = entry(
        HOSTILE_ID,
        "Person",
        [Designation(HOSTILE, HOSTILE, reason=HOSTILE, source_url="javascript:alert(3)")],
        name=HOSTILE,
        country="kp",
        sourceUrl="javascript:alert(4)",
    )
    return [
        replace(quill, entity=replace(quill.entity, properties=changed)),
        company,
        replace(harmful, remarks=HOSTILE, file=HOSTILE, locator=HOSTILE),
    ]


def add_second(store: Store) -> tuple[ListVersion, ListVersion]:
    """Keep the second version; both versions, the first one first."""
    made = replace(version(PRIMO, second_entries(), "d", SECOND), published_on=date(2026, 2, 9))
    store.add_version(made, second_entries())
    first = store.versions(PRIMO)[0]
    return first, made


def assert_harmless(page: str) -> None:
    """Nothing that came from a list or a party is markup of the page."""
    assert "alert(" in page, "the page does not show what it should be tested with"
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page
