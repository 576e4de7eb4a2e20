"""Write docs/lists.md from the list.yml files: which lists tumen reads, and under which guards.

Run it after changing a list.yml: `python tools/build_lists_page.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tumen.lists.registry import ListInfo, published_lists

PAGE = Path(__file__).parents[1] / "docs/lists.md"
INTRODUCTION = """\
# Lists

The published lists that tumen reads. This page is made from the `list.yml` of each list by
`tools/build_lists_page.py`; change those, not this.

A new version is refused, and the good one stays, when it cannot be read whole, has fewer
entries than the least, is older than the current one, has an id twice, or lost more entries
than the guard allows. `tumen lists load --accept-shrunken` overrides the guard, and the
version's checks say so for good.
"""


def render(lists: Iterable[ListInfo]) -> str:
    """The page as Markdown."""
    infos = list(lists)
    rows = ["| list | title | authority | formats |", "|---|---|---|---|"]
    for info in infos:
        formats = ", ".join(info.formats)
        rows.append(f"| [`{info.id}`](#{info.id}) | {info.title} | {info.authority} | {formats} |")
    parts = [INTRODUCTION, "\n".join(rows) + "\n", *(_section(info) for info in infos)]
    return "\n".join(parts)


def _section(info: ListInfo) -> str:
    guard, (low, high) = info.guard, info.expected.entries
    facts = {
        "Title": info.title,
        "Authority": f"{info.authority} ({info.jurisdiction})",
        "Formats": ", ".join(info.formats),
        "Addresses": "<br>".join(f"{d.format}: <{d.url}>" for d in info.urls if d.url)
        or "none to fetch",
        "Licence": info.licence,
        "Updates": info.update_schedule,
        "Entries": f"{low:,} to {high:,} are usual, {guard.min_entries:,} the least",
        "May lose": f"{guard.max_removed_percent:g} % or {guard.max_removed_entries:,} entries, "
        "whichever is more",
        "Usually filled": ", ".join(
            f"`{key}` {share:.0%}" for key, share in info.expected.fill.items()
        )
        or "not stated",
        "Id of an entry": info.id_field,
    }
    rows = [f"| {key} | {value} |" for key, value in facts.items()]
    return "\n".join(
        [f"## {info.id}", "", info.description.strip(), "", "| | |", "|---|---|", *rows, ""]
    )


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(published_lists()), "utf-8")
