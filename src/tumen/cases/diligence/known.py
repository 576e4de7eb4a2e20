"""What the store knows of a party by itself: the book, its hits, its cases, its screenings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tumen.cases.keep import load
from tumen.cases.workflow import decided_ids
from tumen.errors import RequestError
from tumen.model.case import Case
from tumen.model.casework import Verdict
from tumen.model.listing import ListEntry
from tumen.model.materiality import party_fingerprint
from tumen.model.watching import BookVersion, HitState, Party, ScreeningRun, StandingHit
from tumen.store.instants import plain_text
from tumen.store.work import Work

# Properties that may hold the id of another party of the book.
_TIES = ("parent", "owner", "operator")
_PAGE = 20


class NoSuchPartyError(RequestError):
    """No version of the book has the party, or there is no such book."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one party, all of one instant.

    `book` is the last version of the book that has the party, `has_left` whether a later one has
    it no more. `screened` is the newest screening that it was part of; without one,
    `not_screened` says why. `tied` holds the hits on parties of the book that this one names as
    its parent, owner or operator. `cases` stand with the last changed first.
    """

    book: BookVersion
    party: Party
    has_left: bool = False
    hits: tuple[StandingHit, ...] = ()
    entries: Mapping[str, ListEntry] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    screened: ScreeningRun | None = None
    not_screened: str = ""
    tied: Mapping[str, tuple[StandingHit, ...]] = field(default_factory=dict)

    @property
    def open_hits(self) -> tuple[StandingHit, ...]:
        """The hits that no person has muted."""
        return tuple(one for one in self.hits if one.state is not HitState.SUPPRESSED)

    @property
    def true_matches(self) -> frozenset[str]:
        """The entries that, by a decision in force, are the party itself."""
        verdicts: dict[str, Verdict] = {}
        for case in reversed(self.cases):
            valid = decided_ids(case)
            for decision in case.decisions:
                said = decision.recommendation
                verdicts |= dict.fromkeys(valid.intersection(said.entity_ids), said.reason.verdict)
        return frozenset(one for one, verdict in verdicts.items() if verdict is Verdict.TRUE_MATCH)

    @property
    def subject_key(self) -> str:
        """By what the cases of the party are found."""
        return f"{self.book.book_id}/{self.party.party_id}"


def look(work: Work, book_id: str, party_id: str) -> Known:
    """What is known of a party. Raises NoSuchPartyError where no version of the book has it."""
    if any(plain_text(one) != one for one in (book_id, party_id)):
        raise NoSuchPartyError(f"No book has a party {party_id!r}: no database keeps such an id")
    current, book, party = _party(work, book_id, party_id)
    hits = tuple(work.hits.standing(book_id, party_ids=[party_id]))
    screened, problem = _screened(work, book, party)
    cases = work.cases.of_subjects([f"{book_id}/{party_id}"])
    return Known(
        book=book,
        party=party,
        has_left=book.version != current.version,
        hits=hits,
        entries=_entries(work, hits),
        cases=tuple(load(work, one.case_id) for one in cases),
        screened=screened,
        not_screened=problem,
        tied=_tied(work, book_id, party),
    )


def party_as_of(work: Work, book_id: str, version: int, party_id: str) -> Party | None:
    """A party as one version of the book has it; None where it has none of that id."""
    return next(iter(work.books.parties(book_id, version, [party_id])), None)


def _party(work: Work, book_id: str, party_id: str) -> tuple[BookVersion, BookVersion, Party]:
    """The current version of the book, the last with the party, and the party."""
    versions = work.books.versions(book_id)
    for version in reversed(versions):
        if party := party_as_of(work, book_id, version.version, party_id):
            return versions[-1], version, party
    what = f"party {party_id!r} in the book {book_id!r}" if versions else f"book {book_id!r}"
    raise NoSuchPartyError(f"There is no {what}")


def _entries(work: Work, hits: tuple[StandingHit, ...]) -> dict[str, ListEntry]:
    wanted: dict[str, list[str]] = {}
    for one in hits:
        wanted.setdefault(one.hit.list_id, []).append(one.hit.entity_id)
    return {
        entry.entity.entity_id: entry
        for version in work.lists.current_versions()
        for entry in work.lists.entries_by_id(version.version_id, wanted.get(version.list_id, ()))
    }


def _tied(work: Work, book_id: str, party: Party) -> dict[str, tuple[StandingHit, ...]]:
    named = {value for name in _TIES for value in party.entity.get(name)} - {party.party_id}
    found: dict[str, tuple[StandingHit, ...]] = {}
    for one in work.hits.standing(book_id, party_ids=named):
        if one.state is not HitState.SUPPRESSED:
            found[one.party_id] = (*found.get(one.party_id, ()), one)
    return found


def _screened(work: Work, book: BookVersion, party: Party) -> tuple[ScreeningRun | None, str]:
    """The newest screening that speaks of the party as it is, or why there is none.

    A screening after a change of the lists looks only at those whom the change may concern; it
    speaks of the others too where the whole book was screened before.
    """
    newest: ScreeningRun | None = None
    for run in _runs(work, book.book_id):
        newest = newest or run
        if run.subjects:
            continue  # A part of the book.
        number = int(run.input_ref.rpartition("@")[2])
        then = party_as_of(work, book.book_id, number, party.party_id)
        if then is None or party_fingerprint(then.entity) != party_fingerprint(party.entity):
            return None, f"The party as it stands was not screened since the book's {number}. state"
        outcome = next(work.screenings.outcomes(run.screening_id, party.party_id), None)
        if outcome is not None and not outcome.was_screened:
            return None, f"It could not be screened: {outcome.problem}"
        return newest, ""
    return None, "Its book was never screened whole"


def _runs(work: Work, book_id: str) -> Iterator[ScreeningRun]:
    """The screenings of a book, newest first."""
    before: str | None = None
    while runs := work.screenings.find(book_id=book_id, before=before, limit=_PAGE):
        yield from runs
        before = runs[-1].screening_id
