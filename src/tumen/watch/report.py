"""What a run did, in plain words: first whom it touches, then the lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tumen.watch.sources import PUT_ASIDE, UNREACHABLE

Detail = Mapping[str, Any]
DONE, INCOMPLETE = "done", "incomplete"
# Kinds of what a book had to say, and the words for it, gravest first.
TOUCHED = {
    "new_hits": "Newly hit",
    "lapsed": "Suppressions that lapsed: decide again",
    "changed": "Hits whose entry or party changed: look again",
    "released": "Hits that fell away: proposed release, a person decides",
    "not_screened": "NOT SCREENED: mend the record, they are not cleared",
}
FAILED = "failed"
# So many are named of each kind; all of them stand in the events.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run did. `lists` are what became of each source, `changes` the new versions.

    `waiting` are files in the drop folder that were still being written.
    """

    run_id: str
    began_at: datetime
    ended_at: datetime
    lists: Sequence[Detail] = ()
    changes: Sequence[Detail] = ()
    stale: Sequence[str] = ()
    books: Sequence[Detail] = ()
    waiting: Sequence[str] = ()
    notices: Mapping[str, int] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """`done`, or `incomplete` where a list or a party was left out."""
        is_whole = (
            not self.stale
            and all(one["status"] not in (PUT_ASIDE, UNREACHABLE) for one in self.lists)
            and all(one["status"] != FAILED for one in self.books)
            and not self.tally["not_screened"]
        )
        return DONE if is_whole else INCOMPLETE

    @property
    def tally(self) -> dict[str, int]:
        """How many parties were touched in which way, and how the lists fared."""
        counts = {kind: sum(one["counts"].get(kind, 0) for one in self.books) for kind in TOUCHED}
        failing = [one for one in self.lists if one["status"] in (PUT_ASIDE, UNREACHABLE)]
        return {
            **counts,
            "lists_changed": len(self.changes),
            "lists_failing": len(failing),
            "lists_stale": len(self.stale),
            "books": len(self.books),
            **self.notices,
        }

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "run_id": self.run_id,
            "began_at": self.began_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
            "status": self.status,
            "tally": self.tally,
            "books": [dict(one) for one in self.books],
            "lists": [dict(one) for one in self.lists],
            "changes": [dict(one) for one in self.changes],
            "stale": list(self.stale),
            "waiting": list(self.waiting),
            "notices": dict(self.notices),
        }


def report_lines(report: RunReport) -> list[str]:
    """The report for a person; what needs one begins with "!"."""
    return [*_people(report), "", *_lists(report), *_notices(report)]


def _people(report: RunReport) -> Iterator[str]:
    if not report.books:
        yield "No book is kept, so nobody was looked for."
        yield "Import one: tumen book import FILE --book ID"
        return
    for book in report.books:
        if book["status"] == FAILED:
            yield f"! {book['book_id']}: NOT SCREENED. {book['message']}"
    tally = report.tally
    if not any(tally[kind] for kind in TOUCHED):
        if all(book["status"] != FAILED for book in report.books):
            yield f"Nobody is touched ({_parties(report.books)})."
        return
    for kind, words in TOUCHED.items():
        if tally[kind]:
            yield f"! {words}: {tally[kind]:,}"
            yield from _named(report.books, kind, tally[kind])


def _parties(books: Sequence[Detail]) -> str:
    count = sum(book["parties"] for book in books)
    parties = "1 party" if count == 1 else f"{count:,} parties"
    return f"{parties} in {len(books):,} book{'s' if len(books) > 1 else ''}"


def _named(books: Iterable[Detail], kind: str, count: int) -> Iterator[str]:
    named = [(book, one) for book in books for one in book["told"].get(kind, ())]
    for book, one in named[:MOST_NAMED]:
        yield f"    {_who(one)} in {book['book_id']}{_what(one)}"
    if count > MOST_NAMED:
        yield f"    and {count - min(len(named), MOST_NAMED):,} more: tumen notices"


def _who(one: Detail) -> str:
    return f"{one['caption']} [{one['party_id']}]" if one.get("caption") else one["party_id"]


def _what(one: Detail) -> str:
    listed = f": {one['listed']} [{one['entity_id']}]" if one.get("entity_id") else ""
    score = f", score {one['score']:.2f}" if one.get("score") is not None else ""
    note = f" – {one['note']}" if one.get("note") else ""
    return f"{listed}{score}{note}"


def _lists(report: RunReport) -> Iterator[str]:
    changed = {one["list_id"] for one in report.changes}
    for one in report.lists:
        if one["status"] == UNREACHABLE:
            yield f"! {one['list_id']}: could not be renewed. {one['message']}. {_stays(one)}"
        elif one["status"] == PUT_ASIDE:
            stays = f" {_stays(one)}" if one["list_id"] else ""
            name = one["list_id"] or "A file that is no known list"
            yield f"! {name}: put aside, not taken over. {one['message']}.{stays}"
        elif one["list_id"] not in changed:
            yield f"{one['list_id']}: {one['status']}"
    for one in report.changes:
        yield f"{one['list_id']}: {one['line']} ({one['after_id']})"
    for path in report.waiting:
        yield f"{path}: still being written, left for the next run"
    for list_id in report.stale:
        yield f"! {list_id}: nobody has had a good look at it for longer than it may go unseen"


def _stays(one: Detail) -> str:
    if one.get("version_id"):
        return f"{one['version_id']} stays in use"
    return "Nothing is screened against it"


def _notices(report: RunReport) -> Iterator[str]:
    if any(report.notices.values()):
        parts = [f"{n:,} {kind.replace('_', ' ')}" for kind, n in report.notices.items() if n]
        told = ", ".join(parts)
        yield f"Notices: {told}"
