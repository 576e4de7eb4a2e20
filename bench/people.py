"""UN-listed people under altered names, and ordinary people who should raise no hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bench.data import Entity, entity, rows
from tumen.matching.snapshot import Snapshot
from tumen.model.countries import read_country
from tumen.model.screening import Screening

# Taken off the UN list before the version measured; OFAC still lists them under these ids.
_ONLY_OFAC = {
    "munir al qubaysi": "us_ofac_sdn:8217",
    "abu mohammed al-jawlani": "us_ofac_sdn:15945",
}
UN_LIST = "un_sc_sanctions"


def ordinary_people(*, whole: bool, count: int | None = None) -> list[Entity]:
    """Invented people as subjects, with all columns if `whole`, else by name alone."""
    return [
        entity(
            "Person",
            f"ordinary:{number}",
            name=row["full_name"],
            gender=row["gender"] if whole else "",
            birthDate=row["date_of_birth"] if whole else "",
            birthPlace=row["place_of_birth"] if whole else "",
            nationality=(read_country(row["nationality"]) or "") if whole else "",
        )
        for number, row in enumerate(rows("ordinary_people_dev.csv.gz")[:count])
    ]


def un_people(*, whole: bool) -> list[tuple[str, Entity]]:
    """Listed names, each with the subject that bears it altered."""
    return [
        (
            row["listed_name"],
            entity(
                "Person",
                f"varied:{number}",
                name=row["query_name"],
                birthDate=row["date_of_birth"] if whole else "",
                birthPlace=row["place_of_birth"] if whole else "",
                nationality=row["nationality"] if whole else "",
            ),
        )
        for number, row in enumerate(rows("un_people_varied_dev.csv"))
    ]


def wanted_entries(snapshot: Snapshot, names: Iterable[str]) -> dict[str, set[str]]:
    """For each listed name the ids of the entries that bear it on the UN list."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for number in range(len(snapshot)):
        one = snapshot.listed(number)
        if one.list_id == UN_LIST:
            for name in one.entity.names:
                bearers[_plain(name)].add(one.entity.entity_id)
    for name, entity_id in _ONLY_OFAC.items():
        bearers.setdefault(name, {entity_id})
    return {name: bearers.get(_plain(name), set()) for name in names}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def hits_per_thousand(screenings: Sequence[Screening]) -> float:
    """How many subjects of a thousand raise a hit. One that was not screened counts as one."""
    raised = sum(not one.was_screened or any(h.is_hit for h in one.hits) for one in screenings)
    return 1000 * raised / len(screenings)


def found_share(wanted: Sequence[set[str]], screenings: Sequence[Screening]) -> float:
    """The share of subjects with a hit on one of the entries that they are."""
    found = sum(
        any(hit.is_hit and hit.entity_id in ids for hit in one.hits)
        for ids, one in zip(wanted, screenings, strict=True)
    )
    return found / len(screenings)
