"""The documents of the Reconciliation API 0.2, field by field as its clients read them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, RootModel

# A client may ask for more; it gets at most these many candidates for one query.
MOST_CANDIDATES = 500


class EntityType(BaseModel):
    """A FollowTheMoney schema as a type of the API."""

    id: str = Field(examples=["Person"])
    name: str = Field(examples=["People"])
    description: str | None = None


class Suggested(BaseModel):
    """An entity to choose from."""

    id: str
    name: str
    description: str | None = None
    type: list[EntityType]


class Candidate(Suggested):
    """An entity that a query may mean; `score` from 0 to 1, `match` at the threshold."""

    score: float
    match: bool


class QueryAnswer(BaseModel):
    """The candidates of one query, best first.

    `warnings` stand only where something asked for could not play a part.
    """

    result: list[Candidate]
    warnings: list[str] | None = None


class SuggestedProperty(BaseModel):
    """A property to choose from, by its qualified name."""

    id: str = Field(examples=["Person:birthDate"])
    name: str = Field(examples=["Birth date"])
    description: str | None = None


class _Suggestions(BaseModel):
    code: str = "/api/status/ok"
    status: str = "200 OK"
    prefix: str


class EntitySuggestions(_Suggestions):
    """Entities whose names have words that begin as the prefix does."""

    result: list[Suggested]


class PropertySuggestions(_Suggestions):
    """Properties whose name or label begins with the prefix."""

    result: list[SuggestedProperty]


class TypeSuggestions(_Suggestions):
    """Types whose name or label begins with the prefix."""

    result: list[EntityType]


class Rendering(StrEnum):
    """How values are given when a table is extended: for people, or as they are stored."""

    RAW = "raw"
    CAPTION = "caption"


class ExtendSettings(BaseModel):
    """How many values of a property to give (0: all), and how."""

    limit: int = 0
    render: Rendering = Rendering.CAPTION


class ExtendProperty(BaseModel):
    """One property asked for."""

    id: str
    settings: ExtendSettings = ExtendSettings()


class ExtendQuery(BaseModel):
    """Which properties of which entities a table is to be extended by."""

    ids: list[str]
    properties: list[ExtendProperty]


class PropertyName(BaseModel):
    """A property and its label."""

    id: str
    name: str


class Cell(BaseModel):
    """One value of an extended row."""

    str: str


class Extended(BaseModel):
    """The answer to an extend query: a row for every id asked, empty where it is unknown."""

    meta: list[PropertyName]
    rows: dict[str, dict[str, list[Cell]]]


class ProposedProperties(BaseModel):
    """The properties by which a table of one type can be extended."""

    limit: int
    type: str
    properties: list[PropertyName]


def _texts(value: Any) -> list[str]:
    """The values of a cell: text, a number, a reconciled cell's entity, or a list of these."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, dict):
        value = value.get("name") or value.get("id")
    if value is None or isinstance(value, bool | dict | list):
        raise ValueError("a value is text, a number, or a list of these")
    return [str(value)]


class PropertyValue(BaseModel):
    """A further property of what is asked for: `pid` names it, `v` its values."""

    pid: str
    v: Annotated[list[str], BeforeValidator(_texts)]


def _types(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


class Query(BaseModel):
    """One query of a batch."""

    query: str | None = None
    type: Annotated[list[str], BeforeValidator(_types)] = []
    limit: int = 5
    properties: list[PropertyValue] = []

    @property
    def wanted(self) -> int:
        """How many candidates to give."""
        return max(0, min(self.limit, MOST_CANDIDATES))


class QueryBatch(RootModel[dict[str, Query]]):
    """Queries by the keys under which the answers are given."""


class View(BaseModel):
    """The page of an entity; `{{id}}` stands for its id."""

    url: str


class Preview(View):
    """A small page of an entity, to be shown in a frame of this size in pixels."""

    width: int
    height: int


class SuggestPlace(BaseModel):
    """Where one of the suggest services is."""

    service_url: str
    service_path: str


class Suggest(BaseModel):
    """The suggest services."""

    entity: SuggestPlace
    type: SuggestPlace
    property: SuggestPlace


class SettingChoice(BaseModel):
    """One choice of a select setting."""

    id: str
    name: str


class Setting(BaseModel):
    """A setting that the user may change for a property that extends a table."""

    name: str
    label: str
    type: str
    default: int | str
    help_text: str
    choices: list[SettingChoice] = []


class Extend(BaseModel):
    """Where properties are proposed, and what can be set for each."""

    propose_properties: SuggestPlace
    propose_settings: list[Setting]


class Manifest(BaseModel):
    """What the service offers, and where."""

    versions: list[str]
    name: str
    identifierSpace: str
    schemaSpace: str
    documentation: str
    batchSize: int
    view: View
    preview: Preview
    suggest: Suggest
    extend: Extend
    defaultTypes: list[EntityType]
