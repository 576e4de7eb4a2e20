"""A delta as people read it: in the terminal, as a report to file, as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from invented_entries import entry
from rich.console import Console

from tumen.model.delta import FieldChange, Materiality
from tumen.model.listing import Designation, ListEntry, ListVersion
from tumen.watch.delta import diff
from tumen.watch.delta_markdown import delta_markdown
from tumen.watch.delta_report import DeltaReport, Only, field_label, shortened
from tumen.watch.delta_text import delta_text

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVIL = "Pak | [red]**bold**[/red] <b>\x1b[31m"


def under(one: ListEntry, programme: str) -> ListEntry:
    """The entry designated under a programme."""
    return replace(one, designations=(Designation("Toy Authority", programme),))


STAYED = under(entry("1", name=("Kim",), birthDate=("1965",)), "DPRK")
BEFORE = [
    STAYED,
    under(entry("2", name=("Ri",)), "DPRK"),
    entry("3", "Vessel", name=("Sea Dream",), imoNumber=("9179842",)),
    entry("4", name=("Choe",), summary=("old",)),
]
AFTER = [
    under(entry("1", name=("Kim", EVIL), birthDate=("1965",), summary=("new",)), "RUSSIA"),
    entry("4", name=("CHOE",), summary=("new",)),
    entry("5", "Vessel", name=("Dream Sea",), imoNumber=("9179842",), flag=("kp",)),
]


def version(mark: str, count: int, day: int = 1) -> ListVersion:
    """An invented version."""
    return ListVersion("toy", mark * 64, "csv", date(2026, 2, day), NOW, count, count, ("toy.csv",))


def report(**changes: object) -> DeltaReport:
    """The report of the invented versions."""
    before, after = version("a", 4), version("b", 3, 2)
    delta = diff(
        BEFORE, AFTER, list_id="toy", before_id=before.version_id, after_id=after.version_id
    )
    return replace(DeltaReport.of(delta, after, before, "Toy List"), **changes)


def printed(made: DeltaReport, *, show_all: bool = False, is_terminal: bool = False) -> str:
    """What stands on the terminal."""
    text = io.StringIO()
    out = Console(
        file=text, width=80, highlight=False, markup=False, force_terminal=is_terminal or None
    )
    for part in delta_text(made, show_all=show_all):
        out.print(part)
    return text.getvalue()


def test_the_numbers_come_first() -> None:
    """An entry that changed only cosmetically is counted apart."""
    assert report().counts() == {
        "added": 1,
        "removed": 2,
        "changed": 2,
        "relisted": 1,
        "reprogrammed": 1,
        "material": 4,
    }
    assert report().headline() == (
        "1 added, 2 removed, 1 changed, 1 changed only cosmetically, 1 listed again, 1 reprogrammed"
    )


def test_the_terminal_shows_material_changes_and_counts_the_rest() -> None:
    """With ids, old and new values, programmes and countries."""
    text = printed(report())
    for line in (
        "from toy@aaaaaaaaaaaa, published 2026-02-01, 4 entries",
        "to   toy@bbbbbbbbbbbb, published 2026-02-02, 3 entries",
        "! A removal is evidence of a delisting, not proof of one.",
        "Added (1)",
        "Vessel, North Korea",
        "listed before as toy:3",
        "Removed (2)",
        "Changed (1)",
        "toy:1 Kim (Person) [RUSSIA, DPRK]",
        "− DPRK",
        "+ RUSSIA",
        "and 1 cosmetic",
        "1 entry changed only cosmetically: --all shows them",
    ):
        assert line in text, line
    assert "CHOE" not in text
    assert "Summary" not in text
    whole = printed(report(), show_all=True)
    assert "Changed (2)" in whole
    assert "+ CHOE" in whole
    assert "only cosmetically: --all" not in whole


def test_published_text_cannot_steer_the_terminal_or_the_page() -> None:
    """Escapes, console markup and Markdown are shown as they stand."""
    text = printed(report(), is_terminal=True)
    assert "\x1b[31mPak" not in text
    assert "\\x1b[31m" in text
    assert "[red]**bold**[/red]" in text
    page = delta_markdown(report())
    assert "\x1b" not in page
    assert "Pak \\| \\[red\\]\\*\\*bold\\*\\*\\[/red\\] \\<b\\>" in page


def test_the_report_can_be_filed() -> None:
    """It names both versions with their hashes, and every material change."""
    page = delta_markdown(report())
    for line in (
        "# What changed: Toy List",
        f"| SHA-256 | {'a' * 64} | {'b' * 64} |",
        "| retrieved | 2026-03-01 12:00:00 UTC | 2026-03-01 12:00:00 UTC |",
        "| published | 2026-02-01 | 2026-02-02 |",
        "| toy:5 | Dream Sea (listed before as toy:3) | Vessel | North Korea |  |",
        "| toy:2 | Ri | Person |  | DPRK |",
        "### Kim (toy:1)",
        "| Programme | DPRK | RUSSIA | material |",
        "Cosmetic changes, not listed: 1.",
        "Entries that changed only cosmetically, not listed: 1.",
    ):
        assert line in page.splitlines(), line
    assert "| Name | Choe | CHOE | cosmetic |" in delta_markdown(report(), show_all=True)


def test_every_row_of_the_report_has_the_cells_of_its_head() -> None:
    """A bar in a name opens no column."""
    width = 0
    for line in delta_markdown(report(), show_all=True).splitlines():
        cells = len(line.replace("\\|", "").split("|"))
        width = cells if line.startswith("|") and not width else width if line else 0
        assert not line.startswith("|") or cells == width, line


def test_json_holds_all() -> None:
    """Both versions, the counts, and each change with its materiality."""
    data = json.loads(json.dumps(report().to_dict()))
    assert data["before"]["version_id"] == "toy@aaaaaaaaaaaa"
    assert data["after"]["content_hash"] == "b" * 64
    assert data["counts"]["material"] == 4
    assert {one["entity_id"] for one in data["changes"]} == {f"toy:{key}" for key in "12345"}
    (kim,) = [one for one in data["changes"] if one["entity_id"] == "toy:1"]
    assert {
        "field": "programme",
        "gone": ["DPRK"],
        "come": ["RUSSIA"],
        "materiality": "material",
    } in kim["fields"]


@pytest.mark.parametrize(
    ("kinds", "programmes", "expected"),
    [
        ((Only.ADDED,), (), "5"),
        ((Only.REMOVED, Only.ADDED), (), "235"),
        ((Only.RELISTED,), (), "5"),
        ((Only.REPROGRAMMED,), (), "1"),
        ((Only.CHANGED,), (), "14"),
        ((), ("dprk",), "12"),
        ((Only.REMOVED,), ("DPRK",), "2"),
        ((Only.ADDED,), ("DPRK",), ""),
    ],
)
def test_a_part_can_be_asked_for(
    kinds: tuple[Only, ...], programmes: tuple[str, ...], expected: str
) -> None:
    """And the report then says that it is a part."""
    part = report().only(kinds, programmes)
    assert {one.entity_id for one in part.changes} == {f"toy:{key}" for key in expected}
    assert any(text.startswith("Only part") for text in part.cautions())
    assert part.headline() == report().headline()
    assert report().only() == report()


def test_what_makes_a_delta_doubtful_is_said() -> None:
    """Another format, an order turned round, a starter list."""
    other = replace(version("a", 4, 9), format="xml", is_starter=True)
    text = " ".join(report(before=other).cautions())
    assert "two formats (xml and csv)" in text
    assert "the newer one" in text
    assert "toy@aaaaaaaaaaaa is a starter list" in text


def test_nothing_changed_is_said() -> None:
    """Also for a first version, of which nothing is before."""
    delta = diff(BEFORE, BEFORE, list_id="toy")
    same = DeltaReport.of(delta, version("a", 4), version("a", 4))
    assert "Nothing changed." in printed(same)
    assert "Nothing changed." in delta_markdown(same)
    first = DeltaReport.of(diff([], BEFORE, list_id="toy"), version("a", 4), None)
    assert "from nothing" in printed(first)
    assert "| version | – | toy@aaaaaaaaaaaa |" in delta_markdown(first)


def test_of_long_texts_the_difference_is_shown() -> None:
    """With a little around it; other values whole."""
    long = "Secondary sanctions risk; " * 8
    one = FieldChange(
        "remarks",
        (f"{long}Passport 1. {long}",),
        (f"{long}Passport 22. {long}",),
        Materiality.COSMETIC,
    )
    (gone,), (come,) = shortened(one)
    assert "Passport 1." in gone
    assert "Passport 22." in come
    assert gone.startswith("…")
    assert gone.endswith("…")
    assert max(len(gone), len(come)) < 80
    short = FieldChange("name", ("Kim",), ("Pak",), Materiality.MATERIAL)
    assert shortened(short) == (("Kim",), ("Pak",))
    grown = replace(one, come=(f"{long}Passport 1. {long}More.",))
    assert shortened(grown)[1][0].endswith("More.")


def test_fields_have_the_names_that_people_know() -> None:
    """FollowTheMoney's labels, and our own words with a capital."""
    assert field_label("Vessel", "imoNumber") == "IMO Number"
    assert field_label("Person", "legal basis") == "Legal basis"
