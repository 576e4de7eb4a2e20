"""The finding in front of an evidence file: what a reader in a hurry has to know, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tumen.model.casework import ReasonCode

NOTHING_FOUND = "Nothing was found."
_MOST_TOLD = 20
NOT_SCREENED = "NOT SCREENED. This is no clearance."


def instant(text: str) -> str:
    """An instant for people: `2 March 2026, 09:30:00 UTC`."""
    at = datetime.fromisoformat(text).astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M:%S} UTC"


def moment(text: str) -> str:
    """An instant in a column whose head says UTC: `2026-03-02 09:30:00`."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 hit`, `2 hits`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def case_finding(data: Mapping[str, Any]) -> list[str]:
    """What came of a case."""
    case, results = data["case"], data["results"]
    hits = {hit["entity_id"] for result in results for hit in result["hits"]}
    screenings = {result["screening_id"] for result in results}
    about = f"Case {case['case_id']} is about {case['title']} ({case['subject_key']})."
    looked = (
        f"{counted(len(hits), 'listed party', 'listed parties')} stood against it after "
        f"{counted(len(screenings), 'screening')}."
        if results
        else "No alert belongs to it."
    )
    paragraphs = [f"{about} {looked} The case is {case['state']}."]
    paragraphs += [_decision(case, one) for one in case["decisions"]]
    if not case["decisions"]:
        paragraphs.append("No decision has taken effect.")
    if case["pending"]:
        paragraphs.append(
            f"A recommendation by {case['pending']['by']['name']} waits for a second person; it "
            "has no effect."
        )
    if case["reopened_for"]:
        paragraphs.append(f"It was reopened: {case['reopened_for']}")
    return paragraphs


def is_in_force(case: Mapping[str, Any], decision: Mapping[str, Any]) -> bool:
    """Whether no later decision, and no reopening, took the place of this one in all it says."""
    made = decision["recommendation"]
    sequence = made["sequence"]
    later = [
        one["recommendation"]
        for one in case["decisions"]
        if one["recommendation"]["sequence"] > sequence
    ]
    if not made["entity_ids"]:
        return not later and sequence > case["reopened_by"]
    superseded = {entity_id for one in later for entity_id in one["entity_ids"]}
    return any(
        entity_id not in superseded and sequence > case["open_since"].get(entity_id, 0)
        for entity_id in made["entity_ids"]
    )


def _decision(case: Mapping[str, Any], decision: Mapping[str, Any]) -> str:
    made, approver = decision["recommendation"], decision["approved_by"]
    reason = ReasonCode(made["reason"])
    held = "Decided" if is_in_force(case, decision) else "Decided, and no longer in force"
    return (
        f"{held}: {reason.verdict.value} ({reason.value}: {reason.label.lower()}), outcome: "
        f"{made['outcome']}. Recommended by {made['by']['name']} on {instant(made['at'])}, "
        f"approved by {approver['name']} on {instant(decision['approved_at'])}."
    )


def search_finding(data: Mapping[str, Any]) -> list[str]:
    """What came of a search: screened on, against, nothing found; or what was."""
    run, results = data["screenings"][0], data["results"]
    versions = ", ".join(run["versions"]) or "no list"
    whom = _whom(data)
    if results and all(not one["was_screened"] for one in results):
        return [f"{NOT_SCREENED} {whom}", *_not_screened(results)]
    first = f"{whom} Screened on {instant(run['screened_at'])} against {versions}."
    return [f"{first} {_found(data)}", *_not_screened(results)]


def _whom(data: Mapping[str, Any]) -> str:
    run, results = data["screenings"][0], data["results"]
    if data["search"]["subject_id"] is not None or run["tally"].get("subjects") == 1:
        book = f", of the book {run['input_ref']}" if run["input_ref"] else ""
        return "; ".join(f"{one['caption']} ({one['subject_id']}{book})" for one in results) + "."
    number = run["tally"].get("subjects", 0)
    if run["input_ref"]:
        return f"{counted(number, 'party', 'parties')} of the book {run['input_ref']}."
    return f"{counted(number, 'subject')} of one request."


def _found(data: Mapping[str, Any]) -> str:
    hits = [hit for one in data["results"] for hit in one["hits"]]
    if not hits and all(one["was_screened"] for one in data["results"]):
        return NOTHING_FOUND
    if not hits:
        return "Nothing was found among those that were screened."
    above = sum(1 for hit in hits if hit["is_hit"])
    below = len(hits) - above
    found = [counted(above, "hit")] if above else []
    found += [f"{counted(below, 'candidate')} below the threshold"] if below else []
    return f"Found: {' and '.join(found)}. Nobody has decided on them in this file."


def _not_screened(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """A paragraph for each of the first that were not screened, and how many more there are."""
    found = [one for one in results if not one["was_screened"]]
    told = [f"{one['caption']} was not screened: {one['problem']}" for one in found[:_MOST_TOLD]]
    left = len(found) - _MOST_TOLD
    return [*told, f"{left:,} more were not screened."] if left > 0 else told
