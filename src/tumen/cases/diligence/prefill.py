"""What the store knows already becomes answers, each with its source; nobody types it again."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tumen.cases.diligence.known import Known
from tumen.cases.diligence.sections import FieldSpec, Kind, field_specs
from tumen.model.case import Case
from tumen.model.countries import country_name
from tumen.model.dates import parse_date
from tumen.model.diligence import DiligenceFile, SignOff
from tumen.model.entity import get_schema
from tumen.model.watching import StandingHit

_INVASION = date(2022, 2, 24)


@dataclass(frozen=True, slots=True)
class Fact:
    """An answer that the store gives, and where from."""

    field_id: str
    values: tuple[str, ...]
    source: str


def facts_of(known: Known, file: DiligenceFile, history: str) -> dict[str, Fact]:
    """Every field that the store can answer; `history` is the hash over the file's records."""
    found: dict[str, Fact] = {}
    for spec in field_specs().values():
        values, source = _fact(spec, known, file, history)
        if values:
            found[spec.id] = Fact(spec.id, values, source)
    return found


def _fact(
    spec: FieldSpec, known: Known, file: DiligenceFile, history: str
) -> tuple[tuple[str, ...], str]:
    if spec.derived in _OF_KNOWN:
        return _OF_KNOWN[spec.derived](known)
    if spec.derived == "evidence":
        return evidence_of(file), "the answers of this file"
    if spec.derived == "history":
        return ((f"sha256:{history}",) if file.sequence else ()), "the records of this file"
    if spec.derived:
        signed = file.sign_off
        return (_OF_SIGNED[spec.derived](signed) if signed else ()), "the sign-off of this file"
    source = f"{known.book.book_id}, version {known.book.version}"
    return _of_party(spec, known), source


def evidence_of(file: DiligenceFile) -> tuple[str, ...]:
    """Every piece of evidence that an answer in force names, with the field it is for."""
    return tuple(
        f"{one}: {answer.field_id}"
        for answer in sorted(file.answers.values(), key=lambda each: each.sequence)
        for one in answer.evidence
    )


def _of_party(spec: FieldSpec, known: Known) -> tuple[str, ...]:
    entity = known.party.entity
    if spec.computed == "since_invasion":
        return _since_invasion(entity.get("incorporationDate"))
    schema = get_schema(entity.schema)
    values: list[str] = []
    for name in spec.properties:
        is_country = name in schema.properties and schema.properties[name].type == "country"
        values += map(country_name, entity.get(name)) if is_country else entity.get(name)
    if spec.computed == "other_script":
        values = [one for one in values if _is_other_script(one)]
    if spec.kind is Kind.DATE:
        values = [one for one in values if parse_date(one)]
    kept = tuple(dict.fromkeys(values))
    return kept if spec.kind is Kind.LIST else kept[:1]


def _since_invasion(incorporated: Sequence[str]) -> tuple[str, ...]:
    """Whether a company was made after the invasion; nothing where its date leaves it open."""
    day = parse_date(incorporated[0]) if incorporated else None
    if day is None or day.first <= _INVASION < day.last:
        return ()
    return ("yes",) if day.first > _INVASION else ("no",)


def _is_other_script(text: str) -> bool:
    return any(char.isalpha() and "LATIN" not in unicodedata.name(char, "LATIN") for char in text)


def _lists(known: Known) -> tuple[tuple[str, ...], str]:
    run = known.screened
    if run is None:
        return (), ""
    return run.versions, f"screening {run.screening_id} of {run.screened_at:%Y-%m-%d %H:%M} UTC"


def _hits(known: Known) -> tuple[tuple[str, ...], str]:
    run = known.screened
    if run is None:
        return (), ""
    lines = tuple(map(hit_line, known.hits)) or ("Nothing found",)
    return lines, f"the hits that stand, last screened {run.screened_at:%Y-%m-%d %H:%M} UTC"


def hit_line(one: StandingHit) -> str:
    """A hit in a line: whom, how alike, and what became of it."""
    said = f"{one.hit.entity_id} {one.hit.caption}: score {one.hit.score:.2f}, {one.state.value}"
    since = f" since {one.known_from:%Y-%m-%d}"
    return f"{said}{since}; {one.note}" if one.note else f"{said}{since}"


def _decisions(known: Known) -> tuple[tuple[str, ...], str]:
    return tuple(_decision_lines(known.cases)), "the cases of the party"


def _decision_lines(cases: Iterable[Case]) -> Iterable[str]:
    for case in cases:
        if not case.decisions:
            yield f"{case.case_id}: {case.state.value}, nothing decided"
        for one in case.decisions:
            said = one.recommendation
            yield (
                f"{case.case_id}: {said.reason.value} ({said.reason.label}), {said.outcome.value}; "
                f"recommended by {said.by.name}, approved by {one.approved_by.name} on "
                f"{one.approved_at:%Y-%m-%d}"
            )


_OF_KNOWN: Mapping[str, Callable[[Known], tuple[tuple[str, ...], str]]] = {
    "lists": _lists,
    "hits": _hits,
    "decisions": _decisions,
}


def _people(signed: SignOff) -> tuple[str, ...]:
    assert signed.approved_by is not None
    return (
        f"{signed.recommended_by.name} recommended on {signed.recommended_at:%Y-%m-%d}",
        f"{signed.approved_by.name} approved on {signed.approved_at:%Y-%m-%d}",
    )


_OF_SIGNED: Mapping[str, Callable[[SignOff], tuple[str, ...]]] = {
    "conclusion": lambda signed: (signed.conclusion.value,),
    "people": _people,
    "reasons": lambda signed: (signed.text,),
    "valid_until": lambda signed: (signed.valid_until.isoformat(),),
}
