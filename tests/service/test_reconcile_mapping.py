"""The reconciliation mappings without a server: what a query asks, and how an entity is given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tumen.errors import RequestError
from tumen.model.entity import Entity, get_schema, schemata
from tumen.service.reconciliation.extend import extended
from tumen.service.reconciliation.manifest import manifest, matchable_schemata
from tumen.service.reconciliation.query import asked_for, candidate, entity_type, property_name
from tumen.service.reconciliation.shapes import ExtendQuery, Query, QueryBatch
from tumen.service.reconciliation.suggest import (
    propose_properties,
    suggest_properties,
    suggest_types,
)

KIM = Entity(
    "l:1",
    "Person",
    {"name": ("KIM Jong Un", "김정은"), "nationality": ("kp",), "topics": ("sanction",)},
)


def query(**values: Any) -> Query:
    """A query as a client sends it."""
    return Query.model_validate(values)


# --- queries ---


def test_a_bare_name_asks_for_any_thing() -> None:
    """Without a type everything that is screened may be meant."""
    asked = asked_for(query(query="Kim Jong Un"))
    assert asked == ("Thing", {"name": ["Kim Jong Un"]}, ())


@pytest.mark.parametrize("given_type", ["Person", ["Person"], ["Person", "Company"]])
def test_the_first_type_counts(given_type: Any) -> None:
    """A type is text or a list; that only the first is asked for is said."""
    asked = asked_for(query(query="Kim", type=given_type))
    assert asked.schema == "Person"
    assert bool(asked.warnings) == (given_type == ["Person", "Company"])


@pytest.mark.parametrize("nothing", [None, "", []])
def test_no_type_is_no_type(nothing: Any) -> None:
    """OpenRefine's "reconcile against no particular type" sends nothing, or empty."""
    assert asked_for(query(query="Kim", type=nothing)).schema == "Thing"


@pytest.mark.parametrize("kind", ["Nobody", "Ownership", "Sanction"])
def test_a_type_that_cannot_be_screened_is_refused(kind: str) -> None:
    """An unknown type is no empty answer."""
    with pytest.raises(RequestError, match=kind):
        asked_for(query(query="Kim", type=kind))


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("1984", ["1984"]),
        (1984, ["1984"]),
        (["1984", 1985], ["1984", "1985"]),
        ({"id": "ru", "name": "Russia"}, ["Russia"]),
        ({"id": "ru"}, ["ru"]),
        ([{"id": "ru"}, "kp"], ["ru", "kp"]),
        ([], []),
    ],
)
def test_values_are_read_as_clients_send_them(value: Any, texts: list[str]) -> None:
    """Text, numbers, cells reconciled before, and lists of these."""
    asked = asked_for(
        query(query="Kim", type="Person", properties=[{"pid": "Person:birthDate", "v": value}])
    )
    assert asked.properties["birthDate"] == texts


@pytest.mark.parametrize("value", [True, None, {}, [[None]], {"x": 1}])
def test_a_value_that_is_none_is_an_error(value: Any) -> None:
    """What cannot be read is not dropped in silence."""
    with pytest.raises(ValidationError):
        query(query="Kim", properties=[{"pid": "Person:birthDate", "v": value}])


@pytest.mark.parametrize("pid", ["Person:nationality", "nationality"])
def test_properties_are_named_whole_or_bare(pid: str) -> None:
    """Both ways of naming a property mean the same."""
    assert property_name(pid, get_schema("Person")) == "nationality"


def test_a_property_by_the_name_of_its_own_schema() -> None:
    """The suggest service gives `LegalEntity:country`; a Person has it, too."""
    assert property_name("LegalEntity:country", get_schema("Person")) == "country"
    assert property_name("Person:birthDate", get_schema("Company")) is None
    assert property_name("Person:birthDate", get_schema("Thing")) == "birthDate"


def test_what_could_not_play_a_part_is_said() -> None:
    """A property that no one has gives a warning with the nearest one that there is."""
    asked = asked_for(
        query(query="Kim", type="Person", properties=[{"pid": "birth_date", "v": "1984"}])
    )
    assert asked.properties == {"name": ["Kim"]}
    assert asked.warnings == ("Person has no property 'birth_date'. Do you mean 'birthDate'?",)


@pytest.mark.parametrize(("limit", "wanted"), [(-3, 0), (0, 0), (7, 7), (10**12, 500)])
def test_the_limit_is_bounded(limit: int, wanted: int) -> None:
    """No client makes the service give all it has."""
    assert query(limit=limit).wanted == wanted


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "name"]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
))  # fmt: skip
def test_any_batch_is_read_or_refused(body: Any) -> None:
    """Whatever the JSON: either queries, or one of the two errors that become a 400."""
    try:
        batch = QueryBatch.model_validate_json(json.dumps(body))
        for one in batch.root.values():
            asked_for(one)
    except (ValidationError, RequestError):
        return


# --- candidates ---


def test_a_candidate_names_its_type() -> None:
    """Type, label and plural are those of the vocabulary."""
    found = candidate(KIM, KIM.caption, 0.91, is_hit=True).model_dump()
    assert found == {
        "id": "l:1",
        "name": "KIM Jong Un",
        "description": "Person",
        "type": [
            {
                "id": "Person",
                "name": "People",
                "description": "A natural person, as opposed to a corporation of some type.",
            }
        ],
        "score": 0.91,
        "match": True,
    }


@pytest.mark.parametrize("schema", sorted(schemata()))
def test_every_schema_is_a_type(schema: str) -> None:
    """No schema lacks a name or a description to show."""
    shown = entity_type(schema)
    assert shown.name
    assert shown.description


# --- the manifest ---


def test_the_manifest_says_where_everything_is() -> None:
    """The query string, and an API key in it, goes on to every place."""
    told = manifest(
        base_url="http://host:8000/",
        dataset="un",
        title="United Nations",
        query_string="api_key=s%20s",
        present=["Person", "Vessel", "Sanction"],
    ).model_dump()
    assert told["versions"] == ["0.2"]
    assert told["name"].startswith("United Nations")
    assert told["batchSize"] == 3
    assert told["suggest"]["entity"] == {
        "service_url": "http://host:8000/reconcile/un",
        "service_path": "/suggest/entity?api_key=s%20s",
    }
    places = [*told["suggest"].values(), told["extend"]["propose_properties"]]
    assert all(place["service_path"].endswith("?api_key=s%20s") for place in places)
    assert "{{id}}" in told["view"]["url"]
    assert "{{id}}" in told["preview"]["url"]
    settings = {one["name"]: one for one in told["extend"]["propose_settings"]}
    assert settings["limit"]["default"] == 0
    assert [one["id"] for one in settings["render"]["choices"]] == ["caption", "raw"]
    assert [one["id"] for one in told["defaultTypes"]] == [
        "Asset", "LegalEntity", "Person", "Thing", "Value", "Vehicle", "Vessel",
    ]  # fmt: skip


def test_without_a_query_string_paths_are_bare() -> None:
    """No stray question mark."""
    told = manifest(base_url="http://h", dataset="x", title="X", query_string="", present=[])
    assert told.suggest.type.service_path == "/suggest/type"
    assert told.defaultTypes == []


def test_unknown_schemata_are_passed_over() -> None:
    """Data of a newer vocabulary does not break the manifest."""
    assert matchable_schemata(["Person", "Starship"]) == ["LegalEntity", "Person", "Thing"]


# --- suggestions ---


@pytest.mark.parametrize("prefix", ["", "   "])
def test_no_prefix_suggests_nothing(prefix: str) -> None:
    """An empty box is not answered with everything."""
    assert suggest_types(prefix, ["Person"]) == []
    assert suggest_properties(prefix, ["Person"]) == []


@pytest.mark.parametrize("prefix", ["per", "PERSON", " People"])
def test_types_by_name_label_or_plural(prefix: str) -> None:
    """People type what they see."""
    assert [one.id for one in suggest_types(prefix, ["LegalEntity", "Person"])] == ["Person"]


def test_properties_come_by_their_qualified_names() -> None:
    """At most five, the nearest first, none hidden, none that refers to an entity."""
    present = matchable_schemata(["Person", "Company"])
    found = [one.id for one in suggest_properties("birth", present)]
    assert found[:2] == ["Person:birthDate", "Person:birthPlace"]
    country = [one.id for one in suggest_properties("country", present)]
    assert country[0] == "Thing:country"
    assert len(suggest_properties("a", present)) == 5
    assert "Thing:addressEntity" not in [one.id for one in suggest_properties("addressE", present)]


def test_proposed_properties_are_sorted_and_the_telling_ones_stay() -> None:
    """A limit keeps the featured properties, and the list is by label."""
    proposed = propose_properties("Person", 3)
    assert {one.id for one in proposed.properties} == {"name", "nationality", "birthDate"}
    labels = [one.name for one in propose_properties("Person", 0).properties]
    assert labels == sorted(labels)
    assert len(labels) > 20
    with pytest.raises(RequestError, match="Invalid type: Nobody"):
        propose_properties("Nobody", 0)


# --- extending ---


def ask(*ids: str, **settings: Any) -> ExtendQuery:
    """Names, nationality and a property that nobody has, of these entities."""
    names = ["name", "nationality", "wings"]
    wanted = [{"id": name, "settings": settings} for name in names]
    return ExtendQuery.model_validate({"ids": list(ids), "properties": wanted})


def test_rows_of_the_known_and_the_unknown() -> None:
    """Every id asked for has a row; captions are for people."""
    found = extended(ask("l:1", "no"), {"l:1": KIM}).model_dump()
    assert found["meta"] == [
        {"id": "name", "name": "Name"},
        {"id": "nationality", "name": "Nationality"},
    ]
    assert found["rows"] == {
        "l:1": {
            "name": [{"str": "KIM Jong Un"}, {"str": "김정은"}],
            "nationality": [{"str": "North Korea"}],
        },
        "no": {},
    }


def test_raw_values_and_a_limit() -> None:
    """Settings are per property; a limit below one is none."""
    row = extended(ask("l:1", limit=1, render="raw"), {"l:1": KIM}).rows["l:1"]
    assert [cell.str for cell in row["name"]] == ["KIM Jong Un"]
    assert [cell.str for cell in row["nationality"]] == ["kp"]
    assert len(extended(ask("l:1", limit=-1), {"l:1": KIM}).rows["l:1"]["name"]) == 2
