"""`/match/{dataset}` as yente 5.5 and motiva have it, sentence by sentence."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from invented import PRIMO, SECUNDA, TERTIA

from tumen.errors import RequestError
from tumen.service.algorithms import ALGORITHMS, find_algorithm
from tumen.service.examples import read_example

QUILL = {"name": ["Quill Feathersby"]}
KNOWN = {**QUILL, "birthDate": "1955-03-02", "nationality": ["kp"]}
OTHER = {**QUILL, "birthDate": "1985-11-20", "nationality": ["se"]}


def query(properties: dict[str, Any], schema: str = "Person", **more: Any) -> dict[str, Any]:
    """One query of a batch."""
    return {"schema": schema, "properties": properties, **more}


def post(client: TestClient, one: dict[str, Any], scope: str = "default", **terms: Any) -> Any:
    """The answer to one query."""
    response = client.post(f"/match/{scope}", json={"queries": {"q": one}}, params=terms)
    assert response.status_code == 200, response.text
    return response.json()["responses"]["q"]


def ids(answer: Any) -> list[str]:
    """The ids of an answer's results."""
    return [one["id"] for one in answer["results"]]


# --- the shape of an answer ---


def test_a_result_is_a_whole_entity_with_its_score(client: TestClient) -> None:
    """All fields of an entity, and score, match and explanations beside them."""
    answer = post(client, query(KNOWN, id="mine"))
    (result,) = answer["results"]
    assert list(result) == [
        "id",
        "caption",
        "schema",
        "properties",
        "datasets",
        "referents",
        "target",
        "first_seen",
        "last_seen",
        "last_change",
        "score",
        "match",
        "explanations",
    ]
    assert (result["id"], result["caption"]) == (f"{PRIMO}:1", "Quill Feathersby")
    assert (result["datasets"], result["target"], result["match"]) == ([PRIMO], True, True)
    assert result["properties"]["passportNumber"] == ["K7700123"]
    assert result["properties"]["topics"] == ["sanction"]
    assert result["last_change"] == "2026-01-10T06:30:00"
    assert answer["status"] == 200
    assert answer["total"] == {"value": 1, "relation": "eq"}


def test_the_query_comes_back_as_it_was_understood(client: TestClient) -> None:
    """With the caller's id, and values cleaned; without an id it is null."""
    sent = query({"name": " Quill  Feathersby ", "nationality": "North Korea"}, id="mine")
    assert post(client, sent)["query"] == {
        "id": "mine",
        "schema": "Person",
        "properties": {"name": ["Quill Feathersby"], "nationality": ["kp"]},
    }
    assert post(client, query(QUILL))["query"]["id"] is None


def test_explanations_stand_under_the_names_of_the_algorithm(client: TestClient) -> None:
    """Each with a detail, a score and the two values that met."""
    (result,) = post(client, query(OTHER), threshold=0.3)["results"]
    found = result["explanations"]
    assert {"name_match", "country_mismatch", "dob_year_disjoint"} <= set(found)
    assert set(found["name_match"]) == {"detail", "score", "query", "candidate"}
    assert found["name_match"]["query"] == "Quill Feathersby"
    assert 0 < found["name_match"]["score"] <= 1
    (older,) = post(client, query(QUILL), algorithm="logic-v1")["results"]
    assert "name_literal_match" in older["explanations"]


def test_several_queries_are_answered_under_their_names(client: TestClient) -> None:
    """In the order sent; the header says how many there were."""
    queries = {"b": query(QUILL), "a": query({"name": "Oleg Zavodnikov"})}
    response = client.post("/match/default", json={"queries": queries})
    assert list(response.json()["responses"]) == ["b", "a"]
    assert response.headers["x-batch-size"] == "2"
    assert response.json()["limit"] == 5


def test_a_body_needs_no_content_type(client: TestClient) -> None:
    """It is JSON whether it says so or not."""
    response = client.post(
        "/match/default", content=b'{"queries":{"q":{"schema":"Thing","properties":{}}}}'
    )
    assert response.status_code == 200


# --- scores, bounds and totals ---


def test_a_score_at_the_cut_off_is_dropped(client: TestClient) -> None:
    """`score <= cutoff` is dropped, though a score at the threshold would be a match."""
    score = post(client, query(QUILL))["results"][0]["score"]
    at = post(client, query(QUILL), threshold=score, cutoff=score)
    assert (ids(at), at["total"]["value"]) == ([], 0)
    below = post(client, query(QUILL), threshold=score, cutoff=score - 0.01)
    assert [one["match"] for one in below["results"]] == [True]


def test_the_cut_off_is_never_above_the_threshold(client: TestClient) -> None:
    """A lower threshold takes the cut-off with it."""
    assert len(post(client, query(OTHER), threshold=0.3)["results"]) == 1
    assert post(client, query(OTHER), threshold=0.3, cutoff=0.99)["results"]


def test_between_cut_off_and_threshold_is_no_match(client: TestClient) -> None:
    """Shown with match=false, and not counted in the total."""
    answer = post(client, query(QUILL), threshold=0.99)
    assert [one["match"] for one in answer["results"]] == [False]
    assert answer["total"] == {"value": 0, "relation": "eq"}


def test_the_total_counts_matches_beyond_the_limit(client: TestClient) -> None:
    """It may exceed the rows returned."""
    names = ["Quill Feathersby", "Feathersby Maritime Trading Company"]
    answer = post(client, query({"name": names}, "Thing"), limit=1)
    assert len(answer["results"]) == 1
    assert answer["total"]["value"] == 2


def test_the_best_come_first(client: TestClient) -> None:
    """By score, descending."""
    answer = post(client, query({"name": "Feathersby Quill"}, "Thing"), threshold=0.1, limit=50)
    scores = [one["score"] for one in answer["results"]]
    assert scores == sorted(scores, reverse=True)


def test_a_limit_of_zero_shows_none(client: TestClient) -> None:
    """And still counts."""
    answer = post(client, query(QUILL), limit=0)
    assert (answer["results"], answer["total"]["value"]) == ([], 1)


# --- who may be a result ---


def test_the_schema_says_what_may_be_meant(client: TestClient) -> None:
    """Ancestors and descendants that can be compared; a Thing may be anything."""
    assert ids(post(client, query({"name": "Blue Quill"}, "Vessel"))) == [f"{PRIMO}:3"]
    assert ids(post(client, query({"name": "Blue Quill"}, "Person"))) == []
    assert ids(post(client, query({"name": "Blue Quill"}, "Thing"))) == [f"{PRIMO}:3"]
    company = query({"name": "Denied Quill Holdings"}, "Company")
    assert ids(post(client, company)) == [f"{TERTIA}:7"]


def test_the_scope_and_its_narrowing(client: TestClient) -> None:
    """Datasets, collections, and what a request takes in or leaves out."""
    assert ids(post(client, query(QUILL), PRIMO)) == [f"{PRIMO}:1"]
    assert ids(post(client, query(QUILL), SECUNDA)) == []
    assert ids(post(client, query(QUILL), include_dataset=SECUNDA)) == []
    assert ids(post(client, query(QUILL), include_dataset=[SECUNDA, PRIMO])) == [f"{PRIMO}:1"]
    assert ids(post(client, query(QUILL), exclude_dataset=PRIMO)) == []
    denied = query({"name": "Denied Quill Holdings"}, "LegalEntity")
    assert ids(post(client, denied, "default")) == [f"{TERTIA}:7"]
    assert ids(post(client, denied, "sanctions")) == []


def test_other_ways_to_leave_out(client: TestClient) -> None:
    """By schema, by id, by topic, by time."""
    assert ids(post(client, query(QUILL), exclude_schema="Person")) == []
    assert ids(post(client, query(QUILL), exclude_entity_ids=f"{PRIMO}:1")) == []
    assert ids(post(client, query(QUILL), topics="role.pep")) == []
    assert ids(post(client, query(QUILL), topics=["role.pep", "sanction"])) == [f"{PRIMO}:1"]
    assert ids(post(client, query(QUILL), changed_since="2026-01-11")) == []
    assert ids(post(client, query(QUILL), changed_since="2026-01-10")) == [f"{PRIMO}:1"]


# --- what is asked ---


def test_one_value_may_stand_for_a_list(client: TestClient) -> None:
    """And numbers for text."""
    assert ids(post(client, query({"name": "Quill Feathersby", "birthDate": 1955}))) != []
    vessel = query({"imoNumber": [9074729]}, "Vessel")
    assert ids(post(client, vessel)) == [f"{PRIMO}:3"]


def test_parts_make_a_name(client: TestClient) -> None:
    """Where a person has no name."""
    answer = post(client, query({"firstName": "Quill", "lastName": "Feathersby"}))
    assert ids(answer) == [f"{PRIMO}:1"]
    assert answer["query"]["properties"]["alias"] == ["Quill Feathersby"]


def test_a_telephone_number_tells_a_country(client: TestClient) -> None:
    """Where no country is stated that is it."""
    answer = post(client, query({**QUILL, "phone": "+850 2 381 2345"}))
    assert answer["query"]["properties"]["country"] == ["kp"]


def test_an_unknown_property_is_left_out_and_told(client: TestClient) -> None:
    """The peer logs it; here the answer says it."""
    answer = post(client, query({**QUILL, "nationalty": "kp"}))
    assert ids(answer) == [f"{PRIMO}:1"]
    assert answer["warnings"] == ["Person has no property 'nationalty'. Do you mean 'nationality'?"]


def test_a_value_that_cannot_be_read_is_told(client: TestClient) -> None:
    """It plays no part."""
    answer = post(client, query({**QUILL, "birthDate": "soon", "nationality": "Nowhere"}))
    assert len(answer["warnings"]) == 2
    assert answer["query"]["properties"] == QUILL


def test_strict_makes_warnings_errors(client: TestClient) -> None:
    """400 with what is wrong."""
    body = {"queries": {"q": query({**QUILL, "nationalty": "kp"})}}
    response = client.post("/match/default?strict=true", json=body)
    assert response.status_code == 400
    assert "Do you mean 'nationality'?" in response.json()["detail"]


def test_what_cannot_be_screened_is_no_silent_clearance(client: TestClient) -> None:
    """Without a name or an identifier the answer says that nothing was screened."""
    answer = post(client, query({"country": "kp"}))
    assert answer["results"] == []
    assert answer["warnings"][0].startswith("Not screened: ")
    body = {"queries": {"q": query({"country": "kp"})}}
    assert client.post("/match/default?strict=true", json=body).status_code == 400


# --- what is refused ---


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (query(QUILL, "Quark"), "Cannot parse example entity: Unknown schema: 'Quark'"),
        (
            query(QUILL, "Sanction"),
            "Cannot parse example entity: Non-matchable schema for query: Sanction",
        ),
    ],
)
def test_a_schema_that_cannot_be_asked_for_fails_the_batch(
    client: TestClient, one: dict[str, Any], problem: str
) -> None:
    """Also where other queries are sound."""
    body = {"queries": {"sound": query(QUILL), "q": one}}
    response = client.post("/match/default", json=body)
    assert (response.status_code, response.json()) == (400, {"detail": problem})


@pytest.mark.parametrize(
    ("path", "body", "status", "detail"),
    [
        ("/match/default", {"queries": {}}, 400, "No queries provided."),
        ("/match/nothing", {"queries": {"q": query(QUILL)}}, 404, "No such dataset."),
        (
            "/match/default?algorithm=magic",
            {"queries": {"q": query(QUILL)}},
            400,
            "Invalid algorithm: magic",
        ),
        (
            "/match/default",
            {"queries": {str(n): query(QUILL) for n in range(101)}},
            400,
            "Too many queries in one batch (limit: 100)",
        ),
        (
            "/match/default",
            {"queries": {"q": query(QUILL)}, "config": {"nm_nonsense": 1}},
            400,
            "Invalid configuration parameter: nm_nonsense for algorithm logic-v2",
        ),
        (
            "/match/default?algorithm=ofac",
            {"queries": {"q": query(QUILL)}, "config": {"nm_number_mismatch": 1}},
            400,
            "Invalid configuration parameter: nm_number_mismatch for algorithm ofac",
        ),
    ],
)
def test_refusals_have_the_peers_words(
    client: TestClient, path: str, body: Any, status: int, detail: str
) -> None:
    """Status and detail."""
    response = client.post(path, json=body)
    assert (response.status_code, response.json()) == (status, {"detail": detail})


@pytest.mark.parametrize(
    ("path", "body", "loc"),
    [
        ("/match/default", {}, ["body", "queries"]),
        (
            "/match/default",
            {"queries": {"q": {"properties": {}}}},
            ["body", "queries", "q", "schema"],
        ),
        (
            "/match/default",
            {"queries": {"q": {"schema": "Person"}}},
            ["body", "queries", "q", "properties"],
        ),
        ("/match/default?limit=501", {"queries": {"q": query(QUILL)}}, ["query", "limit"]),
        ("/match/default?limit=x", {"queries": {"q": query(QUILL)}}, ["query", "limit"]),
        (
            "/match/default?changed_since=yesterday",
            {"queries": {"q": query(QUILL)}},
            ["query", "changed_since"],
        ),
        (
            "/match/default?" + "&".join(f"exclude_entity_ids={n}" for n in range(51)),
            {"queries": {"q": query(QUILL)}},
            ["query", "exclude_entity_ids"],
        ),
    ],
)
def test_what_does_not_fit_the_model_is_422(
    client: TestClient, path: str, body: Any, loc: list[str]
) -> None:
    """In FastAPI's shape: type, loc, msg and input of each fault."""
    response = client.post(path, json=body)
    assert response.status_code == 422
    (fault,) = response.json()["detail"]
    assert fault["loc"] == loc
    assert {"type", "loc", "msg", "input"} <= set(fault)


def test_no_json_is_422(client: TestClient) -> None:
    """With the place where it breaks; and so is no body."""
    broken = client.post("/match/default", content=b'{"queries": ')
    assert (broken.status_code, broken.json()["detail"][0]["type"]) == (422, "json_invalid")
    nothing = client.post("/match/default")
    assert nothing.json()["detail"] == [
        {"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}
    ]


# --- algorithms, weights, settings ---


@pytest.mark.parametrize("name", [*ALGORITHMS, "best", "LOGIC-V2", " ofac "])
def test_every_name_of_an_algorithm_is_answered(client: TestClient, name: str) -> None:
    """In any case, with the same score: one engine answers."""
    answer = post(client, query(KNOWN), algorithm=name)
    assert [one["score"] for one in answer["results"]] == [
        post(client, query(KNOWN))["results"][0]["score"]
    ]


def test_the_best_is_logic_v2() -> None:
    """As the peer has it."""
    assert find_algorithm("best").name == "logic-v2"
    with pytest.raises(RequestError, match="Invalid algorithm: worst"):
        find_algorithm("worst")


def weighted(client: TestClient, weights: dict[str, float], **terms: Any) -> list[float]:
    """The scores under some weights."""
    body = {"queries": {"q": query(OTHER)}, "weights": weights}
    response = client.post("/match/default", json=body, params={"threshold": 0.01, **terms})
    return [one["score"] for one in response.json()["responses"]["q"]["results"]]


def test_weights_change_what_a_feature_counts(client: TestClient) -> None:
    """Less of a penalty is a higher score, a name that counts for nothing is no result."""
    (usual,) = weighted(client, {})
    assert weighted(client, {"country_mismatch": 0.0})[0] > usual
    assert weighted(client, {"name_match": 0.5})[0] < usual
    assert weighted(client, {"name_match": 0.0}) == []
    assert weighted(client, {"no_such_feature": 9.0}) == [usual]


def test_of_several_features_for_one_the_strongest_counts(client: TestClient) -> None:
    """To still names in logic-v1 all its features of names are to be set to nothing."""
    (usual,) = weighted(client, {}, algorithm="logic-v1")
    (less,) = weighted(client, {"name_literal_match": 0.0}, algorithm="logic-v1")
    assert less < usual
    features = [one.name for one in ALGORITHMS["logic-v1"].features if one.of == "name"]
    assert weighted(client, dict.fromkeys(features, 0.0), algorithm="logic-v1") == []


def test_known_settings_are_taken(client: TestClient) -> None:
    """Those that the algorithm names."""
    body = {"queries": {"q": query(QUILL)}, "config": {"nm_number_mismatch": 0.4}}
    assert client.post("/match/default", json=body).status_code == 200


def test_the_algorithms_are_described(client: TestClient) -> None:
    """Names, features with coefficients, and the settings of each."""
    found = client.get("/algorithms").json()
    assert (found["default"], found["best"]) == ("best", "logic-v2")
    by_name = {one["name"]: one for one in found["algorithms"]}
    assert list(by_name) == [
        "logic-v2",
        "ofac",
        "name-based",
        "name-qualified",
        "logic-v1",
        "regression-v1",
    ]
    best = by_name["logic-v2"]
    assert set(best["features"]["name_match"]) == {"description", "coefficient", "url"}
    assert best["features"]["country_mismatch"]["coefficient"] == -0.2
    assert best["docs"]["features"] == best["features"]
    assert best["docs"]["config"]["nm_number_mismatch"]["default"] == 0.3
    assert best["docs"]["config"]["nm_number_mismatch"]["type"] == "float"


# --- what motiva adds ---


def test_a_body_may_say_who_is_left_out(client: TestClient) -> None:
    """`params` of a batch, and of one query."""
    for params, expected in (
        ({"include_datasets": [SECUNDA]}, []),
        ({"exclude_datasets": [PRIMO]}, []),
        ({"exclude_entity_ids": [f"{PRIMO}:1"]}, []),
        ({"include_datasets": [PRIMO], "more": 1}, [f"{PRIMO}:1"]),
    ):
        whole = client.post(
            "/match/default", json={"queries": {"q": query(QUILL)}, "params": params}
        )
        assert ids(whole.json()["responses"]["q"]) == expected
        assert ids(post(client, query(QUILL, params=params))) == expected


def test_filters_are_all_needed_and_their_values_alternatives(client: TestClient) -> None:
    """The outer list joins by AND, the inner by OR."""
    for filters, is_found in (
        ({"topics": [["sanction"]]}, True),
        ({"topics": [["wanted", "sanction"]]}, True),
        ({"topics": [["wanted"], ["sanction"]]}, False),
        ({"topics": [["sanction"]], "properties.passportNumber": [["k7700123"]]}, True),
        ({"properties.passportNumber": [["other"]]}, False),
        ({"properties.nothing": [["x"]]}, False),
        (None, True),
    ):
        assert bool(post(client, query(QUILL, filters=filters))["results"]) is is_found, filters


def test_switches_of_motiva_are_taken(client: TestClient) -> None:
    """They change nothing here."""
    assert post(client, query(QUILL), partition="true", index_type="scoped")["results"]
    assert client.get("/-/version").json()["motiva"] == "v0.10.0"


# --- what the peer has announced ---


def test_one_query_over_everything(client: TestClient) -> None:
    """No scope and no batch; filters stand in the body."""
    body = {"query": query(QUILL, id="mine"), "filters": {"datasets": [PRIMO]}}
    answer = client.post("/v2/match", json=body).json()
    assert ids(answer) == [f"{PRIMO}:1"]
    assert (answer["query"]["id"], answer["limit"]) == ("mine", 5)
    for filters in (
        {"datasets": [SECUNDA]},
        {"topics": ["wanted"]},
        {"changed_since": "2026-01-11"},
        {"exclude_entities": [f"{PRIMO}:1"]},
        {"exclude_schemata": ["Person"]},
    ):
        found = client.post("/v2/match", json={"query": query(QUILL), "filters": filters})
        assert found.json()["results"] == [], filters


@pytest.mark.parametrize(
    "properties", [{**QUILL, "foo": "x"}, {**QUILL, "birthDate": "soon"}, {"country": "kp"}]
)
def test_nothing_is_left_out_there(client: TestClient, properties: dict[str, Any]) -> None:
    """An unknown property or a value that cannot be read is a 400."""
    assert client.post("/v2/match", json={"query": query(properties)}).status_code == 400


# --- examples ---


@given(
    st.dictionaries(
        st.sampled_from(["name", "birthDate", "nationality", "gender", "phone", "topics", "foo"]),
        st.one_of(st.text(), st.integers(), st.floats(), st.lists(st.text() | st.none())),
    )
)
def test_no_example_breaks_the_reading(properties: dict[str, Any]) -> None:
    """Whatever stands in it: it is read, or named in the warnings."""
    example = read_example({"schema": "Person", "properties": properties})
    assert example.entity.schema == "Person"
    assert all(example.entity.properties.values())


def test_others_get_their_turn_within_a_batch(client: TestClient) -> None:
    """A large batch does not hold up the health check."""
    queries = {str(n): query({"name": f"Quill Feathersby {n}"}) for n in range(100)}
    transport = client.app

    async def both() -> list[str]:
        import httpx

        done: list[str] = []
        mount = httpx.ASGITransport(app=transport)
        async with httpx.AsyncClient(transport=mount, base_url="http://testserver") as fast:

            async def one(name: str, request: Any) -> None:
                assert (await request).status_code == 200
                done.append(name)

            await asyncio.gather(
                one("batch", fast.post("/match/default", json={"queries": queries})),
                one("health", fast.get("/healthz")),
            )
        return done

    assert asyncio.run(both()) == ["health", "batch"]
