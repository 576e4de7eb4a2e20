"""What the peer's clients send, as their API states it; keys beyond it are let pass."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

TS_PATTERN = r"^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?$"
Setting = str | int | float | bool | None


class _Sent(BaseModel):
    model_config = ConfigDict(extra="allow")


class Params(_Sent):
    """Who is left out, for a whole batch or for one query of it."""

    include_datasets: list[str] | None = None
    exclude_datasets: list[str] | None = None
    exclude_entity_ids: list[str] | None = None
    exclude_schemas: list[str] | None = None
    topics: list[str] | None = None
    changed_since: str | None = Field(None, pattern=TS_PATTERN)
    limit: int | None = None
    threshold: float | None = None
    cutoff: float | None = None


class MatchTerms(BaseModel):
    """How to match: the query of the address."""

    limit: int = Field(5, le=500, description="How many results")
    threshold: float = Field(0.7, description="Score from which a result matches")
    # Marked in the document alone: pydantic's own mark warns whenever the value is read.
    cutoff: float = Field(
        0.7,
        description="Score above which a result is shown",
        json_schema_extra={"deprecated": True},
    )
    algorithm: str = Field("best", description="Name of the algorithm")
    include_dataset: list[str] = Field([], description="Only these datasets")
    exclude_dataset: list[str] = Field([], description="Not these datasets")
    exclude_schema: list[str] = Field([], description="Not these kinds of entities")
    topics: list[str] = Field([], description="Only entities with any of these topics")
    changed_since: str | None = Field(None, pattern=TS_PATTERN)
    exclude_entity_ids: list[str] = Field([], max_length=50, description="Not these entities")
    strict: bool = Field(False, description="Whether what cannot be used is an error")
    partition: str | None = Field(None, description="Taken as motiva has it; nothing depends on it")
    index_type: str | None = Field(
        None, description="Taken as motiva has it; nothing depends on it"
    )


class ExampleQuery(_Sent):
    """One party to look for.

    `filters` maps a field to groups of values: of each group an entity must have one.
    """

    id: str | None = Field(None, examples=["my-entity-id"])
    schema_: str = Field(..., examples=["Person"], alias="schema")
    properties: dict[str, str | int | float | list[Any]] = Field(
        ..., examples=[{"name": ["John Doe"]}]
    )
    filters: dict[str, list[list[str]]] | None = None
    params: Params | None = None


class MatchQuery(_Sent):
    """A batch of parties to look for, under names that the sender chooses."""

    weights: dict[str, float] | None = Field(None, examples=[{"name_match": 0.8}])
    config: dict[str, Setting] | None = Field(None, examples=[{"nm_number_mismatch": 0.4}])
    queries: dict[str, ExampleQuery]
    params: Params | None = None


class Filters(_Sent):
    """Who may be a result."""

    datasets: list[str] | None = None
    topics: list[str] | None = None
    changed_since: str | None = Field(None, pattern=TS_PATTERN)
    exclude_entities: list[str] | None = None
    exclude_schemata: list[str] | None = None


class SingleQuery(_Sent):
    """One party to look for; nothing in it is left out in silence."""

    query: ExampleQuery
    filters: Filters | None = None
    limit: int = Field(5, ge=0, le=500)
    threshold: float = 0.7
    cutoff: float | None = None
    algorithm: str = "best"
    weights: dict[str, float] | None = None
    config: dict[str, Setting] | None = None
