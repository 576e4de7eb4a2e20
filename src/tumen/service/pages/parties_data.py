"""One party of a book: what the book says, its hits now and before, its cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tumen.model.case import CaseSummary
from tumen.model.entity import Entity, get_schema
from tumen.model.vocabulary import value_label
from tumen.model.watching import BookVersion, Party, StandingHit, Suppression
from tumen.service.problems import not_found
from tumen.store import Store
from tumen.store.work import Work


@dataclass(frozen=True, slots=True)
class HitHistory:
    """All that was ever known of one entry as a hit of the party, newest first."""

    entity_id: str
    caption: str
    steps: tuple[StandingHit, ...]


@dataclass(frozen=True, slots=True)
class PartyPage:
    """A party as its book has it; in `version`, the last that had it if the current one has not."""

    party: Party
    version: BookVersion
    is_current: bool
    values: tuple[tuple[str, tuple[str, ...]], ...]
    standing: tuple[StandingHit, ...]
    histories: tuple[HitHistory, ...]
    suppressions: tuple[Suppression, ...]
    cases: tuple[CaseSummary, ...]


def party_page(store: Store, book_id: str, party_id: str) -> PartyPage:
    """A party of a book. Raises ProblemError where no version of the book has it."""
    with store.reading() as work:
        versions = work.books.versions(book_id)
        found = _find(work, versions[::-1], party_id)
        if found is None:
            raise not_found(f"party {party_id!r} in the book {book_id!r}")
        version, party = found
        every = work.hits.of_party(book_id, party_id)
        standing = [one for one in every if one.known_to is None]
        decided = [one for one in work.suppressions.all(book_id) if one.party_id == party_id]
        return PartyPage(
            party,
            version,
            version is versions[-1],
            tuple(values_of(party.entity)),
            tuple(sorted(standing, key=lambda one: -one.hit.score)),
            tuple(_histories(every)),
            tuple(decided[::-1]),
            tuple(work.cases.of_subjects([f"{book_id}/{party_id}"])),
        )


def values_of(entity: Entity) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each property in words with its values, as people read them."""
    known = get_schema(entity.schema).properties
    for name, values in entity.properties.items():
        spec = known.get(name)
        label = spec.label if spec else name
        yield label, tuple(value_label(spec.type if spec else "", one) for one in values)


def _find(
    work: Work, versions: Iterable[BookVersion], party_id: str
) -> tuple[BookVersion, Party] | None:
    for version in versions:
        for party in work.books.parties(version.book_id, version.version, [party_id]):
            return version, party
    return None


def _histories(every: Iterable[StandingHit]) -> Iterator[HitHistory]:
    steps: dict[str, list[StandingHit]] = {}
    for one in every:
        steps.setdefault(one.hit.entity_id, []).append(one)
    for entity_id, known in steps.items():
        yield HitHistory(entity_id, known[-1].hit.caption, tuple(known[::-1]))
