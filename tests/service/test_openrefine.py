"""A reconciliation run as OpenRefine makes it, over real HTTP: from the manifest to new columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import httpx
import pytest

QUILL, FIRM, SHIP = "un_sc_sanctions:1", "un_sc_sanctions:2", "un_sc_sanctions:3"
# A user's table: name, type where known, year of birth.
ROWS = [
    ("Quill Feathersby", "Person", "1955"),
    ("Feathersby Maritime Trading Co.", "Company", ""),
    ("Blue Quill", "Vessel", ""),
    ("Zavodnikov, Oleg", "Person", "1968"),
    ("Brigade of Invented Stars", "", ""),
    ("Denied Quill Holdings", "", ""),
    *((f"Xqrth Zebulon the {number}th", "Person", "") for number in range(17)),
]
SUGGESTED_SIZE = 10


class OpenRefine:
    """The requests that OpenRefine sends, built from nothing but the service's address."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.http = httpx.Client(timeout=30)
        self.manifest = self._get(service)

    def _get(self, url: str, **params: Any) -> Any:
        # A path may carry a query string of its own, to which parameters are added.
        address = httpx.URL(url)
        given = self.http.get(address.copy_merge_params(params))
        assert given.status_code == 200, given.text
        return given.json()

    def reconcile(self, queries: dict[str, Any]) -> dict[str, Any]:
        """One batch, as a form."""
        given = self.http.post(self.service, data={"queries": json.dumps(queries)})
        assert given.status_code == 200, given.text
        assert given.headers["x-batch-size"] == str(len(queries))
        answers: dict[str, Any] = given.json()
        return answers

    def suggest(self, what: str, prefix: str) -> list[dict[str, Any]]:
        """What is offered while the user types."""
        place = self.manifest["suggest"][what]
        answer = self._get(place["service_url"] + place["service_path"], prefix=prefix)
        assert answer["code"] == "/api/status/ok"
        assert answer["prefix"] == prefix
        found: list[dict[str, Any]] = answer["result"]
        return found

    def proposed(self, kind: str, limit: int) -> dict[str, Any]:
        """The columns that can be added for entities of a type."""
        place = self.manifest["extend"]["propose_properties"]
        address = place["service_url"] + place["service_path"]
        answer: dict[str, Any] = self._get(address, type=kind, limit=limit)
        return answer

    def extend(self, ids: Sequence[str], properties: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Values for new columns, as a form."""
        asked = json.dumps({"ids": list(ids), "properties": list(properties)})
        given = self.http.post(self.service, data={"extend": asked})
        assert given.status_code == 200, given.text
        answer: dict[str, Any] = given.json()
        return answer


@pytest.fixture(scope="module")
def refine(address: str) -> Iterator[OpenRefine]:
    """OpenRefine, told the address of a scope."""
    client = OpenRefine(f"{address}/reconcile/default")
    yield client
    client.http.close()


def queries_of(rows: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """A batch with the keys that OpenRefine numbers."""
    batch: dict[str, Any] = {}
    for number, (name, kind, year) in enumerate(rows):
        one: dict[str, Any] = {"query": name, "limit": 5, "type_strict": "should"}
        if kind:
            one["type"] = kind
        if year:
            one["properties"] = [{"pid": "Person:birthDate", "v": year}]
        batch[f"q{number}"] = one
    return batch


def test_the_manifest_is_all_that_a_client_needs(refine: OpenRefine) -> None:
    """Every place in it is of this very server, and the templates take an id."""
    told = refine.manifest
    assert "0.2" in told["versions"]
    assert told["identifierSpace"]
    assert told["schemaSpace"]
    assert {one["id"] for one in told["defaultTypes"]} >= {"Person", "Company", "Vessel", "Thing"}
    assert all(one["name"] for one in told["defaultTypes"])
    for place in [*told["suggest"].values(), told["extend"]["propose_properties"]]:
        assert place["service_url"] == refine.service


def test_a_whole_column(refine: OpenRefine) -> None:
    """Batches of ten over a table: the right entity is matched, ordinary rows get nothing."""
    chosen: dict[str, str] = {}
    for start in range(0, len(ROWS), SUGGESTED_SIZE):
        batch = ROWS[start : start + SUGGESTED_SIZE]
        answers = refine.reconcile(queries_of(batch))
        for number, row in enumerate(batch):
            candidates = answers[f"q{number}"]["result"]
            scores = [one["score"] for one in candidates]
            assert scores == sorted(scores, reverse=True)
            assert all(0 < score <= 1 for score in scores)
            assert len(candidates) <= 5
            matched = [one for one in candidates if one["match"]]
            if matched:
                chosen[row[0]] = matched[0]["id"]
    assert chosen == {
        "Quill Feathersby": QUILL,
        "Feathersby Maritime Trading Co.": FIRM,
        "Blue Quill": SHIP,
        "Zavodnikov, Oleg": "eu_fsf:10",
        "Brigade of Invented Stars": "eu_fsf:11",
        "Denied Quill Holdings": "us_bis_denied:7",
    }


def test_low_scores_are_shown_for_a_person_to_choose(refine: OpenRefine) -> None:
    """The cut-off is 0 here: what is no match is still a candidate."""
    answers = refine.reconcile({"q0": {"query": "Quill Fethersbee", "type": "Person"}})
    candidates = answers["q0"]["result"]
    assert candidates
    assert candidates[0]["id"] == QUILL
    assert candidates[0]["type"][0] == {
        "id": "Person",
        "name": "People",
        "description": "A natural person, as opposed to a corporation of some type.",
    }


def test_properties_change_the_score(refine: OpenRefine) -> None:
    """A column mapped to a property plays its part, by whichever name it is called."""

    def score(*properties: dict[str, Any]) -> float:
        asked = {"query": "Quill Feathersby", "type": "Person", "properties": list(properties)}
        found: float = refine.reconcile({"q0": asked})["q0"]["result"][0]["score"]
        return found

    bare = score()
    assert score({"pid": "Person:birthDate", "v": "1955-03-02"}) > bare
    assert score({"pid": "birthDate", "v": ["1955-03-02"]}) > bare
    assert score({"pid": "Person:birthDate", "v": 1931}) < bare
    assert score({"pid": "Person:nationality", "v": {"id": "kp", "name": "North Korea"}}) > bare


def test_a_property_nobody_has_is_told(refine: OpenRefine) -> None:
    """The user must not believe that it was used."""
    asked = {"query": "Quill", "type": "Person", "properties": [{"pid": "birth", "v": "1955"}]}
    answer = refine.reconcile({"q0": asked})["q0"]
    assert "birth" in answer["warnings"][0]


def test_suggestions_while_typing(refine: OpenRefine) -> None:
    """Entities by the beginnings of their words, properties and types by theirs."""
    assert QUILL in [one["id"] for one in refine.suggest("entity", "quill feath")]
    assert QUILL in [one["id"] for one in refine.suggest("entity", "Feathersby")]
    assert refine.suggest("entity", "") == []
    assert refine.suggest("entity", "zzz") == []
    entity = refine.suggest("entity", "blue qu")[0]
    assert entity["name"] == "Blue Quill"
    assert entity["type"][0]["id"] == "Vessel"
    assert "Person:birthDate" in [one["id"] for one in refine.suggest("property", "birth")]
    assert [one["id"] for one in refine.suggest("type", "Vess")] == ["Vessel"]


def test_new_columns_from_chosen_entities(refine: OpenRefine) -> None:
    """What is proposed can be asked for, readable or raw, and a row without entity stays empty."""
    proposed = refine.proposed("Person", 50)
    names = [one["id"] for one in proposed["properties"]]
    assert {"name", "nationality", "birthDate"} <= set(names)
    wanted = [
        {"id": "name"},
        {"id": "nationality", "settings": {"limit": 0, "render": "caption"}},
        {"id": "birthDate", "settings": {"limit": 1, "render": "raw"}},
    ]
    answer = refine.extend([QUILL, FIRM, "gone"], wanted)
    assert [one["id"] for one in answer["meta"]] == ["name", "nationality", "birthDate"]
    assert answer["rows"][QUILL]["nationality"] == [{"str": "North Korea"}]
    assert answer["rows"][QUILL]["birthDate"] == [{"str": "1955-03-02"}]
    assert answer["rows"][FIRM]["name"] == [{"str": "Feathersby Maritime Trading Company"}]
    assert answer["rows"]["gone"] == {}


def test_the_preview_of_a_candidate(refine: OpenRefine) -> None:
    """A small page in a frame: it names the entity, and loads nothing from elsewhere."""
    template = refine.manifest["preview"]["url"]
    page = refine.http.get(template.replace("{{id}}", quote(QUILL, safe="")))
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "Quill Feathersby" in page.text
    assert "North Korea" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    gone = refine.http.get(template.replace("{{id}}", "gone"))
    assert gone.status_code == 404
    assert (
        refine.http.get(
            refine.manifest["view"]["url"].replace("{{id}}", quote(QUILL, safe=""))
        ).status_code
        == 200
    )


def test_an_api_key_in_the_address_survives(address: str) -> None:
    """A user who pastes an address with a key need not add it to every other one."""
    service = f"{address}/reconcile/default?api_key=se%20cret"
    with httpx.Client() as http:
        told = http.get(service).json()
        place = told["suggest"]["entity"]
        url = place["service_url"] + place["service_path"]
        assert url.endswith("/suggest/entity?api_key=se%20cret")
        assert "api_key=se%20cret" in told["preview"]["url"]
        assert http.get(httpx.URL(url).copy_merge_params({"prefix": "quill"})).json()["result"]


def test_behind_a_proxy_places_are_those_of_the_outside(address: str) -> None:
    """A client must never be sent to an address that only the proxy can reach."""
    headers = {"Host": "lists.example", "X-Forwarded-Proto": "https"}
    told = httpx.get(f"{address}/reconcile/default", headers=headers).json()
    assert told["suggest"]["type"]["service_url"] == "https://lists.example/reconcile/default"
    assert told["preview"]["url"].startswith("https://lists.example/")


def test_queries_in_the_address(address: str) -> None:
    """Older clients send a batch, or an extension, in the query string."""
    queries = json.dumps({"q0": {"query": "Quill Feathersby"}})
    given = httpx.get(f"{address}/reconcile/default", params={"queries": queries})
    assert given.json()["q0"]["result"][0]["id"] == QUILL
    extend = json.dumps({"ids": [QUILL], "properties": [{"id": "name"}]})
    given = httpx.get(f"{address}/reconcile/default", params={"extend": extend})
    assert given.json()["rows"][QUILL]["name"][0] == {"str": "Quill Feathersby"}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"queries": ""},
        {"queries": "mutti"},
        {"queries": "[]"},
        {"queries": '{"q0": {"query": "x", "type": "Nobody"}}'},
        {"queries": '{"q0": {"query": "x", "type": "Ownership"}}'},
        {"queries": '{"q0": {"query": "x", "limit": "many"}}'},
        {"queries": json.dumps({f"q{number}": {"query": "x"} for number in range(101)})},
        {"extend": "{}"},
        {"extend": "nothing"},
        {"extend": json.dumps({"ids": ["x"] * 101, "properties": []})},
    ],
)
def test_what_cannot_be_read_is_a_400(address: str, form: dict[str, str]) -> None:
    """With a sentence in `detail`, as the peer has it."""
    given = httpx.post(f"{address}/reconcile/default", data=form)
    assert given.status_code == 400, given.text
    assert given.json()["detail"]


def test_an_unknown_scope_is_a_404(address: str) -> None:
    """For the manifest, for queries and for suggestions."""
    nowhere = f"{address}/reconcile/nowhere"
    assert httpx.get(nowhere).status_code == 404
    assert httpx.post(nowhere, data={"queries": "{}"}).status_code == 404
    for what in ("entity", "property", "type"):
        assert httpx.get(f"{nowhere}/suggest/{what}", params={"prefix": "a"}).status_code == 404
