"""`/search/{dataset}`: the query language, filters, facets, sorting and paging."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st
from invented import PRIMO, SECUNDA, TERTIA

from tumen.errors import RequestError
from tumen.service.querying import parse, parse_simple
from tumen.service.wire import fold, words

QUILL, MARITIME, BLUE = f"{PRIMO}:1", f"{PRIMO}:2", f"{PRIMO}:3"
OLEG, BRIGADE, DENIED = f"{SECUNDA}:10", f"{SECUNDA}:11", f"{TERTIA}:7"


def search(client: TestClient, scope: str = "default", **terms: Any) -> Any:
    """The answer to a search."""
    response = client.get(f"/search/{scope}", params=terms)
    assert response.status_code == 200, response.text
    return response.json()


def found(client: TestClient, q: str = "", **terms: Any) -> set[str]:
    """The ids that a search finds."""
    return {one["id"] for one in search(client, q=q, **terms)["results"]}


# --- the shape ---


def test_an_answer_has_results_facets_and_a_window(client: TestClient) -> None:
    """Whole entities without a score; the usual facets with labels."""
    answer = search(client, q="quill")
    assert set(answer) == {"results", "facets", "total", "limit", "offset"}
    assert (answer["limit"], answer["offset"]) == (10, 0)
    assert answer["total"] == {"value": 3, "relation": "eq"}
    assert set(answer["facets"]) == {"countries", "topics", "datasets"}
    assert answer["facets"]["countries"] == {
        "label": "Countries",
        "values": [
            {"name": "kp", "label": "North Korea", "count": 2},
            {"name": "cn", "label": "China", "count": 1},
        ],
    }
    assert answer["facets"]["topics"]["values"][0]["label"] == "Sanctioned"
    assert answer["facets"]["datasets"]["label"] == "Data sources"
    assert "score" not in answer["results"][0]


def test_facets_may_be_chosen(client: TestClient) -> None:
    """Any of six."""
    facets = search(client, q="quill", facets=["schema", "identifiers", "genders"])["facets"]
    assert list(facets) == ["schema", "identifiers", "genders"]
    assert facets["schema"]["label"] == "Entity types"
    assert {"name": "Person", "label": "People", "count": 1} in facets["schema"]["values"]
    assert {"name": "k7700123", "label": "k7700123", "count": 1} in facets["identifiers"]["values"]
    assert client.get("/search/default?facets=names").status_code == 422


def test_a_search_for_nothing_finds_all_things(client: TestClient) -> None:
    """Relations and designations are no things."""
    assert found(client) == {QUILL, MARITIME, BLUE, OLEG, BRIGADE, DENIED}
    assert found(client, schema="Sanction") != set()
    assert found(client, schema="Person") == {QUILL, OLEG, DENIED}


# --- the query language ---


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("quill", {QUILL, BLUE, DENIED}),
        ("QUILL", {QUILL, BLUE, DENIED}),
        ("quill feathersby", {QUILL}),
        ("maritime OR brigade", {MARITIME, BRIGADE}),
        ("maritime || brigade", {MARITIME, BRIGADE}),
        ("quill AND NOT blue", {QUILL, DENIED}),
        ("quill -blue -denied", {QUILL}),
        ("quill && !blue && holdings", {DENIED}),
        ("+quill +blue", {BLUE}),
        ("(maritime OR brigade) AND invented", {BRIGADE}),
        ('"maritime trading"', {MARITIME}),
        ('"trading maritime"', set()),
        ("trading maritime", {MARITIME}),
        ("feath*", {QUILL, MARITIME}),
        ("*vodnikov", {OLEG}),
        ("q?ill", {QUILL, BLUE, DENIED}),
        ("quil~1", {QUILL, BLUE, DENIED}),
        ("quil~", set()),
        ("K7700123", {QUILL}),
        ("name:quill", {QUILL, BLUE, DENIED}),
        ("names:holdings", {DENIED}),
        ("properties.imoNumber:9074729", {BLUE}),
        ("imoNumber:9074729", {BLUE}),
        ("properties.name:feathersby", {QUILL, MARITIME}),
        ("countries:ru", {OLEG, BRIGADE}),
        ("countries:(ru OR cn)", {OLEG, BRIGADE, DENIED}),
        ("topics:sanction AND schema:Vessel", {BLUE}),
        ("dates:1955", {QUILL}),
        ("properties.birthDate:[1960 TO 1970]", {OLEG}),
        ("properties.birthDate:[* TO 1960]", {QUILL}),
        ("properties.birthDate:{1955-03-02 TO *]", {OLEG}),
        ("properties.birthDate:>1960", {OLEG}),
        ("properties.birthDate:<=1960", {QUILL}),
        ("_exists_:properties.imoNumber", {BLUE}),
        ("properties.imoNumber:*", {BLUE}),
        ("*", {QUILL, MARITIME, BLUE, OLEG, BRIGADE, DENIED}),
        ("*:*", {QUILL, MARITIME, BLUE, OLEG, BRIGADE, DENIED}),
        ("Кuill", {QUILL}),
        ("nobody", set()),
        ("nofield:quill", set()),
        (r"quill\-feathersby", {QUILL}),
        ("quill-feathersby", {QUILL}),
        ("quill^3", {QUILL, BLUE, DENIED}),
    ],
)
def test_the_query_language(client: TestClient, q: str, expected: set[str]) -> None:
    """Words are joined by AND unless it says otherwise."""
    assert found(client, q) == expected


_SENSELESS = (
    "invalid/query",
    "quill AND",
    "OR quill",
    "(quill",
    "quill)",
    '"quill',
    "[a",
    "name:",
    "quill!",
    "a AND AND b",
    "quill -",
    "/qu.*/",
)


@pytest.mark.parametrize("q", _SENSELESS)
def test_a_query_that_makes_no_sense_is_refused_unless_simple(client: TestClient, q: str) -> None:
    """400 says where; in simple mode nothing is a fault."""
    response = client.get("/search/default", params={"q": q})
    assert response.status_code == 400
    assert response.json()["detail"]
    assert client.get("/search/default", params={"q": q, "simple": "true"}).status_code == 200


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("quill", {QUILL, BLUE, DENIED}),
        ("quill -blue", {QUILL, DENIED}),
        ("maritime | brigade", {MARITIME, BRIGADE}),
        ('"maritime trading"', {MARITIME}),
        ("feath*", {QUILL, MARITIME}),
        ("AND", set()),
        ("!!", set()),
        ("", {QUILL, MARITIME, BLUE, OLEG, BRIGADE, DENIED}),
    ],
)
def test_the_simple_language(client: TestClient, q: str, expected: set[str]) -> None:
    """For search boxes."""
    assert found(client, q, simple=True) == expected


def test_fuzzy_lets_marked_words_be_spelt_otherwise(client: TestClient) -> None:
    """How far depends on their length."""
    assert found(client, "feathersbi~", fuzzy=True) == {QUILL, MARITIME}
    assert found(client, "feathersbi~") == set()
    assert found(client, "feathersbi", fuzzy=True) == set()


@given(st.text(alphabet='ab AND OR NOT()"[]{}:*?~^/\\-+!&|<>_.é', max_size=40))
@example('"\\"')
@example("a:b:c")
@example("ab~.")
@example("ab~" + "9" * 400)
@example("(" * 5000)
@example("-" * 5000 + "a")
@example("a:" * 5000 + "b")
@example(" OR ".join(["a"] * 5000))
def test_no_query_breaks_the_parser(text: str) -> None:
    """It is read, or refused with a sentence; the simple language reads all that is not endless."""
    if len(text) < 200:
        parse_simple(text)
    with contextlib.suppress(RequestError):
        parse(text)


@pytest.mark.parametrize("read", [parse, parse_simple])
def test_a_query_of_thousands_of_parts_is_refused(read: Callable[[str], object]) -> None:
    """Each would cost memory for every entity that there is."""
    with pytest.raises(RequestError, match="more than 200 parts"):
        read("a " * 1000)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is indexed and what is asked meet."""
    assert words(" ".join(words(text))) == words(text)


def test_marks_of_latin_letters_do_not_count() -> None:
    """Other scripts stay as they are."""
    assert fold("ÉØß Żółć") == "eoss zolc"
    assert fold("Москва") == "москва"


# --- filters ---


def test_filters_on_one_field_join_as_asked(client: TestClient) -> None:
    """OR by default, AND if wanted; fields always join by AND."""
    assert found(client, countries=["kp", "cn"]) == {QUILL, MARITIME, BLUE, DENIED}
    assert found(client, countries=["kp", "cn"], filter_op="AND") == set()
    assert found(client, topics="sanction", datasets=SECUNDA) == {OLEG, BRIGADE}
    assert client.get("/search/default?filter_op=XOR").status_code == 422


def test_any_field_filters(client: TestClient) -> None:
    """As `field:value`; what has no colon is refused."""
    assert found(client, filter="properties.imoNumber:9074729") == {BLUE}
    assert found(client, filter=["schema:Vessel", "topics:sanction"]) == {BLUE}
    assert found(client, filter="properties.nothing:1") == set()
    assert found(client, filter="referents:x") == set()
    response = client.get("/search/default?filter=imo")
    assert (response.status_code, response.json()) == (400, {"detail": "Invalid filter: 'imo'"})


def test_scope_schema_and_time_narrow_the_search(client: TestClient) -> None:
    """As in a match."""
    assert found(client, include_dataset=SECUNDA) == {OLEG, BRIGADE}
    assert found(client, exclude_dataset=[SECUNDA, PRIMO]) == {DENIED}
    assert found(client, exclude_schema=["Person", "Vessel"]) == {MARITIME, BRIGADE, DENIED}
    assert found(client, changed_since="2026-01-11") == set()
    assert len(found(client, changed_since="2026-01-10T06")) == 6
    assert found(client, target=False) == set()
    assert len(found(client, target=True)) == 6
    assert search(client, SECUNDA)["total"]["value"] == 2


# --- order and paging ---


def test_sorting_by_a_field(client: TestClient) -> None:
    """Up or down; what has no value comes last either way."""
    up = [one["id"] for one in search(client, sort="properties.birthDate:asc")["results"]]
    down = [one["id"] for one in search(client, sort="properties.birthDate:desc")["results"]]
    assert (up[:2], down[:2]) == ([QUILL, OLEG], [OLEG, QUILL])
    assert up[2:] == down[2:]
    captions = [one["caption"] for one in search(client, sort="caption")["results"]]
    assert captions == sorted(captions, key=str.lower)
    assert client.get("/search/default?sort=nothing:desc").status_code == 400


def test_pages_do_not_overlap(client: TestClient) -> None:
    """Limit and offset cut one order."""
    whole = [one["id"] for one in search(client)["results"]]
    paged = [search(client, limit=2, offset=place)["results"] for place in (0, 2, 4)]
    assert [one["id"] for page in paged for one in page] == whole
    assert search(client, limit=2, offset=50)["results"] == []


@pytest.mark.parametrize("terms", ["limit=501", "offset=9500", "limit=x", "changed_since=x"])
def test_bounds_of_paging(client: TestClient, terms: str) -> None:
    """422 beyond them; at them all is well."""
    assert client.get(f"/search/default?{terms}").status_code == 422
    assert client.get("/search/default?limit=500&offset=9499").status_code == 200


def test_limits_below_zero_are_zero(client: TestClient) -> None:
    """As the peer has it."""
    answer = search(client, limit=-3, offset=-1)
    assert (answer["results"], answer["limit"], answer["offset"]) == ([], 0, 0)


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/search/default?schema=Quark", 400, "Invalid schema"),
        ("/search/nothing", 404, "No such dataset."),
    ],
)
def test_refusals_have_the_peers_words(
    client: TestClient, path: str, status: int, detail: str
) -> None:
    """Status and detail."""
    response = client.get(path)
    assert (response.status_code, response.json()) == (status, {"detail": detail})
