"""Parties as an agent describes them, read with the same tolerance as a row of a book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tumen.errors import RecordError
from tumen.screening.headings import ID, SCHEMA, find_property, find_schema
from tumen.screening.rows import RowReader
from tumen.screening.subject import RecordProblem, Subject

_Text = Annotated[str, Field(max_length=1000)]
_Texts = Annotated[list[_Text], Field(max_length=50)]


class Party(BaseModel):
    """A person, company, vessel, aircraft or wallet to screen or compare."""

    model_config = ConfigDict(extra="forbid")

    name: _Text = Field("", description="The full name as it is written, in any script.")
    type: _Text = Field(
        "",
        description=(
            "person, company, organisation, vessel, aircraft or wallet. Say it: without a type a "
            "bare name is any person or organisation, but no vessel."
        ),
    )
    other_names: _Texts = Field([], description="Aliases and former names.")
    birth_date: _Text = Field(
        "", description="Of a person: 1964-07-17, or 1964-07 or 1964 where no more is known."
    )
    countries: _Texts = Field(
        [],
        description=(
            "Nationality of a person, country of a company, flag of a vessel: names or ISO codes."
        ),
    )
    gender: _Text = Field("", description="male or female.")
    identifiers: dict[_Text, _Text] = Field(
        {},
        max_length=50,
        description=(
            "Numbers by kind: passport, national id, tax id, registration number, LEI, BIC, IMO, "
            "MMSI, wallet; or any FollowTheMoney property by its name, such as birthPlace."
        ),
    )
    id: Annotated[str, Field(max_length=500)] = Field("", description="Your own id; comes back.")


def read_party(party: Party, place: str) -> list[Subject | RecordProblem]:
    """The subject, and behind it the wallets and vessels it holds, each to be screened.

    What cannot be compared at all comes back as its problem. `place` stands for an id where
    the agent gives none.
    """
    try:
        found = RowReader(place).read(list(_pairs(party, place)), 1, separator="")
    except RecordError as error:
        own = party.id or place
        found = [RecordProblem.from_error(error, subject_id=own, caption=party.name)]
    # There is no file whose row could be named.
    return [replace(one, where="") for one in found]


def _pairs(party: Party, place: str) -> Iterator[tuple[str, str]]:
    yield ID, party.id or place
    yield SCHEMA, party.type
    yield "name", party.name
    yield from (("alias", name) for name in party.other_names)
    yield "birthDate", party.birth_date
    is_person = find_schema(party.type) == "Person"
    yield from (("nationality" if is_person else "country", one) for one in party.countries)
    yield "gender", party.gender
    for kind, value in party.identifiers.items():
        prop = find_property(kind)
        if prop is None:
            raise RecordError(
                f"No property is called {kind!r}",
                mend="Say passport, national id, tax id, registration number, LEI, BIC, IMO …",
            )
        yield prop, value
