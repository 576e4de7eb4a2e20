"""A manifest as yente has it: each dataset and collection is a scope, and is renewed safely."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from manifests import ALPHA, MERGED, OLD_ID, ftm, write_lines, write_manifest
from pytest_httpserver import HTTPServer
from running import TOKEN, settings_for, wait_ready

from tumen.errors import SourceError
from tumen.service.app import create_app
from tumen.service.sources.held import Held
from tumen.service.sources.manifest import plan_of_manifest, signed
from tumen.service.sources.specs import Spec, read_specs

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the service over the invented manifest."""
    home = tmp_path_factory.mktemp("manifest")
    settings = replace(settings_for(home), manifest=str(write_manifest(home)))
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
        yield client


def matched(client: TestClient, scope: str, name: str, **terms: Any) -> list[str]:
    """The ids that a name gives in a scope."""
    query = {"schema": "Person", "properties": {"name": [name]}}
    response = client.post(f"/match/{scope}", json={"queries": {"q": query}}, params=terms)
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()["responses"]["q"]["results"]]


# --- scopes ---


def test_each_dataset_and_collection_is_a_scope(served: TestClient) -> None:
    """What is in one dataset is found in it and in what holds it, and nowhere else."""
    assert matched(served, "alpha", "Quill Feathersby") == [MERGED]
    assert matched(served, "all", "Quill Feathersby") == [MERGED]
    assert matched(served, "beta", "Oleg Zavodnikov") == [signed("b1", "beta")]
    assert matched(served, "alpha", "Oleg Zavodnikov") == []


def test_include_and_exclude_work_within_the_scope(served: TestClient) -> None:
    """`include_dataset` meets the scope's names, `exclude_dataset` is taken from them."""
    assert matched(served, "all", "Quill Feathersby", include_dataset="beta") == []
    assert matched(served, "all", "Quill Feathersby", exclude_dataset="alpha") == []
    assert matched(served, "all", "Quill Feathersby", include_dataset="alpha") == [MERGED]
    assert matched(served, "alpha", "Quill Feathersby", include_dataset="beta") == []


def test_an_unknown_scope_is_not_there(served: TestClient) -> None:
    """404 with the peer's words."""
    response = served.get("/search/elsewhere")
    assert (response.status_code, response.json()) == (404, {"detail": "No such dataset."})


def test_origins_outside_the_dataset_are_not_named(served: TestClient) -> None:
    """An entity names those of its datasets that its source holds."""
    entity = served.get(f"/entities/{MERGED}?nested=false").json()
    assert entity["datasets"] == ["alpha"]
    assert entity["referents"] == [OLD_ID, "beta-1"]
    assert entity["target"] is True


def test_instants_are_to_the_second_without_a_zone(served: TestClient) -> None:
    """As the peer writes them."""
    entity = served.get(f"/entities/{MERGED}?nested=false").json()
    assert entity["first_seen"] == "2023-04-20T08:50:39"
    assert entity["last_change"] == "2023-11-02T10:00:00"


def test_a_namespace_signs_ids_and_what_points_to_them(served: TestClient) -> None:
    """Ids of a namespaced dataset, and the values that name them, carry its HMAC."""
    digest = hmac.new(b"beta", b"b1", hashlib.sha1).hexdigest()
    assert signed("b1", "beta") == f"b1.{digest}"
    nested = served.get(f"/entities/b1.{digest}").json()
    payment = nested["properties"]["paymentPayer"][0]
    assert payment["id"] == signed("b2", "beta")
    assert payment["properties"]["beneficiary"][0]["caption"] == "Party of Invented Stars"


def test_a_merged_id_leads_to_the_entity(served: TestClient) -> None:
    """308 with the place of the entity that it was merged into."""
    response = served.get(f"/entities/{OLD_ID}", follow_redirects=False)
    assert response.status_code == 308
    assert response.headers["location"] == f"/entities/{MERGED}"
    assert served.get(f"/entities/{OLD_ID}/adjacent", follow_redirects=False).status_code == 308


def test_any_id_of_a_cluster_excludes_it(served: TestClient) -> None:
    """Referents count in `exclude_entity_ids`."""
    assert matched(served, "all", "Quill Feathersby", exclude_entity_ids=OLD_ID) == []
    assert matched(served, "all", "Quill Feathersby", exclude_entity_ids=MERGED) == []
    assert matched(served, "all", "Quill Feathersby", exclude_entity_ids="x") == [MERGED]


def test_changed_since_is_strict(served: TestClient) -> None:
    """An entity that changed at the very instant is not shown."""
    assert matched(served, "all", "Quill Feathersby", changed_since="2023-11-02T10:00:00") == []
    assert matched(served, "all", "Quill Feathersby", changed_since="2023-11-02T09") == [MERGED]
    assert matched(served, "all", "Quill Feathersby", changed_since="2023-11-02") == [MERGED]
    assert matched(served, "all", "Quill Feathersby", changed_since="2023-11-03") == []


def test_topics_are_alternatives_and_needed(served: TestClient) -> None:
    """One of the topics must be there."""
    assert matched(served, "all", "Quill Feathersby", topics=["wanted", "role.pep"]) == [MERGED]
    assert matched(served, "all", "Quill Feathersby", topics="wanted") == []
    assert matched(served, "all", "Oleg Zavodnikov", topics="sanction") == []


# --- catalogue ---


def test_the_catalogue_names_all_and_what_is_current(served: TestClient) -> None:
    """Loaded datasets are current; a collection is none of both until it is loaded itself."""
    catalogue = served.get("/catalog").json()
    by_name = {one["name"]: one for one in catalogue["datasets"]}
    assert list(by_name) == ["alpha", "beta", "all"]
    assert catalogue["current"] == ["alpha", "beta"]
    assert (catalogue["outdated"], catalogue["index_stale"]) == ([], False)
    assert by_name["alpha"]["version"] == by_name["alpha"]["index_version"]
    assert by_name["alpha"]["index_version"] == "20240101000000-abc"
    assert by_name["alpha"]["index_current"] is True
    assert by_name["all"]["children"] == ["alpha", "beta"]
    assert (by_name["all"]["load"], by_name["all"]["index_version"]) == (False, None)
    assert by_name["beta"]["namespace"] is True
    assert by_name["alpha"]["entities_url"].startswith("file:///")


def test_what_is_private_stays_out_of_the_catalogue(tmp_path: Path) -> None:
    """Tokens and paths are not shown."""
    manifest = write_manifest(tmp_path, auth_token="secret", resource_name="x")
    plan = plan_of_manifest(str(manifest), tmp_path / "data", NOW)
    assert plan is not None
    shown = json.dumps([dict(one.facts) for one in plan.datasets])
    assert "secret" not in shown
    assert '"path"' not in shown


# --- renewal ---


def versions(client: TestClient) -> dict[str, str]:
    """The index version of each dataset."""
    return {one["name"]: one["index_version"] for one in client.get("/catalog").json()["datasets"]}


def rewrite(manifest: Path, **changes: Any) -> None:
    """Change the first dataset of a manifest."""
    document = yaml.safe_load(manifest.read_text("utf-8"))
    document["datasets"][0].update(changes)
    manifest.write_text(yaml.safe_dump(document), "utf-8")


def test_updatez_loads_what_is_new_and_waits_if_asked(tmp_path: Path) -> None:
    """With `sync` the answer comes when the new data is searched."""
    manifest = write_manifest(tmp_path)
    settings = replace(settings_for(tmp_path), manifest=str(manifest))
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
        write_lines(
            tmp_path / "alpha.ftm.json", [*ALPHA, ftm("new-1", "Person", name="Wren Newly")]
        )
        assert matched(client, "alpha", "Wren Newly") == []
        done = client.post(f"/updatez?token={TOKEN}&sync=true")
        assert (done.status_code, done.json()) == (200, {"status": "ok"})
        assert matched(client, "alpha", "Wren Newly") == ["new-1"]


def test_a_failing_source_keeps_the_last_good(tmp_path: Path) -> None:
    """A damaged file never replaces a good one; the catalogue says that it is outdated."""
    manifest = write_manifest(tmp_path)
    settings = replace(settings_for(tmp_path), manifest=str(manifest))
    with TestClient(create_app(settings)) as client:
        wait_ready(client)
        (tmp_path / "alpha.ftm.json").write_text('{"id": "x", "sch')
        rewrite(manifest, version="20250101000000-new")
        assert client.post(f"/updatez?token={TOKEN}&sync=true").status_code == 200
        assert matched(client, "alpha", "Quill Feathersby") == [MERGED]
        catalogue = client.get("/catalog").json()
        assert catalogue["outdated"] == ["alpha"]
        assert catalogue["index_stale"] is True
        alpha = catalogue["datasets"][0]
        assert alpha["version"] == "20250101000000-new"
        assert alpha["index_version"] == "20240101000000-abc"
        assert alpha["index_current"] is False
        assert "Damaged JSON" in alpha["state_message"]


def spec_of(server: HTTPServer, **changes: Any) -> Spec:
    """A dataset whose files a local server sends."""
    usual = {
        "name": "alpha",
        "title": "Alpha",
        "version": "20240101000000-abc",
        "entities_url": server.url_for("/full"),
        "delta_url": server.url_for("/index.json"),
    }
    return Spec(**{**usual, **changes})


def lines(*entities: dict[str, Any]) -> str:
    """Entities one a line."""
    return "\n".join(map(json.dumps, entities))


def ids(held: Held) -> list[str]:
    """What is held of the dataset."""
    return [one["id"] for one in held.lines("alpha")]


def test_deltas_lead_from_the_loaded_version_to_the_newest(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    """Additions, changes and deletions are applied in order; the full file is not read again."""
    one, two, three = (ftm(name, "Person", name=name) for name in ("one", "two", "three"))
    httpserver.expect_oneshot_request("/full").respond_with_data(lines(one, two))
    held = Held(tmp_path)
    held.renew(spec_of(httpserver), "2026-01-01T00:00:00", is_forced=False)
    changed = ftm("one", "Person", name="Changed")
    index = {
        "versions": {
            "20240101000000-abc": httpserver.url_for("/d0"),
            "20240102000000-abc": httpserver.url_for("/d1"),
            "20240103000000-abc": httpserver.url_for("/d2"),
            "20240104000000-abc": httpserver.url_for("/d3"),
        }
    }
    httpserver.expect_request("/index.json").respond_with_json(index)
    httpserver.expect_request("/d1").respond_with_data(
        lines({"op": "ADD", "entity": three}, {"op": "DEL", "entity": {"id": "two"}})
    )
    httpserver.expect_request("/d2").respond_with_data(lines({"op": "MOD", "entity": changed}))
    newer = spec_of(httpserver, version="20240103000000-abc")
    held.renew(newer, "2026-01-02T00:00:00", is_forced=False)
    assert held.version("alpha") == "20240103000000-abc"
    assert sorted(ids(held)) == ["one", "three"]
    assert [e["properties"]["name"] for e in held.lines("alpha") if e["id"] == "one"] == [
        ["Changed"]
    ]
    httpserver.check_assertions()


def test_a_version_before_the_window_of_deltas_is_loaded_whole(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    """Deltas that do not reach back to what is loaded are of no use."""
    first, second = ftm("one", "Person", name="x"), ftm("two", "Person", name="y")
    httpserver.expect_oneshot_request("/full").respond_with_data(lines(first))
    held = Held(tmp_path)
    held.renew(spec_of(httpserver), "2026-01-01T00:00:00", is_forced=False)
    index = {"versions": {"20250101000000-abc": httpserver.url_for("/d1")}}
    httpserver.expect_request("/index.json").respond_with_json(index)
    httpserver.expect_oneshot_request("/full").respond_with_data(lines(second))
    held.renew(
        spec_of(httpserver, version="20250101000000-abc"), "2026-01-02T00:00:00", is_forced=False
    )
    assert ids(held) == ["two"]


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (500, "", "answered 500"),
        (200, "<!DOCTYPE html><html>", "web page"),
        (200, '{"id": "one", ', "Damaged JSON"),
        (200, '["one"]', "no entity"),
    ],
)
def test_what_a_server_sends_instead_replaces_nothing(
    tmp_path: Path, httpserver: HTTPServer, status: int, body: str, problem: str
) -> None:
    """Each fault has a message, and what was loaded stays."""
    httpserver.expect_oneshot_request("/full").respond_with_data(lines(ftm("one", "Person")))
    held = Held(tmp_path)
    spec = spec_of(httpserver, delta_url="")
    held.renew(spec, "2026-01-01T00:00:00", is_forced=False)
    httpserver.expect_request("/full").respond_with_data(body, status=status)
    with pytest.raises(SourceError, match=problem):
        held.renew(spec, "2026-01-02T00:00:00", is_forced=True)
    assert ids(held) == ["one"]
    assert held.loaded_at("alpha") == "2026-01-01T00:00:00"
    assert not list(tmp_path.glob("*.fresh"))


def test_a_stated_checksum_must_be_met(tmp_path: Path, httpserver: HTTPServer) -> None:
    """A file that came otherwise than its catalogue says is refused."""
    httpserver.expect_request("/full").respond_with_data(lines(ftm("one", "Person")))
    with pytest.raises(SourceError, match="SHA-1"):
        Held(tmp_path).renew(
            spec_of(httpserver, checksum="0" * 40), "2026-01-01T00:00:00", is_forced=False
        )


def test_a_token_goes_out_as_the_peer_sends_it(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`auth_token` of a catalogue takes its value from the environment."""
    monkeypatch.setenv("LISTS_TOKEN", "s3cret")
    catalogue = {
        "datasets": [
            {
                "name": "alpha",
                "version": "1",
                "resources": [
                    {"name": "entities.ftm.json", "url": httpserver.url_for("/full")},
                    {"name": "other.csv", "url": httpserver.url_for("/other")},
                ],
            },
            {"name": "unwanted", "version": "1"},
        ]
    }
    wanted = {"Authorization": "Token s3cret"}
    httpserver.expect_request("/catalog.json", headers=wanted).respond_with_json(catalogue)
    httpserver.expect_request("/full", headers=wanted).respond_with_data(
        lines(ftm("one", "Person", name="One Only"))
    )
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(
        yaml.safe_dump(
            {
                "catalogs": [
                    {
                        "url": httpserver.url_for("/catalog.json"),
                        "auth_token": "$LISTS_TOKEN",
                        "scope": "alpha",
                        "resource_name": "entities.ftm.json",
                        "namespace": False,
                    }
                ]
            }
        )
    )
    plan = plan_of_manifest(str(manifest), tmp_path / "data", NOW)
    assert plan is not None
    assert [(one.name, one.is_loaded) for one in plan.datasets] == [
        ("alpha", True),
        ("unwanted", False),
    ]
    assert [wire["id"] for wire in plan.records] == ["one"]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"datasets": [{"title": "x"}]}, "no name"),
        ({"datasets": [{"name": "Bad Name"}]}, "no name"),
        ({"datasets": [{"name": "a"}, {"name": "a"}]}, "Duplicate"),
        ({"datasets": "a"}, "no manifest"),
        (["a"], "no manifest"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    tmp_path: Path, document: Any, problem: str
) -> None:
    """With the place and what is wrong."""
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(document))
    with pytest.raises(SourceError, match=problem):
        read_specs(str(path))


def test_a_local_file_has_its_time_as_version(tmp_path: Path) -> None:
    """So that a file that was written again is loaded again."""
    specs = {one.name: one for one in read_specs(str(write_manifest(tmp_path)))}
    assert len(specs["beta"].version) == 14
    assert specs["all"].version == ""


def test_an_entity_given_twice_counts_as_it_was_given_last(tmp_path: Path) -> None:
    """As an index keyed by id has it."""
    path = write_lines(
        tmp_path / "e.json", [ftm("a", "Person", name="Old"), ftm("a", "Person", name="New")]
    )
    held = Held(tmp_path / "held")
    held.renew(Spec("alpha", "A", entities_url=str(path)), "2026-01-01T00:00:00", is_forced=False)
    assert [one["properties"]["name"] for one in held.lines("alpha")] == [["New"]]
