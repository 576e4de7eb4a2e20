"""What a notice says of one event, in plain words. Pure.

Without details nothing that a person of the business has written leaves the machine: what
concerns a party is told by the ids of party, book and entry alone.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC

from tumen.model.watching import Event, EventKind, Severity

_NEXT = {
    EventKind.NEW_HIT: "Hold what is under way with this party until a person has decided "
    "whether it is the listed one",
    EventKind.HIT_CHANGED: "Look at the hit again: the entry or the party is no longer what was "
    "seen before",
    EventKind.PROPOSED_RELEASE: "Release nothing yet: a person has to confirm it, and other "
    "lists or owners may still forbid it",
    EventKind.SUPPRESSION_LAPSED: "Decide again: what was found to be a false positive has "
    "changed since, and counts as a hit until then",
    EventKind.NOT_SCREENED: "Mend what is named and screen again: until then nobody of it is "
    "cleared",
    EventKind.LIST_CHANGED: "Nothing, if no hits came of it; hits have notices of their own",
    EventKind.LIST_QUARANTINED: "Look at the file that was put aside: the last good version stays "
    "in use until a person takes the new one over or a good one comes",
    EventKind.LIST_UNREACHABLE: "See whether the publisher's address still answers, or load the "
    "list from a file: the last good version stays in use",
    EventKind.LIST_STALE: "Renew the list now: whoever was listed since is not found",
    EventKind.CRISIS: "Take the case up now: assign it to yourself, or the next level is called",
    EventKind.CASE_REOPENED: "Decide again: what was decided no longer fits what is known",
    EventKind.CASE_DUE: "Decide the case, or give it to somebody who can",
    EventKind.NOTICE_GIVEN_UP: "Mend the address or the receiver: somebody was not told. See: "
    "tumen notices --failed",
}
_BARE = {
    EventKind.NEW_HIT: "A party is newly hit",
    EventKind.HIT_CHANGED: "A hit changed",
    EventKind.PROPOSED_RELEASE: "A hit fell away and is proposed for release",
    EventKind.SUPPRESSION_LAPSED: "A suppression lapsed",
    EventKind.NOT_SCREENED: "A party could not be screened",
    EventKind.LIST_CHANGED: "A list changed",
    EventKind.LIST_QUARANTINED: "A list file was put aside",
    EventKind.LIST_UNREACHABLE: "A list could not be renewed",
    EventKind.LIST_STALE: "A list is stale",
    EventKind.NOTICE_GIVEN_UP: "A notice could not be delivered",
    EventKind.CRISIS: "A crisis waits, and nobody has taken it up",
    EventKind.CASE_REOPENED: "A decided case is open again",
    EventKind.CASE_DUE: "A case is overdue",
}


def subject_line(events: Sequence[Event]) -> str:
    """How many notices, the worst severity, and how many of which kind. It names nobody."""
    kinds = Counter(event.kind.value for event in events)
    told = ", ".join(f"{kind}: {count:,}" for kind, count in kinds.most_common())
    count = "1 notice" if len(events) == 1 else f"{len(events):,} notices"
    return f"tumen: {count}, worst {worst(events).value} ({told})"


def worst(events: Iterable[Event]) -> Severity:
    """The gravest severity among the events."""
    return max((event.severity for event in events), key=lambda one: one.rank)


def is_private(event: Event) -> bool:
    """Whether its title and text may tell of the user's own parties."""
    return bool(event.book_id or event.party_id or event.groups)


def title_of(event: Event, *, has_details: bool) -> str:
    """The event in one line."""
    if event.title and (has_details or not is_private(event)):
        return one_line(event.title)
    if event.kind is EventKind.NOT_SCREENED and not event.party_id:
        return one_line(f"A book could not be screened: {event.book_id}")
    concerned = event.party_id or event.book_id or event.list_id
    return one_line(f"{_BARE[event.kind]}: {concerned}" if concerned else _BARE[event.kind])


def text_of(event: Event, *, has_details: bool) -> str:
    """What to read under the title; empty where details may not be told."""
    return printable(event.text).strip() if has_details or not is_private(event) else ""


def next_step(event: Event) -> str:
    """What the reader does next, as a sentence."""
    step = _NEXT[event.kind]
    if event.entity_id:
        step += f". The entry: tumen show {one_line(event.entity_id)}"
    return step


def facts_of(event: Event) -> list[str]:
    """Where it belongs: party, book, entry, list and instant, each with its word."""
    named = (
        ("party", event.party_id),
        ("book", event.book_id),
        ("group", ", ".join(event.groups)),
        ("entry", event.entity_id),
        ("list", event.list_id),
        ("programme", ", ".join(event.programmes)),
        ("case", str(event.data.get("case_id", ""))),
    )
    facts = [f"{word} {one_line(value)}" for word, value in named if value]
    return [*facts, f"{event.occurred_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"]


def in_order(events: Iterable[Event]) -> list[tuple[Severity, str, list[Event]]]:
    """The events by severity, gravest first, then by book; what has no book comes last."""
    groups = dict[tuple[Severity, str], list[Event]]()
    for event in sorted(events, key=_rank):
        groups.setdefault((event.severity, event.book_id), []).append(event)
    return [(severity, book_id, found) for (severity, book_id), found in groups.items()]


def printable(text: str) -> str:
    """Text without what would steer a terminal, a mail header or the direction of reading."""
    return "".join(
        char if char == "\n" or unicodedata.category(char) not in _STEERING else " "
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def one_line(text: str) -> str:
    """Printable text without line breaks."""
    return printable(text).replace("\n", " ")


# Controls, formats (with the marks that turn the direction of reading), halves of characters,
# line and paragraph separators, what is private or unassigned.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _rank(event: Event) -> tuple[int, bool, str, str, str, str]:
    return (
        -event.severity.rank,
        not event.book_id,
        event.book_id,
        event.party_id,
        event.entity_id,
        event.event_id,
    )
