"""Both sides of the hits that come into cases, read from the store in a few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tumen.cases.alerts import last_shown
from tumen.model.case import Case
from tumen.model.listing import ListEntry
from tumen.model.watching import Party, ScreeningRun, StandingHit
from tumen.store.work import Work

# How many versions back a party that left its book is looked for.
_VERSIONS_BACK = 5


@dataclass(frozen=True, slots=True)
class Sides:
    """The screenings, parties and entries behind hits. `policy`: where no screening says one."""

    policy: Mapping[str, Any] = field(default_factory=dict)
    runs: Mapping[str, ScreeningRun] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    entries: Mapping[tuple[str, str], ListEntry] = field(default_factory=dict)

    def run(self, hit: StandingHit) -> ScreeningRun | None:
        """The screening that a hit stands by; None where it is not stored."""
        return self.runs.get(hit.screening_id)

    def subject(self, hit: StandingHit, case: Case | None) -> Mapping[str, Any]:
        """The party of a hit as a mapping; as the case last saw it where it left its book."""
        party = self.parties.get(hit.party_id)
        if party is not None:
            return party.entity.to_dict()
        return case.alerts[-1].subject if case and case.alerts else {}

    def caption(self, party_id: str) -> str:
        """The name of a party; its id where nothing is known of it."""
        party = self.parties.get(party_id)
        return party.entity.caption if party else party_id

    def groups(self, party_id: str) -> tuple[str, ...]:
        """The user's own divisions that a party belongs to."""
        party = self.parties.get(party_id)
        return party.groups if party else ()

    def entry(self, versions: tuple[str, ...], entity_id: str) -> ListEntry | None:
        """An entry of any of these list versions."""
        found = (self.entries.get((version_id, entity_id)) for version_id in versions)
        return next((one for one in found if one is not None), None)


def load_sides(
    work: Work,
    fresh: Mapping[str, Sequence[StandingHit]],
    cases: Mapping[str, Sequence[Case]],
    policy: Mapping[str, Any],
) -> Sides:
    """What hits that come into cases need; entries only where one changed under a case."""
    hits = [hit for found in fresh.values() for hit in found]
    runs = _runs(work, {hit.screening_id for hit in hits})
    parties = _parties(work, hits[0].book_id, set(fresh)) if hits else {}
    changed = _changed_entries(fresh, cases, runs)
    return Sides(policy, runs, parties, _entries(work, changed))


def _runs(work: Work, screening_ids: Iterable[str]) -> dict[str, ScreeningRun]:
    found = {one: work.screenings.get(one) for one in screening_ids if one}
    return {one: run for one, run in found.items() if run is not None}


def _parties(work: Work, book_id: str, party_ids: Collection[str]) -> dict[str, Party]:
    """The parties as the book has them now, or had them last."""
    found: dict[str, Party] = {}
    for version in work.books.versions(book_id)[-1 : -1 - _VERSIONS_BACK : -1]:
        missing = [one for one in party_ids if one not in found]
        if not missing:
            break
        parties = work.books.parties(book_id, version.version, missing)
        found.update((party.party_id, party) for party in parties)
    return found


def _changed_entries(
    fresh: Mapping[str, Sequence[StandingHit]],
    cases: Mapping[str, Sequence[Case]],
    runs: Mapping[str, ScreeningRun],
) -> Iterator[tuple[str, str]]:
    """(version id, entity id) of the entries that are another by now, before and after."""
    for party_id, hits in fresh.items():
        for case in cases.get(party_id, ()):
            for hit in hits:
                shown = last_shown(case, hit)
                if shown is None or shown[1].get("entry_hash") == hit.entry_hash:
                    continue
                run = runs.get(hit.screening_id)
                for version_id in (*shown[0].versions, *(run.versions if run else ())):
                    if version_id.rpartition("@")[0] == hit.hit.list_id:
                        yield version_id, hit.hit.entity_id


def _entries(work: Work, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], ListEntry]:
    by_version: dict[str, set[str]] = defaultdict(set)
    for version_id, entity_id in wanted:
        by_version[version_id].add(entity_id)
    return {
        (version_id, entry.entity.entity_id): entry
        for version_id, entity_ids in by_version.items()
        for entry in work.lists.entries_by_id(version_id, entity_ids)
    }
