"""The tools that compare: screen one party or many, explain a pair, search names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field

from tumen.errors import ListsMissingError, RecordError, RequestError
from tumen.matching.api import compare
from tumen.matching.compare import compare_facts
from tumen.matching.facts import facts_of
from tumen.model.entity import Entity
from tumen.model.screening import Comparison, Hit, Screening
from tumen.screening.headings import find_schema
from tumen.screening.run import screen_book
from tumen.screening.subject import RecordProblem, Subject
from tumen.screening.versions import check_ages
from tumen.service.mcp.answers import (
    Answer,
    entity_answer,
    screening_answer,
    used_answer,
    version_answer,
)
from tumen.service.mcp.desk import Desk
from tumen.service.mcp.parties import Party, read_party

MOST_PARTIES = 100
# From here on a name is worth a look; of the kinds that a bare text may mean.
_LEAST_LIKE = 0.4
_KINDS = ("LegalEntity", "Vessel", "Airplane")

Threshold = Annotated[
    float | None,
    Field(gt=0, le=1, description="From this score on a candidate is a hit; else the policy's."),
]
Cutoff = Annotated[
    float | None,
    Field(ge=0, le=1, description="Show candidates from this score on, below the threshold too."),
]
Lists = Annotated[
    tuple[str, ...],
    Field(max_length=100, description="Ids of the lists to screen against; none: the policy's."),
]


class ScreeningTools:
    """Bound to one desk; each public method is a tool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def screen(
        self,
        party: Party,
        threshold: Threshold = None,
        cutoff: Cutoff = None,
        lists: Lists = (),
    ) -> dict[str, Any]:
        """Screen one party against the current sanctions lists.

        Gives an outcome: "hit" (a listed entity at or above the threshold), "possible" (one at or
        above the cut-off), "no hit", or "not screened" with the problem. "Not screened" is never
        "no hit": it has to be mended and asked again. Each hit has its score, its reasons in
        words, and the id of the list entry for look_up. A wallet or vessel that the party holds is
        screened too and has a result of its own. State the list versions and dates of the answer
        whenever you report its outcome. A score ranks likeness; it is no probability, and a
        person decides whether a hit is true.
        """
        return self._screened([party], threshold, cutoff, lists)

    def screen_many(
        self,
        parties: Annotated[list[Party], Field(min_length=1, max_length=MOST_PARTIES)],
        threshold: Threshold = None,
        cutoff: Cutoff = None,
        lists: Lists = (),
    ) -> dict[str, Any]:
        """Screen up to 100 parties; every one of them has a result, in the order given.

        Give each an `id` to tell the results apart. Otherwise as `screen`.
        """
        return self._screened(parties, threshold, cutoff, lists)

    def explain(
        self,
        left: Party,
        right: Annotated[Party | None, Field(description="The party to compare with.")] = None,
        entity_id: Annotated[
            str, Field(description="Or a list entry, such as us_ofac_sdn:20157.")
        ] = "",
    ) -> dict[str, Any]:
        """Compare a party with another one, or with a list entry, and say what each feature adds.

        Gives the score, whether it reaches the threshold, one sentence, and for each feature the
        two values that met and what they added or took.
        """
        if (right is None) == (not entity_id):
            raise RequestError("Give one of `right` and `entity_id`")
        mine, warnings = _one(left, "left")
        if right is not None:
            other, more = _one(right, "right")
            found = compare(mine, other, threshold=self._desk.policy.threshold)
            return _compared(found, mine, other, [*warnings, *more])
        place = self._desk.store().find_entity(entity_id)
        if place is None:
            raise RequestError(
                f"No current list has an entry {entity_id!r}: look_up finds past ones too"
            )
        version, entry = place
        rarity = self._desk.screener().snapshot.rarity
        threshold = self._desk.policy.threshold
        found = compare_facts(facts_of(mine), facts_of(entry.entity), rarity, threshold=threshold)
        described = version_answer(version, self._desk.clock().date())
        return {**_compared(found, mine, entry.entity, warnings), "list_version": described}

    def search_names(
        self,
        text: Annotated[
            str, Field(min_length=1, max_length=500, description="A name, or most of it.")
        ],
        type: Annotated[
            str, Field(description="person, company, vessel …; none: persons to aircraft.")
        ] = "",
        lists: Lists = (),
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> dict[str, Any]:
        """Find list entries by the likeness of a name alone, best first.

        For finding an entry's id when only its name is known. It is no screening: birth dates,
        countries and identifiers play no part, and nothing found means nothing. Use screen to
        screen a party.
        """
        screener = self._desk.screener()
        versions = self._desk.versions(screener, lists)
        schema = find_schema(type) if type else None
        if type and schema is None:
            raise RequestError(f"Unknown type {type!r}. Say person, company, vessel …")
        asked = [Entity(kind, kind, {"name": (text,)}) for kind in ([schema] if schema else _KINDS)]
        only = [version.list_id for version in versions]
        best: dict[str, Hit] = {}
        for screening in screener.screen_many(asked, cutoff=_LEAST_LIKE, lists=only):
            for hit in screening.hits:
                if hit.entity_id not in best or hit.score > best[hit.entity_id].score:
                    best[hit.entity_id] = hit
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, hit.entity_id))
        today = self._desk.clock().date()
        return {
            "entries": [_found(hit) for hit in ranked[:limit]],
            "found": len(ranked),
            "list_versions": [used_answer(version, today) for version in versions],
        }

    def _screened(
        self,
        parties: Sequence[Party],
        threshold: float | None,
        cutoff: float | None,
        lists: Sequence[str],
    ) -> Answer:
        desk = self._desk
        policy = desk.policy_for(lists=lists, threshold=threshold, cutoff=cutoff)
        now = desk.clock()
        items = [
            item
            for number, party in enumerate(parties, start=1)
            for item in read_party(party, f"party {number}")
        ]
        used: tuple[Any, ...] = ()
        notes: tuple[str, ...] = ()
        try:
            screener = desk.screener()
            used = desk.versions(screener, lists)
            notes = desk.notes(used)
            check_ages(used, policy, now.date())
            results = list(screen_book(items, screener, policy))
        except ListsMissingError as error:
            results = list(_not_screened(items, str(error)))
        return {
            "results": [screening_answer(one) for one in results],
            "list_versions": [used_answer(version, now.date()) for version in used],
            "policy": policy.to_dict(),
            "screened_at": now.isoformat(timespec="seconds"),
            "warnings": list(notes),
        }


def _not_screened(items: Sequence[Subject | RecordProblem], problem: str) -> Iterator[Screening]:
    """Fail closed: without lists to rely on, nobody was screened."""
    for item in items:
        if isinstance(item, RecordProblem):
            yield item.to_screening()
        else:
            yield Screening(item.subject_id, item.caption, problem=problem)


def _one(party: Party, place: str) -> tuple[Entity, list[str]]:
    """The party itself, without what it holds, and what could not be read of it."""
    first, *others = read_party(party, place)
    if isinstance(first, RecordProblem):
        raise RecordError(first.problem, where=place, mend=first.mend)
    unused = [f"{one.caption} played no part" for one in others if isinstance(one, Subject)]
    return first.entity, [*first.warnings, *unused]


def _compared(found: Comparison, left: Entity, right: Entity, warnings: Sequence[str]) -> Answer:
    return {
        **found.to_dict(),
        "left": entity_answer(left),
        "right": entity_answer(right),
        "warnings": list(warnings),
    }


def _found(hit: Hit) -> Answer:
    return {
        "entity_id": hit.entity_id,
        "list_id": hit.list_id,
        "type": hit.schema,
        "name": hit.caption,
        "likeness": hit.score,
        "programmes": list(hit.programmes),
    }
