"""What makes enhanced due diligence a duty, as far as the store and the file know the facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from tumen.cases.diligence.known import Known
from tumen.cases.diligence.sections import FieldSpec, field_specs
from tumen.model.countries import country_name, read_country
from tumen.model.diligence import Answer, Standing
from tumen.model.entity import Entity, get_schema
from tumen.model.vocabulary import topic_label
from tumen.model.watching import StandingHit

_WORD = re.compile(r"\w+")
_LINKS = frozenset({"Ownership", "Directorship", "Representation", "Membership"})
_ALARMS = frozenset({"yes", "high", "severe"})


class TriggerState(StrEnum):
    """Whether a trigger is there. What nobody has looked at is not the same as none."""

    RAISED = "raised"
    NOT_RAISED = "not raised"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """One trigger as `triggers.yml` has it."""

    label: str
    basis: str
    codes: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_counted: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    as_of: int = 0


@dataclass(frozen=True, slots=True)
class Trigger:
    """Whether one trigger is raised for a party, each reason in a sentence."""

    id: str
    label: str
    basis: str
    state: TriggerState
    reasons: tuple[str, ...]


def triggers_of(
    known: Known, answers: Mapping[str, Answer], threshold: float
) -> tuple[Trigger, ...]:
    """Every trigger; `threshold` is the score from which a hit counts."""
    entity = known.party.entity
    seen: dict[str, list[str]] = {
        "countries": [*_countries(entity), *_regions(entity)],
        "hits": list(_hit_reasons(known, threshold)),
        "listed_owner": [*_tied_reasons(known), *_link_reasons(known)],
    }
    return tuple(
        _trigger(one, [*seen.get(one, ()), *_topic_reasons(one, entity)], known, answers)
        for one in rules()
    )


def is_enhanced(triggers: Iterable[Trigger]) -> bool:
    """Whether enhanced due diligence is required."""
    return any(one.state is TriggerState.RAISED for one in triggers)


@cache
def rules() -> Mapping[str, TriggerRule]:
    """The triggers by their ids."""
    text = files("tumen.cases.diligence").joinpath("triggers.yml").read_text("utf-8")
    return TypeAdapter(dict[str, TriggerRule]).validate_python(yaml.safe_load(text))


def _trigger(
    trigger_id: str, seen: list[str], known: Known, answers: Mapping[str, Answer]
) -> Trigger:
    rule = rules()[trigger_id]
    asked = [spec for spec in field_specs().values() if spec.raises == trigger_id]
    reasons = [*seen, *_alarms(asked, answers)]
    if reasons:
        return Trigger(trigger_id, rule.label, rule.basis, TriggerState.RAISED, tuple(reasons))
    if gap := _gap(trigger_id, asked, known, answers):
        return Trigger(trigger_id, rule.label, rule.basis, TriggerState.NOT_ASSESSED, (gap,))
    reason = "What is known of the party gives no cause"
    return Trigger(trigger_id, rule.label, rule.basis, TriggerState.NOT_RAISED, (reason,))


def _alarms(asked: Iterable[FieldSpec], answers: Mapping[str, Answer]) -> Iterable[str]:
    for spec in asked:
        given = answers.get(spec.id)
        if given and _ALARMS.intersection(given.values):
            note = f": {given.note}" if given.note else ""
            yield f"{spec.label.rstrip('?')}: {given.values[0]}, says {given.by.name}{note}"


def _gap(
    trigger_id: str, asked: list[FieldSpec], known: Known, answers: Mapping[str, Answer]
) -> str:
    """What has to be looked at before anybody can say that the trigger is not there."""
    if trigger_id == "hits":
        return known.not_screened
    if trigger_id == "countries":
        return "" if _country_values(known.party.entity) else "The book names no country"
    settled = (Standing.ANSWERED, Standing.NOT_APPLICABLE)
    unsaid = [
        spec.label
        for spec in asked
        if (given := answers.get(spec.id)) is None or given.standing not in settled
    ]
    return f"Not answered yet: {unsaid[0]}" if unsaid else ""


def _country_values(entity: Entity) -> list[tuple[str, str]]:
    """(label of the property, value) of everything that the party states of countries."""
    skipped = rules()["countries"].not_counted
    properties = get_schema(entity.schema).properties
    return [
        (properties[name].label, value)
        for name, values in entity.properties.items()
        if name in properties and properties[name].type == "country" and name not in skipped
        for value in values
    ]


def _countries(entity: Entity) -> Iterable[str]:
    rule = rules()["countries"]
    for label, value in _country_values(entity):
        code = read_country(value) or value.strip().lower()
        if code in rule.codes:
            yield f"{label} is {country_name(code)}: {rule.codes[code]} (as of {rule.as_of})"


def _regions(entity: Entity) -> Iterable[str]:
    for address in (*entity.get("address"), *entity.get("registrationPort")):
        words = [word.casefold() for word in _WORD.findall(address)]
        for region, stems in rules()["countries"].regions.items():
            if any(word.startswith(stem) for word in words for stem in stems):
                yield f"The address {address!r} names {region}"


def _hit_reasons(known: Known, threshold: float) -> Iterable[str]:
    for one in known.open_hits:
        if one.hit.score >= threshold:
            yield (
                f"{_named(one)} stands {one.state.value} with a score of {one.hit.score:.2f}; "
                f"the line is {threshold:.2f}"
            )


def _tied_reasons(known: Known) -> Iterable[str]:
    for party_id, hits in known.tied.items():
        for one in hits:
            yield f"Its parent, owner or operator {party_id} has the hit {_named(one)}"


def _link_reasons(known: Known) -> Iterable[str]:
    """What the entries say of owners, where the party may be the listed one."""
    for one in known.open_hits:
        entry = known.entries.get(one.hit.entity_id)
        for link in entry.links if entry else ():
            if link.kind in _LINKS and (whom := link.target_name or link.target_id):
                way = "of" if not link.is_inverse else "by"
                yield f"{_named(one)} is stated to be in {link.kind} {way} {whom}"


def _topic_reasons(trigger_id: str, entity: Entity) -> Iterable[str]:
    for topic in entity.get("topics"):
        if topic in rules()[trigger_id].topics:
            yield f"The book itself marks the party with {topic_label(topic)!r}"


def _named(one: StandingHit) -> str:
    return f"{one.hit.entity_id} ({one.hit.caption})"
